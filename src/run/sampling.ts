import type { ChainOptions, ChainResult, ChainState } from '../inference/chains/chain.ts'
import type { ChainOutcome } from '../inference/chains/outcome.ts'
import type { GeneratedChain } from '../inference/draws/generated.ts'
import type { Graph } from '../ir/graph.ts'
import type { Check } from '../middle/check.ts'
import type { ConditionalDraw } from '../middle/conditional-draw.ts'
import type { OptionsOf } from '../middle/options.ts'
import type { PartitionProgram } from '../middle/partition-program.ts'
import type { Default, Inverse, Midpoint, NearMemory, PriorDraw, ReportedLet, StatedTemperature } from '../middle/parts.ts'
import type { AncestralProgram, SamplingProgram } from '../middle/program.ts'
import type { InnerParts } from './inner-parts.ts'
import type { SamplerName } from './samplers.ts'

/** A sampling program and what is needed to give it values: plain data, so that it can be written into a module. */
export interface SamplingParts {
  readonly program: SamplingProgram
  /** What a sampler's steps need of the program's graph: energy, gradients and, beside discrete states, values. */
  readonly steps: Graph
  /** How continuous states are drawn from their conditional forms given everything else, those that have one; where it was asked for. */
  readonly exact: readonly ConditionalDraw[]
  /** How the elements of random axes are shared out; absent where the model has none. */
  readonly partitions?: readonly PartitionProgram[]
  /** The values of the continuous states, where there are such draws, or elements that are shared out. */
  readonly values?: Graph
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
  /** Of a module that was compiled for one: what draws where no option says it. */
  readonly sampler?: SamplerName
  /** What T is where no option says it; else 1. */
  readonly temperature?: StatedTemperature
  /** States that look like rows of a memory: chains start near different ones. */
  readonly near: readonly NearMemory[]
  /** Lets to report besides the states. */
  readonly reports: readonly ReportedLet[]
  /** What is minimised inside by a loop, whenever the program's graph runs. */
  readonly inner?: InnerParts
  /** How to draw the unknown elements of counts, given everything else. */
  readonly last?: AncestralProgram
  /** How to draw given variables anew, given the states. */
  readonly predictive?: AncestralProgram
}

/** The options of a sampling run, by the rows of `middle/option-rows/`. */
export interface RunSampleOptions extends OptionsOf<'sample', 'run'>, Pick<ChainOptions, 'signal' | 'onProgress'> {
  /** The chains of an earlier run under the same seed, model and values, to go on from. */
  readonly resume?: readonly SampledChain[]
}

/** One chain's draws of what was asked about, and where it can go on: plain data. */
export interface SampledChain extends GeneratedChain {
  readonly outcome: ChainOutcome
  readonly tuning: ChainResult['tuning']
  readonly state: ChainState | undefined
}
