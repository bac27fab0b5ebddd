import type { Graph } from '../ir/graph.ts'
import type { FamilyDraw, GaussianDraw } from './conditional-draw.ts'
import type { EnergyAxis, EnergyVariable } from './energy.ts'
import type { ValueType } from './model.ts'

/**
 * Variational inference by coordinate ascent: a density q of everything that moves, a product over blocks, raises the evidence
 * lower bound `ELBO = -E_q[E]/T + entropy of q` block by block. All graphs read *means under q*: of Gaussian variables the means under
 * their own names and covariances as `covariance(ROW, COLUMN)`, of other continuous ones those of their statistics as
 * `mean(NAME, STATISTIC)`, of discrete ones the probabilities of their levels under their own names; and what is fixed.
 */
export interface FitProgram {
  readonly kind: 'fit'
  /** The output `energy`: E_q[E], in nats, at the temperature 1. */
  readonly mean: Graph
  readonly axes: readonly EnergyAxis[]
  readonly fixed: readonly EnergyVariable[]
  /** What is no part of q, since it was summed or integrated out before. */
  readonly gone: readonly string[]
  readonly shared: Sharing
  /** What q is a product of, in the order in which they are updated. */
  readonly blocks: readonly FitBlock[]
  /** The output `energy`: E itself at values, what is discrete summed out where it factorises. Draws of q are held against it. */
  readonly exact: Graph
  /** Where E_q[E] is a sum over rows: the graphs of `mean` and of blocks that are of no row read these sums, and nothing of a row. */
  readonly rows?: RowSums
  /** Where it is none: statements that are no sums over rows. */
  readonly meeting: readonly string[]
}

/** Sums along an axis of what is free of everything that moves for all rows: outputs of `graph`, inputs of others. */
export interface RowSums {
  readonly axis: string
  readonly graph: Graph
  readonly sums: readonly { readonly port: string; readonly axes: readonly string[] }[]
  /** Its outputs are inputs of all graphs: means over all rows of what is given, worked out once. */
  readonly centres: Graph
}

/** Random axes whose elements rows share out, as far as q has them. `grows`: rows come to take more of them, or fewer, by moves. */
export interface Sharing {
  readonly axes: readonly SharedAxis[]
  readonly grows: boolean
  /** Whether rows are to be looked at some at a time, whatever they have of their own. */
  readonly inBatches?: boolean
}

/** An axis, and the states that take its elements. */
export interface SharedAxis {
  readonly axis: string
  readonly pickers: readonly string[]
}

export type FitBlock = FamilyBlock | GaussianBlock | LevelBlock

/** The forms of single variables that q may have; the statistics of each and its moments are in `inference/fit/statistics.ts`. */
export type FittedForm = 'gamma' | 'inverse_gamma' | 'beta' | 'dirichlet' | 'von_mises_fisher'

/** What they are called. */
export const formWords: Readonly<Record<FittedForm, string>> = {
  gamma: 'gamma',
  inverse_gamma: 'inverse gamma',
  beta: 'beta',
  dirichlet: 'Dirichlet',
  von_mises_fisher: 'von Mises-Fisher',
}

/** One variable: `draw` is the best q of it given the means of all else. */
export interface FamilyBlock extends Pick<EnergyVariable, 'name' | 'axes' | 'type'> {
  readonly kind: 'family'
  readonly form: FittedForm
  readonly draw: FamilyDraw
  /** The inputs that its means are. */
  readonly statistics: readonly { readonly statistic: string; readonly port: string }[]
}

/** Variables that are Gaussian together; `covariances`: the input for each block of `draw`. */
export interface GaussianBlock {
  readonly kind: 'gaussian'
  readonly draw: GaussianDraw
  readonly covariances: readonly CovarianceInput[]
}

/** Over the axes of the precision block and those that it lacks of `rowAxes` and `columnAxes`. */
export interface CovarianceInput {
  readonly port: string
  readonly axes: readonly string[]
}

/**
 * A discrete variable. The output `energy` of `graph` is E/T of each level under the means of all else, over the axes of q: of spins and
 * bits the difference between the upper level and the lower. `meets`: it depends on the probabilities of other sites.
 */
export interface LevelBlock extends Pick<EnergyVariable, 'name' | 'axes'> {
  readonly kind: 'levels'
  readonly type: ValueType
  readonly graph: Graph
  /** Axes of q: those of the variable, and of the levels of an element. */
  readonly over: readonly string[]
  readonly level?: string
  readonly meets: boolean
}

/** The names of what a block is about. */
export function namesIn(block: FitBlock): readonly string[] {
  return block.kind === 'gaussian' ? block.draw.variables.map((v) => v.name) : [block.name]
}
