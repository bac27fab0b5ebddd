import type { AncestralProgram } from '../../middle/program.ts'
import type { PriorParts } from '../../run/prior.ts'
import type { RetrievalParts } from '../../run/retrieve.ts'
import type { SamplingParts } from '../../run/sampling.ts'

/** What of the runtime a module needs besides what all need: files that are optional, and rows of tables. */
export interface Needs {
  readonly files: readonly string[]
  readonly rows: { readonly draws: readonly string[]; readonly distributions: readonly string[]; readonly helpers: readonly string[] }
}

/** What a module holds: one reading, and draws from the prior where it was asked for. */
export interface ModuleContents {
  readonly parts: RetrievalParts | SamplingParts
  readonly prior: PriorParts | undefined
  /** The functions that its kernels call. */
  readonly helpers: readonly string[]
}

/** When a module needs each of the files that are optional. */
const files: Readonly<Record<string, (contents: ModuleContents) => boolean>> = {
  'run/ancestral': ({ parts, prior }) => prior !== undefined || ('steps' in parts && 'graph' in parts.program.ancestral),
  'run/derived': ({ parts, prior }) => prior !== undefined || ('steps' in parts && isMore(parts)),
  'bind/checks/look': ({ parts, prior }) => parts.checks.length > 0 || (prior?.checks.length ?? 0) > 0,
  'families/numbers/truncated': (contents) => drawsOf(contents).some((d) => d.truncated),
  'inference/samplers/adaptive-langevin': ({ parts }) => 'steps' in parts && parts.program.states.length > 0,
  'inference/samplers/adaptive-nuts': ({ parts }) => 'steps' in parts && parts.program.states.length > 0,
  'inference/density/discrete-field': ({ parts }) => 'steps' in parts && parts.program.discrete.length > 0,
  'inference/samplers/gibbs-sampler': ({ parts }) => 'steps' in parts && parts.program.discrete.length > 0,
  'inference/draws/joint': ({ parts }) => 'steps' in parts && parts.program.joint.length > 0,
  'inference/samplers/schedule': ({ parts }) => 'steps' in parts && parts.program.states.length > 0 && parts.program.discrete.length > 0,
  'inference/draws/prior-draw': (contents) => contents.parts.priors.some((p) => 'program' in p),
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

function isMore({ reports, last, predictive }: SamplingParts): boolean {
  return reports.length > 0 || last !== undefined || predictive !== undefined
}

/** Everything that a module may draw from a family. */
function drawsOf({ parts, prior }: ModuleContents): AncestralProgram['draws'] {
  const programs = [...parts.priors, ...(prior?.priors ?? [])].flatMap((p) => ('program' in p ? [p.program] : []))
  if ('steps' in parts) {
    const { ancestral, tempered } = parts.program
    programs.push(...[ancestral, tempered, parts.last, parts.predictive].flatMap((p) => (p !== undefined && 'graph' in p ? [p] : [])))
  }
  return [...programs, ...(prior === undefined ? [] : [prior.program])].flatMap((p) => p.draws)
}
