/**
 * What the inputs and outputs of graphs are called, and how such a name is read back: every other file asks here. A port of a
 * variable is called by its name alone; all others hold a space, a colon or a bracket, so that no name of the user's is
 * the same. Used as `ports.term(name)`; a bundle holds only the ones that are used.
 */
import type { Graph, OutputPort } from '../ir/graph.ts'
import type { RuleKind } from './model.ts'

export type End = 'lower' | 'upper'

/** T of exp(-E/T): an input of every graph in which something is divided by it. */
export const temperature = 'the temperature'
/** What the text says it is. */
export const statedTemperature = 'stated temperature'

/** Outputs of a program: the total in nats, and the log Jacobian of its change of variables. */
export const energy = 'energy'
export const logJacobian = 'log_jacobian'

/** The output of a graph that computes one thing. */
export const result = 'value'

// Outputs of an energy: its terms, and the probabilities of the levels of states that were summed out.
export const term = (name: string): string => `term:${name}`
export const isTerm = (port: string): boolean => port.startsWith('term:')
export const responsibility = (state: string): string => `responsibility:${state}`
export const responsibilityOf = (port: string): string | undefined => nameAfter('responsibility:', port)

// Of states that move: the coordinates in which they do are inputs, all else is an output.
export const coordinate = (state: string): string => `coordinate:${state}`
export const coordinateOwner = (port: string): string | undefined => nameAfter('coordinate:', port)
export const value = (state: string): string => `value:${state}`
export const valueOwner = (port: string): string | undefined => nameAfter('value:', port)
export const gradient = (state: string): string => `gradient:${state}`
export const isGradient = (port: string): boolean => port.startsWith('gradient:')
export const curvature = (state: string): string => `curvature:${state}`
/** Where a mirror step leads, and the part of the way that surely does not raise the energy. */
export const target = (state: string): string => `target:${state}`
export const reach = (state: string): string => `reach:${state}`
/** Of states that take proximal steps, E being a smooth part and kinks: of the former; the weights of the latter, and where they are. */
export const smoothGradient = (state: string): string => `smooth gradient:${state}`
export const smoothCurvature = (state: string): string => `smooth curvature:${state}`
export const kinkWeight = (state: string): string => `kink weight:${state}`
export const kinkCentre = (state: string): string => `kink centre:${state}`
// Of blocks of states that are minimised over together: second derivatives, the place of least energy, what stays while they are worked out.
/** A direction in the coordinates of a state, and second derivatives times a direction. */
export const direction = (state: string): string => `direction:${state}`
export const product = (state: string): string => `product:${state}`
export const hessian = (row: string, column: string): string => `hessian:${row}:${column}`
export const aim = (state: string): string => `aim:${state}`
export const heldNode = (id: number): string => `held node ${id}`
export const lower = (state: string): string => `lower:${state}`
export const upper = (state: string): string => `upper:${state}`

// Of variables that were integrated out or minimised: what is reported of them given the rest.
export const told = (what: string, variable: string): string => `${what} of ${variable}`

// Of states with Lagrangians. `marker` stands for the activation until the Lagrangian is differentiated.
export const activation = (state: string): string => `activation:${state}`
export const marker = (state: string): string => `activation of ${state}`
export const drive = (state: string): string => `drive:${state}`
export const tau = (state: string): string => `tau:${state}`

// Of moves of a discrete state, one site at a time.
export const site = (axis: string): string => `site:${axis}`
export const cache = (i: number): string => `cache:${i}`
export const isCache = (port: string): boolean => port.startsWith('cache:')
export const cacheBefore = (i: number): string => `prepare:${i}`
export const cacheAfter = (i: number): string => `commit:${i}`
export const before = 'old value'
export const after = 'new value'
export const change = 'change'

/** Of each element of a state, whether it is known (1) or drawn after everything else (0). */
export const known = (state: string): string => `known ${state}`

/** Of a discrete state that is summed out, what is known of it. */
export const knownPart = (state: string): string => `part of:${state}`

/** The weights of a random axis, as a state and in results; how many patterns took each of its elements. */
export const weight = (axis: string): string => `weight(${axis})`
export const count = (axis: string): string => `count(${axis})`
// Of draws in which rows share out the elements of a random axis: how many there are, and how many rows have the one that most have.
export const elements = (axis: string): string => `elements(${axis})`
export const largest = (axis: string): string => `largest(${axis})`
/** What a store keeps of each besides: the number of the pattern that opened it. */
export const openers = (axis: string): string => `openers of ${axis}`

// Of draws of states that were summed out.
export const probability = 'probability'
/** In the place of probabilities where the joint mode is looked for: minus the energy at each level. */
export const score = 'score'
export const forward = 'forward'
export const step = 'step'
/** One of those, in a graph of several states. */
export const ofState = (port: string, state: string): string => `${port} of ${state}`

// Of what the text says: of statements what they are of; of types their bounds; of variables what they are when not given; lets.
export const left = (statement: string): string => `left:${statement}`
export const argument = (statement: string, i: number): string => `argument:${statement}:${i}`
export const range = (statement: string, end: End): string => `range:${statement}:${end}`
export const censored = (statement: string, end: End): string => `censored:${statement}:${end}`
export const bound = (variable: string, end: End): string => `bound:${variable}:${end}`
export const preset = (variable: string): string => `default:${variable}`
/** What a variable comes from: its value, or the pseudo statement that it is drawn from. */
export const start = (variable: string): string => `start:${variable}`
export const quantity = (name: string): string => `let:${name}`
export const quantityOf = (port: string): string | undefined => nameAfter('let:', port)
export const rule = (kind: RuleKind, target: string, i: number): string => `${kind}:${target}:${i}`
/** What a flow is shaken by, and what must come above 0 for a jump. */
export const shaking = (rule: string): string => `noise:${rule}`
export const excess = (rule: string): string => `excess:${rule}`
export const landing = (jump: number): string => `landing:${jump}`
/** Which element along an axis a rule gives a value. */
export const place = (rule: string, axis: string): string => `place:${rule}:${axis}`
export const objective = (name: string): string => `objective:${name}`
/** What a check compares, and with what. */
export const checked = (check: number, what: string): string => `check:${check}:${what}`
/** 1 for each element that a density counts, where some have no value: those at an end of a shift. */
export const counted = (statement: string): string => `counted:${statement}`
/** The term of a statement about a count, with the elements alone that are known. */
export const partly = (statement: string): string => `partly:${statement}`

/** A natural parameter of the posterior of a memory, which a store keeps; and the term of E that it makes. */
export const stored = (memory: string, statistic: string): string => `${statistic} stored of ${memory}`
/** What a pattern adds to it. */
export const added = (parameter: string): string => `added to ${parameter}`
export const isStored = (variable: string): boolean => variable.includes(' stored of ')
/** How far posteriors go back toward their priors: the one number that such a change is given. */
export const fading = 'the part forgotten'
export const posterior = (memory: string): string => `posterior of ${memory}`

// Of draws from families: arguments by position, the ends of those that are truncated or censored, whether there is a density.
export const parameter = (drawn: string, i: number): string => `${drawn}:${i}`
export const end = (drawn: string, which: 'lower' | 'upper' | 'least' | 'most'): string => `${drawn}:${which}`
export const positive = (drawn: string): string => `${drawn}:positive`

// Of the conditional form of a variable: what E has before each statistic.
export const coefficient = (variable: string, statistic: string): string => `coefficient:${variable}:${statistic}`

/** What each element of a random axis takes of what those before it left. */
export const stick = (axis: string): string => `stick(${axis})`

// Of a density q that is fitted: the mean of a statistic of a variable, and the covariances of two.
export const mean = (variable: string, statistic: string): string => `mean(${variable}, ${statistic})`
export const covariance = (row: string, column: string): string => `covariance(${row}, ${column})`
/** What is given of rows, on average; and what all rows add up to: inputs of graphs that are of no row. */
export const centre = (i: number): string => `mean over rows:${i}`
export const rowSum = (i: number): string => `sum over rows:${i}`

// Of learning: what is the same for all patterns and what one pattern adds; 1 over the number of all patterns.
export const shared = 'shared by all patterns'
export const each = 'of each pattern'
export const onePart = 'one part of the patterns'
/** What is drawn in the place of what is observed; the weight of the squares of energies. */
export const drawn = (state: string): string => `drawn ${state}`
export const noise = (state: string): string => `noise on ${state}`
export const sigma = 'size of the noise'
export const penalty = 'weight of the penalty'

// Of what one executor computes for another: single values, and whole outputs.
export const upload = (i: number): string => `value:${i}`
export const wide = (output: string): string => `output:${output}`

/** The terms among the outputs of an energy, in order. */
export const termsAmong = (graph: Graph): readonly OutputPort[] => graph.outputs.filter((o) => isTerm(o.name))

function nameAfter(prefix: string, port: string): string | undefined {
  return port.startsWith(prefix) ? port.slice(prefix.length) : undefined
}
