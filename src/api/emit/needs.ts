import { type ConditionalDraw, drawnBy } from '../../middle/conditional-draw.ts'
import type { PriorDraw } from '../../middle/parts.ts'
import type { AncestralProgram, RetrievalProgram } from '../../middle/program.ts'
import type { PriorParts } from '../../run/prior.ts'
import type { RetrievalParts } from '../../run/retrieval.ts'
import type { SamplingParts } from '../../run/sampling.ts'
import type { ModuleParts, Reading } from './options.ts'

/** What of the runtime a module needs besides what all need: files that are optional, and rows of tables. */
export interface Needs {
  readonly files: readonly string[]
  readonly rows: { readonly draws: readonly string[]; readonly distributions: readonly string[]; readonly helpers: readonly string[] }
}

/** What a module holds: one reading, and draws from the prior where it was asked for. */
export interface ModuleContents {
  readonly reading: Reading
  readonly parts: ModuleParts
  readonly prior: PriorParts | undefined
  /** The functions that its kernels call. */
  readonly helpers: readonly string[]
}

/** When a module needs each of the files that are optional. */
const files: Readonly<Record<string, (contents: ModuleContents) => boolean>> = {
  'run/ancestral': (c) => c.prior !== undefined || 'graph' in (sampled(c)?.program.ancestral ?? {}),
  'run/derived': (c) => c.prior !== undefined || isMore(sampled(c)),
  'run/inner': ({ parts }) => parts.inner !== undefined,
  'run/reported': (c) => hasAny(retrieved(c)?.reports),
  'run/walls': (c) => retrieved(c)?.program.states.some((s) => s.move.kind === 'box') === true,
  'bind/checks/look': ({ parts, prior }) => parts.checks.length > 0 || (prior?.checks.length ?? 0) > 0,
  'run/temperature': ({ parts }) => parts.temperature !== undefined,
  'run/tempered': (c) => sampled(c)?.sampler === 'tempering',
  'inference/diagnostics/swaps': (c) => sampled(c)?.sampler === 'tempering',
  'families/numbers/truncated': (contents) => drawsOf(contents).some((d) => d.truncated),
  'inference/samplers/adaptive-langevin': (c) => hasAny(sampled(c)?.program.states),
  'inference/samplers/adaptive-nuts': (c) => hasAny(sampled(c)?.program.states),
  'inference/density/discrete-field': (c) => hasAny(sampled(c)?.program.discrete),
  'inference/samplers/gibbs-sampler': (c) => hasAny(sampled(c)?.program.discrete),
  'inference/draws/joint': (c) => hasAny(sampled(c)?.program.joint),
  'run/cues-of-gone': ({ parts: { program } }) => hasAny(program.responsibilities) || hasAny(program.eliminated),
  'run/eliminated': ({ parts }) => !('steps' in parts) && hasAny(parts.program.eliminated),
  'inference/draws/conditional-form': (c) => formsOf(c).length > 0,
  'memory/joint-mode': (c) => hasAny(retrieved(c)?.program.modes),
  'memory/blocks/minimiser': (c) => blocksIn(c) > 0,
  'memory/flows/exact': (c) => blocksIn(c) > 0,
  'memory/flows/kink-holding': hasKinks,
  'memory/flows/proximal': hasKinks,
  'memory/kink-layout': hasKinks,
  'memory/kinked': hasKinks,
  'inference/samplers/schedule': (c) => isScheduled(sampled(c)),
  'run/exact-blocks': (c) => hasAny(sampled(c)?.exact),
  'run/partition-block': (c) => hasAny(sampled(c)?.partitions),
  'run/partition-draws': (c) => hasAny(sampled(c)?.partitions),
  'inference/draws/gaussian-draw': (c) => formsOf(c).some((d) => d.kind === 'gaussian'),
  'inference/samplers/site-sampler': (c) => drawsOf(c).length > 0,
  'inference/draws/prior-draw': ({ parts }) => drawnIn(parts).some((p) => 'program' in p),
  'run/start-draw': ({ parts, prior }) => [...drawnIn(parts), ...(prior?.priors ?? [])].some((p) => !('reason' in p)),
}

const hasAny = (list: readonly unknown[] = []): boolean => list.length > 0

function hasKinks(contents: ModuleContents): boolean {
  return isKinked(retrieved(contents)?.program) || isKinked(contents.parts.inner?.program)
}

const isKinked = (program: RetrievalProgram | undefined): boolean => program?.states.some((s) => s.proximal?.kinked) === true

function blocksIn({ reading, parts }: ModuleContents): number {
  const own = reading === 'retrieve' && 'blocks' in parts.program ? parts.program.blocks.length : 0
  return own + (parts.inner?.program.blocks.length ?? 0)
}

/** Whether several blocks may take turns. */
function isScheduled(parts: SamplingParts | undefined): boolean {
  if (parts === undefined) return false
  const { states, discrete } = parts.program
  const exact = parts.exact.flatMap(drawnBy)
  return states.length > 0 && (discrete.length > 0 || (exact.length > 0 && exact.length < states.length))
}

/** What moves, where the module retrieves. */
function retrieved({ reading, parts }: ModuleContents): RetrievalParts | undefined {
  return reading === 'retrieve' && 'inverses' in parts && 'reports' in parts ? (parts as RetrievalParts) : undefined
}

/** What draws, where the module samples. */
function sampled({ reading, parts }: ModuleContents): SamplingParts | undefined {
  return reading === 'sample' && 'steps' in parts ? parts : undefined
}

/** The conditional forms that a module draws from. */
function formsOf(contents: ModuleContents): readonly ConditionalDraw[] {
  const parts = sampled(contents)
  return parts === undefined ? [] : [...parts.exact, ...parts.program.joint.flatMap((d) => (d.by === 'form' ? [d.draw] : []))]
}

/** The files that are optional: those of scripts/runtime-texts.mjs. */
export const optionalFiles: readonly string[] = Object.keys(files)

export function needsOf(contents: ModuleContents): Needs {
  const draws = drawsOf(contents)
  const unique = (names: readonly string[]): readonly string[] => [...new Set(names)].sort()
  return {
    files: Object.entries(files).flatMap(([name, isNeeded]) => (isNeeded(contents) ? [name] : [])),
    rows: {
      draws: unique(draws.map((d) => d.family)),
      distributions: unique(draws.flatMap((d) => (d.truncated ? [d.family] : []))),
      helpers: unique(contents.helpers),
    },
  }
}

/** What is drawn where it is not given, and what starts from draws. */
export function drawnIn(parts: ModuleParts): readonly PriorDraw[] {
  return [...parts.priors, ...('startDraws' in parts ? parts.startDraws : [])]
}

function isMore(parts: SamplingParts | undefined): boolean {
  if (parts === undefined) return false
  const { reports, last, predictive } = parts
  return reports.length > 0 || last !== undefined || predictive !== undefined
}

/** Everything that a module may draw from a family. */
function drawsOf(contents: ModuleContents): AncestralProgram['draws'] {
  const { parts, prior } = contents
  const drawing = sampled(contents)
  const programs = [...drawnIn(parts), ...(prior?.priors ?? [])].flatMap((p) => ('program' in p ? [p.program] : []))
  if (drawing !== undefined) {
    const { ancestral, tempered } = drawing.program
    programs.push(...formsOf(contents).flatMap((d) => (d.kind === 'family' ? [d.program] : [])))
    programs.push(...[ancestral, tempered, drawing.last, drawing.predictive].flatMap((p) => (p !== undefined && 'graph' in p ? [p] : [])))
  }
  return [...programs, ...(prior === undefined ? [] : [prior.program])].flatMap((p) => p.draws)
}
