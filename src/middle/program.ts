import type { Graph } from '../ir/graph.ts'
import type { AncestralProgram } from './ancestral-program.ts'
import type { Eliminated, EnergyAxis, EnergyVariable, JointDraw, LevelDraw, Marginalised } from './energy.ts'
import type { Levels } from './kinds/rule.ts'
import type { ValueType } from './model.ts'

export type { AncestralProgram } from './ancestral-program.ts'

/**
 * What the compiler hands to the two readings: a graph with declared inputs and outputs, and a plain description of
 * which of them moves. `memory/` and `inference/` see nothing else of a model.
 *
 * Inputs common to both: every fixed variable under its own name, and `the temperature` (a scalar; T of exp(-E/T)).
 * Outputs common to both: `energy` (total, nats), `term:NAME` for every term, `responsibility:NAME` for every discrete
 * state that was summed out.
 */
interface ProgramBase {
  readonly graph: Graph
  readonly axes: readonly EnergyAxis[]
  /** Everything that is given: data, memories, params, and the states that are observed whole. */
  readonly fixed: readonly EnergyVariable[]
  readonly terms: readonly string[]
  readonly responsibilities: readonly Marginalised[]
  /** Continuous variables that were integrated out or minimised. */
  readonly eliminated: readonly Omit<Eliminated, 'told'>[]
  /** Discrete states that are neither observed nor summed out: moved one site at a time. */
  readonly discrete: readonly DiscreteState[]
}

/** A variable that is gone, and what is reported of it where it ended: outputs of `graph`, by the values of the rest under their names. */
export interface EliminatedVariable extends Omit<Eliminated, 'told'> {
  readonly told: readonly { readonly what: ToldMoment; readonly axes: readonly string[]; readonly port: string }[]
  readonly graph: Graph
}

/** Where it was integrated out: the mean of its elements, their standard deviations, and covariances where they meet; or the minimiser. */
export type ToldMoment = 'mean' | 'sd' | 'covariance' | 'value'

/** Descend E. `energy` is E itself (no Jacobian): its minima are the modes of the density on the user's scale. */
export interface RetrievalProgram extends ProgramBase {
  readonly kind: 'retrieval'
  readonly eliminated: readonly EliminatedVariable[]
  readonly states: readonly RetrievalState[]
  /**
   * How to find the joint mode of the states that were summed out: each given those before it and the values of everything
   * else. None where no two of their elements depend on each other, so that it is the marginal modes; absent where it is not
   * known exactly.
   */
  readonly modes?: readonly LevelDraw[]
  /** Groups of states over which E can be minimised in one step, all else held; each state in one at most. */
  readonly blocks: readonly RetrievalBlock[]
  /** Where E has kinks and yet no proximal step: why. The end of a sentence. */
  readonly noProximal?: string
}

/** Its graph reads whatever the program's does, and `value:NAME` of the discrete states. */
export type RetrievalBlock = QuadraticBlock | ModeBlock

/**
 * States in which E is quadratic together; or, unless `exact`, a bound of E is that touches it where they are. The graph has its
 * second derivatives there.
 */
export interface QuadraticBlock {
  readonly kind: 'quadratic'
  readonly states: readonly string[]
  readonly exact: boolean
  /** Whether they depend on anything that moves. */
  readonly varies: boolean
  readonly graph: Graph
  /** For the pairs of states that meet, each pair once. */
  readonly parts: readonly HessianPart[]
}

export interface HessianPart {
  readonly row: string
  readonly column: string
  readonly port: string
  /** In the order of the output's axes. Elements that no position couples are 0. */
  readonly positions: readonly HessianPosition[]
}

/** An axis of second derivatives: along which axis of the row's state, and of the column's, it gives the position. */
export interface HessianPosition {
  readonly axis: string
  readonly row?: string
  readonly column?: string
}

/** A state whose place of least energy, all else held, has a formula: the output of the graph, in its coordinates, NaN where there is none. */
export interface ModeBlock {
  readonly kind: 'mode'
  readonly states: readonly [string]
  readonly graph: Graph
  readonly port: string
}

/** A continuous state that retrieval moves. Names of inputs and outputs follow from `name`. */
export interface RetrievalState {
  readonly name: string
  /** The user's axes of the value, in declared order. */
  readonly axes: readonly string[]
  readonly type: ValueType
  /**
   * - `free`: moves in coordinates `coordinate:NAME` (the value itself for reals, a smooth reparametrisation for
   *   states that are positive, bounded, ordered, or probabilities). Outputs `value:NAME`, `gradient:NAME`, and `curvature:NAME`
   *   where `curvature` says so.
   * - `box`: like `free` in the value's own coordinates, then projected on [`lower:NAME`, `upper:NAME`] (outputs).
   * - `sphere`: coordinates are the value, a unit vector along `axis`; `curvature:NAME` does not vary along `axis`.
   * - `neuron`: coordinates are the value; outputs `activation:NAME`, `drive:NAME` (= -dE/d activation), `tau:NAME`.
   */
  readonly move:
    | { readonly kind: 'free' }
    | { readonly kind: 'box' }
    | { readonly kind: 'sphere'; readonly axis: string }
    | { readonly kind: 'neuron' }
  /** Axes of the coordinates (differs from `axes` only for simplexes). */
  readonly coordinateAxes: readonly string[]
  /**
   * Whether `curvature:NAME` is there: a diagonal U with E(y) <= E(x) + g.(y-x) + (y-x)'diag(U)(y-x)/2 for every y
   * (jointly over all states that have it, the others held), so that the step g/U never raises E.
   */
  readonly curvature: boolean
  /**
   * Of probabilities (`free`) whose entropy is a part of E, `E = F + c h` with h = sum q log q: the output `target:NAME`, the
   * coordinates of `softmax(-dF/dq / c)`, which is where the mirror step leads. Sites that meet along `turns` do so in turn.
   * `bounded`: the output `reach:NAME`, the part of the way (in coordinates) that does not raise E, all sites at once.
   */
  readonly mirror?: { readonly turns: readonly string[]; readonly bounded: boolean }
  /**
   * Of states that take proximal steps together, E = f + g: the output `smooth gradient:NAME`, of f. `kinked`: g has the part
   * `weight |x - centre|` of this one (outputs `kink weight:NAME`, `kink centre:NAME`), or that times the Euclidean norm `along` axes.
   * `curvature`: the output `smooth curvature:NAME`, a diagonal majoriser of f, as above.
   */
  readonly proximal?: { readonly kinked: boolean; readonly along: readonly string[]; readonly curvature: boolean }
}

/**
 * Draw from exp(-E/T). `energy` is minus the log density of the unconstrained coordinates: E/T minus the log Jacobian
 * of the change of variables (output `log_jacobian`), the discrete states above summed out at temperature T.
 */
export interface SamplingProgram extends ProgramBase {
  readonly kind: 'sampling'
  readonly states: readonly SamplingState[]
  /** How to draw the states that were summed out: each given those before it and the values of everything else. */
  readonly joint: readonly JointDraw[]
  /** How to draw everything in order at temperature 1 when the model is directed and nothing is observed; or why not. */
  readonly ancestral: AncestralProgram | { readonly reason: string }
  /** The same at any `the temperature`, which its graph reads; or why not. */
  readonly tempered: AncestralProgram | { readonly reason: string }
}

/**
 * E at given values. `energy` is E itself (no Jacobian), the discrete states that were summed out at temperature T; each state is
 * an input under its own name. Nothing moves.
 */
export interface EnergyProgram extends Omit<ProgramBase, 'discrete'> {
  readonly kind: 'energy'
  readonly eliminated: readonly EliminatedVariable[]
  readonly states: readonly GivenState[]
}

/**
 * What a write, or a forget, makes of the memories: `graph` has for every rule its value and the elements that it picks, over the
 * states, the memories and all else that is given, as inputs under their own names.
 */
export interface WritingProgram {
  readonly kind: 'writing'
  readonly action: 'write' | 'forget'
  readonly graph: Graph
  readonly axes: readonly EnergyAxis[]
  /** Data and params that are read. */
  readonly fixed: readonly EnergyVariable[]
  /** States that are read: what is not observed of them is retrieved first. */
  readonly states: readonly EnergyVariable[]
  /** Memories that are read, or that rules give values in place. */
  readonly memories: readonly EnergyVariable[]
  readonly rules: readonly WritingRule[]
  /** Whether the graph has the output `energy`: minus the log density of the pattern given those before it. */
  readonly predictive?: true
  /** By memory: the axis that writes make longer. */
  readonly growing: Readonly<Record<string, string>>
}

/** `places`: where along axes that are there; all where there are none, and a new element where the memory grows. */
export interface WritingRule {
  readonly target: EnergyVariable
  readonly axes: readonly string[]
  readonly value: string
  readonly appends: boolean
  readonly places: readonly { readonly axis: string; readonly port: string; readonly axes: readonly string[] }[]
}

/** A state that is given a value. Outputs `lower:NAME` and `upper:NAME` over its axes, where its type has those bounds. */
export interface GivenState {
  readonly name: string
  readonly axes: readonly string[]
  readonly type: ValueType
  /** Whether there is an output `gradient:NAME`, of `energy` by the value. */
  readonly smooth: boolean
}

/** Input `coordinate:NAME`; outputs `value:NAME` and `gradient:NAME` (of `energy`, by the coordinates). */
export interface SamplingState {
  readonly name: string
  readonly axes: readonly string[]
  readonly type: ValueType
  readonly coordinateAxes: readonly string[]
}

/**
 * Moves of one discrete state, one site (element of `axes`) at a time, without evaluating the whole energy.
 * Three graphs over the fixed inputs, the other states' values, `the temperature` and `value:NAME`:
 * - `prepare`: outputs the sums that hold the state, `cache:0`, `cache:1`, ...;
 * - `propose`: from the caches, `site:AXIS` (scalars from 0, one per axis), `old value` and `new value`: output `change` = E(new) - E(old);
 * - `commit`: the same inputs; outputs the caches afterwards.
 * - `all`: for states with two levels, output `change` over `axes`: the change of E if that site alone flipped.
 */
export interface DiscreteState {
  readonly name: string
  readonly axes: readonly string[]
  readonly type: ValueType
  /** Spins: [-1, 1]; bits: [0, 1]; elements: 0 .. size-1 of the axis named (values from 0 inside). */
  readonly levels: Levels
  readonly prepare: Graph
  readonly propose: Graph
  readonly commit: Graph
  readonly all?: Graph
}

/** How to draw a param from its prior, given what the prior reads. */
export interface DrawablePrior {
  readonly name: string
  readonly axes: readonly string[]
  readonly type: ValueType
  /** Draws this param alone. */
  readonly program: AncestralProgram
  /** The part of the family's support that the type allows, where the draw does not keep to it by itself. */
  readonly within?: Within
}

/** A condition on all elements `along` these axes together, an ordered type's own first. `sort`: they are drawn alike, so putting them in order is drawing in order. */
export type Within =
  | { readonly kind: 'ordered'; readonly axis: string; readonly along: readonly string[]; readonly sort: boolean }
  | { readonly kind: 'between'; readonly lower: number; readonly upper: number; readonly along: readonly string[] }
