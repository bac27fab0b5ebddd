import { must } from '../base/internal-error.ts'
import { familyPart } from '../inference/fit/family-part.ts'
import { gaussianPart } from '../inference/fit/gaussian-part.ts'
import { levelPart } from '../inference/fit/level-part.ts'
import type { FitBuffers, FitPart, SumsOverRows } from '../inference/fit/part.ts'
import type { LevelShares } from '../inference/fit/shares.ts'
import { volumeOver } from '../ir/layout.ts'
import type { FitBlock, FitProgram } from '../middle/fit-program.ts'
import { open } from '../middle/open.ts'
import type { OptionsOf } from '../middle/options.ts'
import * as ports from '../middle/ports.ts'
import type { SamplingState } from '../middle/program.ts'
import type { Presets } from './complete.ts'
import type { Run } from './run.ts'
import type { StartParts } from './start.ts'

/** A program to fit with all that gives it values. */
export interface FitParts extends Omit<Presets, 'startDraws'>, StartParts {
  readonly fit: FitProgram
  readonly program: { readonly states: readonly SamplingState[]; readonly discrete: readonly [] }
}

export type RunFitOptions = OptionsOf<'fit', 'run'>

/** All that ascent works in. */
export interface FitScene {
  readonly run: Run<FitParts>
  readonly parts: readonly FitPart[]
  /** Those of them that take elements of random axes. */
  readonly pickers: readonly LevelShares[]
  readonly buffers: FitBuffers
  elbo(): number
  /** E_q[E]/T. */
  meanEnergy(): number
  /** E/T at the values that are there. */
  energy(): number
  /** All means as they are now, to go back to. */
  save(): () => void
  readonly sums: KnownSums
  /** Whether each row has its own part of what a block is about. */
  isOfRows(part: FitPart): boolean
}

export interface KnownSums extends SumsOverRows {
  /** Says that the sums are those of the means of rows. */
  known(): void
}

/** `loose`: buffers of what is given and may be given anew, and of means that are another scene's. */
export function openFit(begun: Run<FitParts>, loose: ReadonlyMap<string, Float64Array> = new Map()): FitScene {
  const { fit, program } = begun.parts
  const { sizes } = begun
  const run = withCentres(begun)
  const values = new Map(program.states.map((s) => [s.name, new Float64Array(volumeOver(s.axes, sizes))]))
  const means = new Map([...run.fixed, ...loose])
  for (const { port, axes } of [...fit.blocks.flatMap(meansOf), ...(fit.rows?.sums ?? [])])
    if (!loose.has(port)) means.set(port, new Float64Array(volumeOver(axes, sizes)))
  const sums = openSums(run, means)
  const buffers = { means, values, sums }
  const shared = new Set(fit.shared.axes.flatMap((s) => s.pickers))
  const pickers: LevelShares[] = []
  const parts = fit.blocks.map((block) => {
    const own = { means, values, sums: isOfRows(fit, block) ? { ...sums, fresh: nothing } : { ...sums, changed: nothing } }
    if (block.kind === 'family') return familyPart(block, run, own)
    if (block.kind === 'gaussian') return gaussianPart(block, run, own)
    const part = levelPart(block, run, own)
    if (shared.has(block.name)) pickers.push(part)
    return part
  })
  const read = [...fit.blocks.flatMap(meansOf), ...(fit.rows?.sums ?? [])]
  const own = read.map(({ port }) => must(means.get(port), port))
  const expected = open(run, fit.mean, means)
  const exact = lazily(() => open(run, fit.exact, new Map([...run.fixed, ...values])))
  const scale = 1 / run.temperature
  function meanEnergy(): number {
    sums.fresh()
    expected.run()
    return (must(expected.outputs.get(ports.energy), 'energy')[0] as number) * scale
  }

  return {
    ...{ run, parts, pickers, buffers, sums },
    isOfRows: (part) => isOfRows(fit, must(fit.blocks[parts.indexOf(part)], 'block')),
    elbo: () => parts.reduce((sum, p) => sum + p.entropy(), -meanEnergy()),
    meanEnergy,
    energy() {
      const { outputs, run: work } = exact()
      work()
      return (must(outputs.get(ports.energy), 'energy')[0] as number) * scale
    },
    save() {
      sums.fresh()
      const before = own.map((b) => b.slice())
      return () => {
        for (const [i, b] of before.entries()) own[i]?.set(b)
        sums.known()
      }
    },
  }
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** What graphs read of all rows besides what is given. */
function withCentres(run: Run<FitParts>): Run<FitParts> {
  const { rows } = run.parts.fit
  if (rows === undefined || rows.centres.outputs.every((o) => run.fixed.has(o.name))) return run
  const executable = open(run, rows.centres)
  executable.run()
  return { ...run, fixed: new Map([...run.fixed, ...executable.outputs]) }
}

const nothing = (): void => undefined

/** Whether each row has its own part of a block. */
function isOfRows({ rows }: FitProgram, block: FitBlock): boolean {
  return rows !== undefined && meansOf(block).some(({ axes }) => axes.includes(rows.axis))
}

/** Sums over rows in the buffers that others read. */
function openSums(run: Run<FitParts>, means: ReadonlyMap<string, Float64Array>): KnownSums {
  const { rows } = run.parts.fit
  if (rows === undefined) return { changed: nothing, fresh: nothing, known: nothing }
  const executable = open(run, rows.graph, means)
  let isFresh = false
  return {
    changed() {
      isFresh = false
    },
    fresh() {
      if (!isFresh) executable.run()
      isFresh = true
    },
    known() {
      isFresh = true
    },
  }
}

/** The means under q of a block, by the input that each is. */
export function meansOf(block: FitBlock): readonly { readonly port: string; readonly axes: readonly string[] }[] {
  if (block.kind === 'family') return block.statistics.map(({ port }) => ({ port, axes: block.axes }))
  if (block.kind === 'levels') return [{ port: block.name, axes: block.over }]
  return [...block.draw.variables.map((v) => ({ port: v.name, axes: v.axes })), ...block.covariances]
}
