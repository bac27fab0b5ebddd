import { type Checked, checked, type Diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import type { Bound } from '../bind/bound.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Target } from '../middle/executable.ts'
import { type Rung, rungsOf } from './anneal.ts'
import { optionTroubles } from './option-troubles.ts'
import type { RetrievalParts, RunRetrieveOptions } from './retrieval.ts'
import { type RetrievalStart, retrievalStarts } from './retrieval-starts.ts'
import { beginRun, type Run } from './run.ts'
import type { DrawPrior } from './start-draw.ts'
import { unusedCues } from './unused-cues.ts'

/** What retrieval runs on. */
export interface Prepared {
  /** The retrievals that follow each other for each start; the first is what starts are made for. */
  readonly rungs: readonly Rung<RetrievalParts>[]
  readonly run: Run<RetrievalParts>
  /** States observed whole whose values differ from cue to cue. */
  readonly perCue: readonly string[]
  /** As many for each cue. */
  readonly starts: readonly RetrievalStart[]
}

/** Values for everything that retrieval needs; `target` works out defaults and coordinates. */
export function prepared(
  parts: RetrievalParts,
  target: Target,
  given: Bound,
  options: RunRetrieveOptions,
  draw: DrawPrior | undefined,
): Checked<Prepared> {
  const { program } = parts
  const wrong = optionTroubles('retrieve', options, ['run'])
  if (hasErrors(wrong)) return unmade(wrong)
  const bound = { ...given, sizes: madeSizes(program.axes, given.sizes) }
  const { value: rungs, diagnostics: found } = rungsOf(options.anneal, program.fixed, (values, temperature) => {
    const setting = { target, bound: { ...bound, values: { ...bound.values, ...values } }, draw }
    return beginRun(parts, program.fixed, setting, temperature === undefined ? options : { ...options, temperature })
  })
  if (rungs === undefined) return unmade(found)
  const { run } = must(rungs[0], 'rung')
  const diagnostics: Diagnostic[] = [...found, ...unusedCues(bound, program)]
  const perCue = program.fixed.filter((v) => (bound.observed[v.name]?.count ?? 1) > 1).map((v) => v.name)
  const starts = retrievalStarts(run, perCue, options, diagnostics)
  return hasErrors(diagnostics) ? unmade(diagnostics) : checked({ rungs, run, perCue, starts }, diagnostics)
}
