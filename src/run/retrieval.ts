import type { Tensor } from '../base/tensor.ts'
import type { RelaxOptions } from '../memory/options.ts'
import type { Retrieval } from '../memory/retrieve.ts'
import type { Check } from '../middle/check.ts'
import type { OptionsOf } from '../middle/options.ts'
import type { Default, Inverse, Midpoint, PriorDraw, ReportedLet, StatedTemperature } from '../middle/parts.ts'
import type { RetrievalProgram } from '../middle/program.ts'
import type { DrawnParams } from './complete.ts'
import type { EliminatedValue } from './eliminated.ts'
import type { InnerParts } from './inner-parts.ts'

/** A retrieval program and what is needed to give it values: plain data, so that it can be written into a module. */
export interface RetrievalParts {
  readonly program: RetrievalProgram
  readonly defaults: readonly Default[]
  /** Where what moves starts, if nothing is said. */
  readonly starts: readonly Default[]
  readonly priors: readonly PriorDraw[]
  readonly inverses: readonly Inverse[]
  readonly midpoints: readonly Midpoint[]
  /** How states start whose `from` is a family. */
  readonly startDraws: readonly PriorDraw[]
  /** What is looked at in the values that are given. */
  readonly checks: readonly Check[]
  /** What T is where no option says it; else 1. */
  readonly temperature?: StatedTemperature
  /** Lets to report besides the states. */
  readonly reports: readonly ReportedLet[]
  /** What is minimised inside by a loop, whenever the program's graph runs. */
  readonly inner?: InnerParts
}

/** The options of a retrieval, by the rows of `middle/option-rows/`. */
export interface RunRetrieveOptions extends OptionsOf<'retrieve', 'run'>, Pick<RelaxOptions, 'noise' | 'observe'> {}

/** The retrieval of a cue: from several starts, the one that ended lowest. */
export interface Retrieved extends Retrieval {
  /**
   * The values of all states that were summed out that are likeliest together, given those of all others; absent where they are
   * not known exactly. They do not depend on the temperature. Of equal ones the first level, decided state by state.
   */
  readonly joint?: Readonly<Record<string, Tensor>>
  /** What retrieval answers of those states: `joint`, or `marginal` where that is absent. */
  readonly likeliest: Readonly<Record<string, Tensor>>
  /** What is reported of the variables that were integrated out or minimised, given the states at the end. */
  readonly eliminated: Readonly<Record<string, EliminatedValue>>
  /** What was drawn for all of the run: params with a prior that were not given. */
  readonly drawn: DrawnParams
  /** T of exp(-E/T). */
  readonly temperature: number
  /** The lets that were asked for, where the states ended. */
  readonly reported: Retrieval['states']
  /** How each of its starts ended (option `starts`), in their order. */
  readonly starts: readonly EndInShort[]
  /** How each retrieval of an annealed sequence ended; what else is told is of the last, but for steps, evaluations and time, which are of all. */
  readonly rungs: readonly (EndInShort & { readonly at: Readonly<Record<string, number>> })[]
}

/** How a retrieval ended, in short. */
export type EndInShort = Pick<Retrieval, 'energy' | 'steps' | 'outcome'>
