import type { Checked } from '../base/diagnostic.ts'
import { checked, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import type { Bound } from '../bind/bound.ts'
import type { Graph, Sizes } from '../ir/graph.ts'
import { isAtRest, type RetrievalOutcome } from '../memory/outcome.ts'
import { type WideGraph, wideGraph } from '../memory/wide.ts'
import type { Target } from '../middle/executable.ts'
import { defaults } from '../middle/options.ts'
import { type Gathered, gathering } from './gathering.ts'
import { type Prepared, prepared } from './prepared.ts'
import type { RetrievalParts, Retrieved, RunRetrieveOptions } from './retrieval.ts'
import { finished, opened, retrieveAll, type Underway } from './retrieve.ts'
import type { DrawPrior } from './start-draw.ts'

/** A backend that looks at many cues at once, in single precision. */
export interface Wide {
  readonly target: Target
  /** What computes in double precision whatever does not fit there. */
  readonly narrow: Target
  /** The finest change of a coordinate that it resolves, relative. */
  readonly tolerance: number
  /** Why a graph had better not run there, as a sentence. */
  supports(graph: Graph, sizes: Sizes, fixed: ReadonlySet<string>): string | undefined
}

export interface WideResult {
  readonly retrievals: readonly Retrieved[]
  /** What the user should know of how they were found, a sentence each. */
  readonly notes: readonly string[]
  /** Whether the wide backend was used at all. */
  readonly wide: boolean
}

/** Notes grow as the path is gone along. */
export interface WideUnderway extends Underway, Pick<WideResult, 'notes' | 'wide'> {}

/** How many cues share one run. More make matrix products no faster, and tensors larger. */
const MOST_ROWS = 256

/**
 * Retrieves all cues at once on `wide`; those that do not come to rest there (single precision may not resolve the way
 * down) are retrieved again, from their cues, by its `narrow` in double precision, but for those that went as far as they
 * were asked to. All go there where `wide` does not fit.
 */
export function runRetrieveWide(
  parts: RetrievalParts,
  wide: Wide,
  given: Bound,
  options: RunRetrieveOptions,
  draw?: DrawPrior,
): Checked<WideResult> {
  const { value, diagnostics } = beginRetrieveWide(parts, wide, given, options, draw)
  if (value === undefined) return unmade(diagnostics)
  const { notes, wide: isWide } = value
  return checked({ retrievals: finished(value), notes, wide: isWide }, diagnostics)
}

/** Begins to. */
export function beginRetrieveWide(
  parts: RetrievalParts,
  wide: Wide,
  given: Bound,
  options: RunRetrieveOptions,
  draw?: DrawPrior,
): Checked<WideUnderway> {
  const { value: ready, diagnostics } = prepared(parts, wide.narrow, given, options, draw)
  if (ready === undefined) return unmade(diagnostics)
  const gathered = gathering(ready)
  const trouble = misfit(wide, ready)
  if (trouble !== undefined) {
    return checked({ ...gathered, notes: [trouble], wide: false, path: retrieveAll(opened(ready), ready, options, gathered) }, diagnostics)
  }
  const notes: string[] = []
  return checked({ ...gathered, notes, wide: true, path: sideBySide(wide, ready, options, gathered, notes) }, diagnostics)
}

function* sideBySide(
  wide: Wide,
  ready: Prepared,
  options: RunRetrieveOptions,
  { ends, keep, pass }: Gathered,
  notes: string[],
): Generator<void, void, void> {
  const asked = options.tolerance ?? defaults.tolerance
  const tolerance = Math.max(asked, wide.tolerance)
  const machine = opened(ready, { wide: graphOf(ready), precision: 'single', narrow: wide.narrow }, wide.target)
  if (asked < tolerance) notes.push(`At rest means that a step moves nothing by more than ${tolerance.toPrecision(2)} of itself.`)
  yield* retrieveAll(machine, ready, { ...options, tolerance }, { keep, pass })
  const restless = ends.flatMap((r, i) => (r === undefined || isAtRest(r.outcome) || isAsFarAsAsked(r.outcome, options) ? [] : [i]))
  if (restless.length === 0) return
  notes.push(
    `${restless.length} of ${ends.length} ${options.starts === undefined || options.starts === 1 ? 'cues' : 'starts'} did not come to rest there and were retrieved again in float64.`,
  )
  const again = { ...ready, starts: restless.map((i) => must(ready.starts[i], 'start')) }
  yield* retrieveAll(opened(again), again, options, { pass, keep: (i, end) => keep(must(restless[i], 'start'), end) })
}

/** Fewer steps, or less time, than nobody asks for are an end in themselves: so far and no further. */
function isAsFarAsAsked({ kind }: RetrievalOutcome, { maxSteps, maxTime }: RunRetrieveOptions): boolean {
  const isShort = (maxSteps ?? defaults.maxSteps) < defaults.maxSteps || (maxTime ?? defaults.maxTime) < defaults.maxTime
  return kind === 'step limit' && isShort
}

function graphOf({ run, perCue, starts }: Prepared): WideGraph {
  return wideGraph(run.parts.program, Math.max(1, Math.min(starts.length, MOST_ROWS)), perCue)
}

function misfit(wide: Wide, ready: Prepared): string | undefined {
  const { fixed: given, sizes, parts } = ready.run
  if (parts.inner !== undefined) return 'What is minimised inside is found for one cue at a time, in float64.'
  if (parts.program.discrete.length > 0) return 'Discrete states move one site at a time, which needs no tensors.'
  const { graph, axis, rows } = graphOf(ready)
  const fixed = new Set([...given.keys()].filter((name) => !ready.perCue.includes(name)))
  return wide.supports(graph, { ...sizes, [axis]: rows }, fixed)
}
