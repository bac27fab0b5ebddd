import type { Span } from '../base/source.ts'
import type { Graph } from '../ir/graph.ts'
import type { ValueType } from './model.ts'
import type { DrawablePrior } from './program.ts'

/** `param beta = 8` or `from expression`: what a variable is when nothing else is given, or where it starts if it moves. `graph` has the one output `value`, over `axes`. */
export interface Default {
  readonly name: string
  readonly axes: readonly string[]
  readonly graph: Graph
  /** By `from`, and not as a default. */
  readonly from?: true
  /** Where the value may turn out not to be of the type of the variable: that type. */
  readonly type?: ValueType
}

/** T of exp(-E/T) as the model says it: `graph` has the one output `value`, made of what is given. The place is gone in modules. */
export interface StatedTemperature {
  readonly graph: Graph
  readonly span?: Span
}

/** From a value to its coordinates: input `value:NAME` and what its bounds are made of, output `coordinate:NAME`. */
export interface Inverse {
  readonly name: string
  readonly graph: Graph
}

/** The point between the bounds of a state that are more than numbers: inputs what they read, output `value`. */
export interface Midpoint {
  readonly name: string
  readonly graph: Graph
}

/** Any of the few values of a type, each as likely as the others. */
export interface AnyLevel {
  readonly name: string
  readonly axes: readonly string[]
  readonly type: ValueType
  readonly level: true
  readonly from: true
}

/** How to draw what is not given, from what its `from` says or from a prior, given what that reads; or why it cannot be. */
export type PriorDraw = DrawnOnce | ({ readonly name: string; readonly reason: string } & DrawOrigin)

export type DrawnOnce = (DrawablePrior & DrawOrigin) | AnyLevel

/** `from`: by that part of its declaration, else by its prior. */
interface DrawOrigin {
  readonly from?: true
}

/** A `let` that results shall report: `graph` has the output `value`, over `axes`, from the model's variables. */
export interface ReportedLet {
  readonly name: string
  readonly axes: readonly string[]
  readonly graph: Graph
}

/** A state that looks like one row of a memory: over all its axes but `axis`, with values of the same kind. */
export interface NearMemory {
  readonly state: string
  readonly memory: string
  /** How the memory is laid out. */
  readonly axes: readonly string[]
  /** How the state is. */
  readonly own: readonly string[]
  /** The axis that only the memory has: its rows. */
  readonly axis: string
}
