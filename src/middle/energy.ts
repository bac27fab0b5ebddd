import type { Diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/source.ts'
import type { FamilyName } from '../families/tables/signatures.ts'
import type { Graph } from '../ir/graph.ts'
import type { WrittenCheck } from './check.ts'
import type { ConditionalDraw } from './conditional-draw.ts'
import type { EnergyAxis } from './energy-axis.ts'
import type { MotionRuleKind, ValueType } from './model.ts'
import type { OpenedAxis, RandomAxis } from './random-axis.ts'

export type { EnergyAxis } from './energy-axis.ts'

/**
 * The one energy: a graph with one scalar output per named term (`term:NAME`), in nats, over the model's variables as
 * inputs. E is the sum of the terms and `p(state)` is proportional to `exp(-E/T)`. Passes are Energy -> Energy.
 */
export interface Energy {
  /**
   * Everything that the text says, in one graph before anything is simplified or summed out: the terms, and each other
   * expression under a name of its own (`ports`). Stages cut out what they need; no pass changes it.
   */
  readonly written: Graph
  /** All variables of the text, whatever was summed out, and their types as they are declared. */
  readonly declared: readonly EnergyVariable[]
  /** The statements of the text that add a term. */
  readonly statements: readonly WrittenStatement[]
  /** Densities that the text implies: of the weights of random axes, and of elements that no statement draws. */
  readonly implied: readonly WrittenDensity[]
  /** What writing and forgetting a pattern makes of the memories; those that are supplied where the text says none, too. */
  readonly rules: readonly WrittenRule[]
  /** What sets states in motion. */
  readonly motions: readonly WrittenMotion[]
  readonly graph: Graph
  readonly terms: readonly EnergyTerm[]
  readonly variables: readonly EnergyVariable[]
  /** Axes whose elements a process makes, as long as nothing has opened them; no reading goes on with any. */
  readonly random: readonly RandomAxis[]
  /** Those that were opened. */
  readonly opened: readonly OpenedAxis[]
  /** Sizes of axes, those the compiler made included. */
  readonly axes: readonly EnergyAxis[]
  /** Discrete states that were summed out, each with an output `responsibility:NAME` over its axes and `level`. */
  readonly marginalised: readonly Marginalised[]
  /** Continuous variables that were integrated out or minimised, with what is reported of them. */
  readonly eliminated: readonly Eliminated[]
  /**
   * Those minimised that have no formula, which an inner loop keeps where the energy is least: inputs of the graph that are not among
   * the variables. The energy has no gradient along them, so that a gradient by anything else may hold them (envelope theorem).
   */
  readonly inner: readonly EnergyVariable[]
  /** Discrete states whose probabilities move in their place, as a variable of their name; the same output, over the same axes. */
  readonly relaxed: readonly Marginalised[]
  /** Memories whose posteriors take the place of what the text says of each alone. */
  readonly posteriors: readonly StoredPosterior[]
  /** How to draw what was summed out, integrated out or minimised jointly given everything else: each given those before it. */
  readonly joint: readonly JointDraw[]
  /** States with Lagrangians: outputs `activation:NAME`, `drive:NAME` (= -dE/d activation), `tau:NAME`. */
  readonly neurons: readonly string[]
  /** What variables come from when nobody gives them, by `from`. */
  readonly starts: readonly WrittenStart[]
  /** Where the text says a temperature: the output `statedTemperature` of `written`, of what is given. */
  readonly temperature?: { readonly span: Span }
  /** Axes whose sizes go together, as rows and columns do. */
  readonly relations: readonly SizeRelation[]
  /** Params and memories that decide which elements have a value at all: they cannot move. */
  readonly choosing: readonly string[]
  /** What is looked at in the values that are given, before anything runs. */
  readonly checks: readonly WrittenCheck[]
}

/** A memory of which natural parameters are known: they make the term `posterior of NAME`. */
export interface StoredPosterior {
  readonly name: string
  /** Memories, too: the variables that hold the parameters. */
  readonly parameters: readonly string[]
  /** Which of them are what, of a Gaussian; `mixing`: the axis along which elements meet, and its second name. */
  readonly gaussian?: {
    readonly precision: string
    readonly linear: string
    readonly mixing?: { readonly axis: string; readonly other: string }
  }
}

export interface EnergyTerm {
  readonly name: string
  readonly span: Span
  readonly kind: 'energy' | 'density'
  /** Set where a pass took something out of it, so that it is no longer what its statement says. */
  readonly altered?: true
}

export type WrittenStatement = { readonly kind: 'energy'; readonly name: string; readonly span: Span } | WrittenDensity

/** `left ~ family(args)`: what it is of are outputs of `Energy.written`, `argument(name, 0)`, ..., those that are there. */
export interface WrittenDensity {
  readonly kind: 'density'
  readonly name: string
  readonly span: Span
  /** Set when the left side is just a variable. */
  readonly variable?: string
  readonly family: FamilyName
  /** The axes in brackets after the family. */
  readonly over: readonly string[]
  /** How many. */
  readonly arguments: number
  readonly truncated: boolean
  readonly censored: boolean
}

/**
 * `from ...` of a variable. `value`: the output `start(variable)`; `drawn`: from a family, as from a statement of this name that
 * adds nothing to E; `level`: any of the few values of its type.
 */
export interface WrittenStart {
  readonly variable: string
  readonly by: 'value' | 'level' | WrittenDensity
}

/** `write target[places] = value`; the value is the output `value` of `Energy.written`. */
export interface WrittenRule {
  readonly kind: 'write' | 'forget'
  readonly target: string
  /** Those of the target that the rule does not pick along: what the value varies over, in declared order. */
  readonly axes: readonly string[]
  readonly value: string
  readonly places: readonly WrittenPlace[]
  /** The text has no rule, and this is the only one that makes sense. */
  readonly supplied: boolean
  /** Why it cannot be run. */
  readonly refused: readonly Diagnostic[]
  readonly span: Span
}

/** `flow target = value with noise noise`, `step target = value`, `jump target = value where excess > 0`; all are outputs of `Energy.written`. */
export interface WrittenMotion {
  readonly kind: MotionRuleKind
  readonly target: string
  /** What the value varies over: those of the target in declared order; of a jump also those of its condition, after them. */
  readonly axes: readonly string[]
  readonly value: string
  readonly noise?: string
  readonly excess?: { readonly port: string; readonly axes: readonly string[] }
  /** Why it cannot be run. */
  readonly refused: readonly Diagnostic[]
  readonly span: Span
}

/** A new element along an axis, or the one that an output says, from 0. */
export interface WrittenPlace {
  readonly axis: string
  readonly index?: { readonly port: string; readonly axes: readonly string[] }
}

/** How many unordered pairs n elements have, each with itself included where `equal`. */
export function pairCount(n: number, equal: boolean): number {
  return (n * (equal ? n + 1 : n - 1)) / 2
}

/** An input of the energy's graph. `weight(k)` of a random axis is a state of this name. */
export interface EnergyVariable {
  readonly name: string
  readonly role: 'data' | 'memory' | 'param' | 'state' | 'input'
  readonly axes: readonly string[]
  readonly type: ValueType
  readonly span: Span
  /** An element that the model names: its number is known once the names of all are. */
  readonly label?: string
}

export interface Marginalised {
  readonly name: string
  readonly axes: readonly string[]
  /** The axis of the output over which the responsibilities sum to one. */
  readonly level: string
  /** What each level means: an element of an axis, a spin or a bit. */
  readonly type: ValueType
  /** The probabilities are a state that moves, and no sum over the levels. */
  readonly relaxed?: true
}

/** A continuous variable that is gone, and what is reported of it given all that is left: outputs `told(what, name)` of the graph. */
export interface Eliminated {
  readonly name: string
  readonly axes: readonly string[]
  readonly type: ValueType
  readonly how: 'integrate' | 'plug-in' | 'minimise'
  /** Found step by step, from where it starts. */
  readonly byLoop?: true
  readonly told: readonly Told[]
}

/**
 * What is reported of it where it was integrated out: `mean` and `variance` of its elements, and their `covariance` where they meet, over
 * its axes and a second name of those along which they do; where it was minimised or plugged in, its `value`.
 */
export interface Told {
  readonly what: 'mean' | 'variance' | 'covariance' | 'value'
  readonly axes: readonly string[]
}

export type JointDraw = LevelDraw | FormDraw | ValueDraw

/** A variable that was integrated out, drawn from its conditional form. */
export interface FormDraw extends Pick<EnergyVariable, 'name' | 'axes' | 'type'> {
  readonly by: 'form'
  readonly draw: ConditionalDraw
}

/** A variable that was minimised: the graph has the output `value`. */
export interface ValueDraw extends Pick<EnergyVariable, 'name' | 'axes' | 'type'> {
  readonly by: 'value'
  readonly graph: Graph
}

/**
 * One summed-out state's distribution given those drawn before it and everything else, by the energy's own inputs and
 * `temperature`. The graph has the output `probability` over the state's axes and `level`. Along a chain it has instead
 * `forward` over the same axes (log weight of everything up to an element ending in a level) and `step` over those of
 * these and of `before` along which it varies (log weight of a level after the level before, but for what is the same after all
 * of them), for forward filtering and backward sampling.
 *
 * Where the joint mode is looked for instead (`Situation.over` is `least`), the states drawn after it are at their best: `score`
 * stands in the place of `probability`, and `forward` has the weight of the best way up to an element (Viterbi 1967).
 */
export interface LevelDraw extends Marginalised {
  readonly by: 'levels'
  readonly graph: Graph
  readonly chain?: { readonly axis: string; readonly before: string }
}

/** Two axes whose sizes go together, though neither is declared by the other: `axis` has `by` elements fewer than `than`. */
export interface SizeRelation {
  readonly axis: string
  readonly than: string
  readonly by: number
  /** Why, for people. */
  readonly why: string
  readonly span?: Span
}
