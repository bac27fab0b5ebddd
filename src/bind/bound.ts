import type { Sizes } from '../ir/graph.ts'
import type { Energy, EnergyVariable } from '../middle/energy.ts'
import type { Given } from './given.ts'

/** What is given from outside, by the option (and so the role) it came through. */
export interface GivenByRole {
  /** data, memories and params. */
  readonly fixed: readonly Given[]
  /** States (or parts of them: NaN is unobserved) that are known. One axis more than declared: one observation a cue. */
  readonly observed: readonly Given[]
  /** Where states start. One axis more than declared: a batch of cues. */
  readonly cues: readonly Given[]
  /** What elements of axes are called. */
  readonly labels?: readonly GivenLabels[]
  /** Inputs over time, for simulations. */
  readonly signals?: readonly GivenSignal[]
  /** Memories whose posteriors are given, as natural parameters among the fixed values or, where those are not there, as the prior. */
  readonly posteriors?: readonly string[]
}

/** An input over time: a row of `value` for each of the times, which rise. */
export interface GivenSignal extends Given {
  readonly time: Float64Array
}

/** Names of the elements of an axis, in order; without them numbers given for its elements are names. */
export interface GivenLabels {
  readonly axis: string
  readonly names?: readonly string[]
  readonly from: string
}

/** The model's variables with numbers: everything a program needs besides its seed. Plain data. */
export interface Bound {
  readonly sizes: Sizes
  /** Names of the elements of an axis, where they have some. */
  readonly labels: Readonly<Record<string, readonly string[]>>
  /** Data, memories and params, laid out in declared order; elements are numbered from 0. */
  readonly values: Readonly<Record<string, Float64Array>>
  readonly observed: Readonly<Record<string, Batch>>
  readonly cues: Readonly<Record<string, Batch>>
  /** How many cues or observations there are (1 without a batch). */
  readonly count: number
  /** Where the values of each variable came from, for messages. */
  readonly origins?: Readonly<Record<string, Origin>>
}

export type Origin = Pick<Given, 'from' | 'lines'>

/** `count` values of one variable, one after the other; NaN where not given. */
export interface Batch {
  readonly count: number
  readonly data: Float64Array
  /** It came in a file with others, of which a run need not use all. */
  readonly bundled?: boolean
}

/** What binding needs of an energy: all that is left of one in an emitted module, which has no graph. */
export type Bindable = Pick<Energy, 'variables' | 'axes'> & {
  readonly graph?: Energy['graph']
  readonly relations?: Energy['relations']
}

/** The variables that a kind of option sets, and what they are called where there is none. */
export interface Settable {
  readonly names: readonly string[]
  readonly noun: string
}

/** A value and the variable it is for. `batched`: it may have one more axis than the variable, in front. */
export interface SizedGiven {
  readonly given: Given
  readonly variable: EnergyVariable
  readonly batched: boolean
  /** The kind of option that it came by. */
  readonly by: 'fixed' | 'observed' | 'cues'
}

/** What the elements of an axis are called. */
export interface AxisNames {
  readonly names: readonly string[]
  /** Who said in which order they come: somebody, or nobody, and then it is that of the names. */
  readonly order: 'given' | 'by number' | 'by name'
  readonly from: string
}
