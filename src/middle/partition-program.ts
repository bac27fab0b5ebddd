import type { ProcessName } from '../families/processes/table.ts'
import type { Graph } from '../ir/graph.ts'
import type { EnergyAxis } from './energy-axis.ts'

/**
 * How the elements of a random axis are shared out: which of them each thing (an element of a `picker`) has. The sampling program
 * beside it has as many *slots* along the axis as may be taken at once; empty ones hold draws of their prior. Graphs read what is given,
 * and the values of what moves, by their names.
 */
export interface PartitionProgram {
  readonly axis: string
  /** Discrete states of the sampling program, all of whose elements are seated by one process. */
  readonly pickers: readonly { readonly name: string; readonly axes: readonly string[] }[]
  /** The variables that each element has one of. */
  readonly slots: readonly { readonly name: string; readonly axes: readonly string[] }[]
  readonly law: PartitionLawProgram
  readonly by: IntegratedProgram | AuxiliaryProgram
  /** The names of all that is drawn together with who has which element. */
  readonly moves: readonly string[]
}

/** `graph` has the arguments of the process, `argument(axis, 0)`, ... */
export interface PartitionLawProgram {
  readonly process: ProcessName
  readonly graph: Graph
  readonly arguments: readonly string[]
  /** Single numbers that the arguments read and that move, each drawn given the partition. */
  readonly parameters: readonly LawParameter[]
}

/** `graph`: the output `energy`, minus the log density of its coordinate but for the law, everything else given; and its value. */
export interface LawParameter {
  readonly name: string
  readonly graph: Graph
  /** Where it is the concentration of a Dirichlet process and has a gamma prior: outputs that E has before log x and x, those that are there. */
  readonly gamma?: { readonly graph: Graph; readonly log?: string; readonly x?: string }
}

/** All slots' parameters are integrated out: given the partition, their densities are of these forms. */
export interface IntegratedProgram {
  readonly kind: 'integrated'
  readonly components: readonly IntegratedComponent[]
}

/** Each thing is moved given the parameters in all slots: `energies` say E of each thing in each slot. */
export interface AuxiliaryProgram {
  readonly kind: 'auxiliary'
  readonly energies: readonly ThingEnergies[]
  /** Why parameters are not integrated out, as the end of a sentence. */
  readonly reason: string
}

/** Over the axes of the picker and `level`. */
export interface ThingEnergies {
  readonly picker: string
  readonly graph: Graph
  readonly port: string
  readonly level: string
  /** Axes made on the way. */
  readonly made: readonly EnergyAxis[]
}

/**
 * Parameters of a slot that are integrated out together. `statistics`: outputs of `graph` over the axis and others, in the order of the
 * natural parameters of the form; each is read along `order`, and is the same along axes that it lacks. The sum of a prior and of what each
 * thing in the slot adds to it.
 */
export interface IntegratedComponent {
  readonly form: IntegratedForm
  readonly graph: Graph
  /** Axes, but for the random one, of groups that are independent, and of those that belong together. */
  readonly groups: readonly string[]
  readonly members: readonly string[]
  readonly statistics: readonly { readonly port: string; readonly order: readonly string[] }[]
  /** In the order in which they are drawn, each along `order`. */
  readonly variables: readonly { readonly name: string; readonly axes: readonly string[]; readonly order: readonly string[] }[]
  /** Axes made on the way. */
  readonly made: readonly EnergyAxis[]
}

/**
 * Densities exp(-E) whose integral has a formula, each with its statistics in order. `normal_gamma` and `normal_inverse_gamma`: a scale v
 * (a precision, or a variance) and means x under it, E = a log v + b s + s (p x^2 / 2 - q x) with s = v or 1/v. `normal_wishart` and
 * `normal_inverse_wishart`: a matrix S and a vector x under it, E = c log|S| + tr(A P) + k x'P x / 2 - x'P q with P = S or its inverse.
 */
export const integratedForms = {
  gaussian: ['precision', 'linear'],
  gaussian_vectors: ['precision', 'linear'],
  gamma: ['log x', 'x'],
  inverse_gamma: ['log x', '1/x'],
  beta: ['log x', 'log(1 - x)'],
  dirichlet: ['log x'],
  von_mises_fisher: ['x'],
  normal_gamma: ['log v', 's', 'p', 'q'],
  normal_inverse_gamma: ['log v', 's', 'p', 'q'],
  wishart: ['log x', 'x'],
  inverse_wishart: ['log x', '1/x'],
  normal_wishart: ['log', 'matrix', 'k', 'q'],
  normal_inverse_wishart: ['log', 'matrix', 'k', 'q'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type IntegratedForm = keyof typeof integratedForms
