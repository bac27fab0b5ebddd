import type { LearnResult } from '../index.ts'
import type { Figure } from '../plot/figure.ts'
import type { Lab } from './lab.ts'

/** What a paper (or anybody) says of a system, as data, and how it is computed here. */
export interface Experiment<Name extends string = string> {
  readonly title: string
  /** Authors, year, where. */
  readonly source: string
  /** About how long a whole run takes on one core, seconds. */
  readonly seconds: number
  /** The seed of the run unless another is asked for. */
  readonly seed: number
  readonly claims: Readonly<Record<Name, Claim>>
  run(lab: Lab): Promise<Findings<Name>>
}

/** A number that the source states or implies, and the line it has to pass. */
export interface Claim {
  /** What the number is. */
  readonly what: string
  /** The source's own value; absent where it states a bound alone. */
  readonly source?: number
  /** Where in the source it stands. */
  readonly where: string
  readonly unit?: string
  readonly bound: ClaimBound
}

/**
 * An interval, ends included; or so many Monte Carlo standard errors around the source's value. An equality of two
 * computations is a largest difference with a `most`; an ordering is a smallest rise with a `least`.
 */
export type ClaimBound = ClaimRange | { readonly standardErrors: number }

export interface ClaimRange {
  readonly least?: number
  readonly most?: number
}

/** What was found: a number, or an estimate with its Monte Carlo standard error. */
export type Measured = number | Estimate

export interface Estimate {
  readonly value: number
  readonly error: number
}

export interface Findings<Name extends string = string> {
  /** One for each claim; undefined (in a quick run alone) where a smaller run cannot say. */
  readonly measured: Readonly<Record<Name, Measured | undefined>>
  readonly figure?: Figure
  /** Params that the run learned, which `--out` writes as `--param` reads them. */
  readonly learned?: LearnResult['params']
}

/** An experiment as it is; TypeScript holds its findings to the names of its claims. */
export const experiment = <Name extends string>(all: Experiment<Name>): Experiment<Name> => all
