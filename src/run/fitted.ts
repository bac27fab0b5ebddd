import type { Draws } from '../inference/draws/draws.ts'
import type { Responsibility } from '../inference/draws/generated.ts'
import type { FitOutcome } from '../inference/fit/ascent.ts'
import type { OptionsOf } from '../middle/options.ts'
import type { DrawnParams } from './complete.ts'
import type { FittedElements } from './fit-elements.ts'
import type { FittedRow } from './fitted-row.ts'

/** How a density was fitted. */
export type FitMethod = Exclude<NonNullable<OptionsOf<'fit'>['method']>, 'auto'>

export interface Fitted {
  readonly method: FitMethod
  /** `iterations` and `sweeps`: there were no more of them. */
  readonly outcome: FitOutcome | { readonly kind: 'iterations' }
  /** The ELBO on the way: after each sweep, or over each window of steps as its draws tell. */
  readonly trace: readonly number[]
  /** A lower bound of log Z at this temperature, in nats, up to `elboError`. NaN where there is none. */
  readonly elbo: number
  /** Its Monte Carlo standard error; 0 where the ELBO is exact. */
  readonly elboError: number
  /** What log Z is about, which is no bound: by Laplace's method alone. */
  readonly logEvidence?: number
  /** What q is a product of. */
  readonly blocks: readonly FittedBlock[]
  /** What was summed or integrated out before. */
  readonly gone: readonly string[]
  /** A row for each number of each variable: exact where q has moments of its own, else as the draws tell. */
  readonly summary: readonly FittedRow[]
  /** The probabilities of the levels of each discrete variable. */
  readonly responsibilities: readonly (Responsibility & { readonly level: string })[]
  /** Of each random axis, who takes its elements. */
  readonly elements: readonly FittedElements[]
  /** Independent draws of q. */
  readonly draws: Draws
  /** The Pareto shape of the ratios of exp(-E/T) to q, what is discrete summed out where it factorises. */
  readonly khat: number
  /** The standard deviation of the logs of those ratios, in nats: where it is small, their tail is too, whatever its shape. */
  readonly spread: number
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
