import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import type { Bound } from '../bind/bound.ts'
import type { Draws } from '../inference/draws/draws.ts'
import type { Responsibility } from '../inference/draws/generated.ts'
import { drawPrior } from '../inference/draws/prior-draw.ts'
import type { Ascent } from '../inference/fit/ascent.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Target } from '../middle/executable.ts'
import { type FitProgram, namesIn } from '../middle/fit-program.ts'
import { defaults } from '../middle/options.ts'
import type { DrawnParams } from './complete.ts'
import { climb, type FitStart, restore } from './fit-climb.ts'
import { elementsOf, type FittedElements } from './fit-elements.ts'
import { type FittedRow, told } from './fit-results.ts'
import { type FitParts, openFit, type RunFitOptions } from './fit-scene.ts'
import { beginRun } from './run.ts'

export type { FittedElements } from './fit-elements.ts'
export type { FitParts, RunFitOptions } from './fit-scene.ts'

export interface Fitted extends Ascent {
  /** The last of the trace: a lower bound of log Z at this temperature, in nats. NaN where there is none. */
  readonly elbo: number
  /** By which q was found. */
  readonly blocks: readonly FittedBlock[]
  /** What was summed or integrated out before. */
  readonly gone: readonly string[]
  /** A row for each number of each variable: mean and sd of continuous ones as q has them, quantiles from the draws. */
  readonly summary: readonly FittedRow[]
  /** The probabilities of the levels of each discrete variable. */
  readonly responsibilities: readonly (Responsibility & { readonly level: string })[]
  /** Of each random axis, who takes its elements. */
  readonly elements: readonly FittedElements[]
  /** Independent draws of q. */
  readonly draws: Draws
  /** The Pareto shape of the ratios of exp(-E/T) to q, what is discrete summed out where it factorises. */
  readonly khat: number
  /** Which of the starts it is, from 0, and the ELBO that each came to. */
  readonly start: number
  readonly starts: readonly number[]
  readonly drawn: DrawnParams
  readonly temperature: number
}

export interface FittedBlock {
  readonly names: readonly string[]
  /** The family of q, in words. */
  readonly density: string
}

export function runFit(parts: FitParts, target: Target, given: Bound, options: RunFitOptions): Checked<Fitted> {
  const { fit } = parts
  const bound = { ...given, sizes: madeSizes(fit.axes, given.sizes) }
  const troubles = observedInPart(bound, fit)
  if (hasErrors(troubles)) return unmade(troubles)
  const { value: run, diagnostics } = beginRun(parts, fit.fixed, { target, bound, draw: drawPrior }, options)
  if (run === undefined) return unmade(diagnostics)
  const scene = openFit(run)
  const { starts = defaults.starts } = options
  let best: FitStart | undefined
  const all: number[] = []
  for (let i = 0; i < starts; i += 1) {
    const start = climb(scene, i, options)
    all.push(start.elbo)
    if (best === undefined || start.elbo > best.elbo || Number.isNaN(best.elbo)) best = start
  }
  const found = must(best, 'start')
  if (starts > 1) restore(scene, found)
  const results = told(scene, options)
  const elements = elementsOf(scene, results.draws)
  return checked({ ...found.ascent, ...results, elements, elbo: found.elbo, start: found.number, starts: all }, diagnostics)
}

function observedInPart({ observed, count }: Bound, { blocks }: FitProgram): readonly Diagnostic[] {
  const moving = new Set(blocks.flatMap(namesIn))
  const parts = Object.keys(observed).filter((name) => moving.has(name))
  const troubles = parts.map((name) =>
    diagnostic('AMP511', `Some elements of "${name}" are observed and some are not.`, {
      expected: `all of "${name}" or nothing, since a block of q is of whole variables`,
    }),
  )
  if (count > 1)
    troubles.push(diagnostic('AMP508', `There are ${count} observations, and a fit is of one.`, { expected: 'one observation' }))
  return troubles
}
