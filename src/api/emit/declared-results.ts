import type { EliminatedVariable } from '../../middle/program.ts'
import type { RetrievalParts } from '../../run/retrieval.ts'
import type { SamplingParts } from '../../run/sampling.ts'
import { stringLiteral } from '../../targets/kernel/literal.ts'
import { axesType } from './declared-inputs.ts'

interface NamedResult {
  readonly name: string
  readonly axes: readonly string[]
}

/** What a retrieval is, of the states that this module moves or sums out. */
export function retrievalLines({ program, priors, reports }: RetrievalParts): readonly string[] {
  const summed = program.responsibilities
  const levels = summed.map(({ name, axes, level }) => ({ name, axes: [...axes, level] }))
  return [
    ...tensorLines,
    "export type Outcome = { readonly kind: 'converged' | 'at a kink' | 'step limit' | 'unbounded' | 'not finite' | 'cycle' | 'stuck'; readonly sentence: string }",
    'export interface End { readonly energy: number; readonly steps: number; readonly outcome: Outcome }',
    'export interface Retrieval {',
    '  /** Where the states that moved ended. */',
    `  readonly states: ${tensors([...program.states, ...program.discrete])}`,
    '  /** Of the discrete states that were summed out the likeliest value of each element by itself. */',
    `  readonly marginal: ${tensors(summed)}`,
    ...(program.modes === undefined
      ? []
      : ['  /** The values of them that are likeliest together, given all others. */', `  readonly joint: ${tensors(summed)}`]),
    '  /** What retrieval answers of them: those that are likeliest together, where these are known exactly. */',
    `  readonly likeliest: ${tensors(summed)}`,
    '  /** The chances of their levels, at the cue and at the end. */',
    `  readonly responsibilities: { readonly cue: ${tensors(levels)}; readonly end: ${tensors(levels)} }`,
    ...eliminatedLines(program.eliminated),
    '  /** Activations of neurons. */',
    `  readonly activations: ${tensors(program.states.filter((s) => s.move.kind === 'neuron'))}`,
    '  /** Where the continuous states ended in the coordinates that they move in. */',
    '  readonly coordinates: Readonly<Record<string, Float64Array>>',
    '  /** Nats; the terms add up to it. */',
    '  readonly energy: number',
    `  readonly terms: ${object(program.terms.map((name) => `readonly ${stringLiteral(name)}: number`))}`,
    '  /** The energy at the cue and after every step. */',
    '  readonly trace: readonly number[]',
    '  /** The way from the cue, where the option trace asks for it. `flip`: which flip of the step led there, 0 after its other parts. */',
    `  readonly path: readonly { readonly step: number; readonly flip: number; readonly time: number; readonly energy: number; readonly at?: Readonly<Record<string, number>>; readonly states?: ${tensors([...program.states, ...program.discrete])} }[]`,
    '  readonly steps: number',
    '  readonly evaluations: number',
    '  readonly time: number',
    '  /** The largest entry of the gradient that is left. */',
    '  readonly slope: number',
    '  /** What moved the states. */',
    '  readonly flows: readonly string[]',
    '  readonly outcome: Outcome',
    '  /** The lets that were asked for, where the states ended. */',
    `  readonly reported: ${tensors(reports)}`,
    '  /** How each of its starts ended, of which this is the lowest, and each retrieval of an annealed sequence, of which it is the last. */',
    '  readonly starts: readonly End[]',
    '  readonly rungs: readonly (End & { readonly at: Readonly<Record<string, number>> })[]',
    ...drawnLines(priors),
    '}',
    '',
  ]
}

/** What a sampling run is, of the states that this module draws. */
export function sampledLines(
  { program, priors, reports, last, predictive }: SamplingParts,
  prior: readonly NamedResult[] | undefined,
): readonly string[] {
  const states = [...program.states, ...program.discrete, ...program.responsibilities, ...program.eliminated, ...(last?.draws ?? [])]
  const more = [...reports, ...(predictive?.draws ?? []).map(({ name, axes }) => ({ name: `${name}_rep`, axes }))]
  const variables = [...new Map([...states, ...more, ...(prior ?? [])].map((v) => [v.name, v])).values()]
  const summed = program.responsibilities.map(({ name, axes, level }) => ({ name, axes: [...axes, level] }))
  return [
    ...tensorLines,
    '/** What is drawn: its name, its axes, and one size an axis. */',
    `export type Variable = ${union(variables.map(variable))}`,
    'export interface Chain {',
    '  readonly chain: number',
    '  readonly count: number',
    '  /** [draw, name], one draw after the other; elements count from 1. */',
    '  readonly values: Float64Array',
    '  /** The names of the numbers of the sampler itself, and those, [draw, column]. */',
    '  readonly columns: readonly string[]',
    '  readonly statistics: Float64Array',
    '}',
    "export type Outcome = { readonly kind: 'finished' } | { readonly kind: 'interrupted' | 'failed'; readonly sentence: string }",
    'export interface SummaryRow {',
    ...['name: string', ...statistics.map((s) => `${s}: number`)].map((entry) => `  readonly ${entry}`),
    '}',
    'export interface Sampled {',
    '  /** What drew: the blocks in turn, or exact. */',
    '  readonly sampler: string',
    '  /** What was drawn exactly, given everything else. */',
    '  readonly exact: readonly { readonly variables: readonly string[]; readonly density: string }[]',
    '  readonly draws: { readonly variables: readonly Variable[]; readonly names: readonly string[]; readonly chains: readonly Chain[] }',
    '  /** A row for each element of each variable that is not observed. */',
    '  readonly summary: readonly SummaryRow[]',
    '  /** The chances of the levels of discrete states that were summed out, averaged over the draws. */',
    `  readonly responsibilities: readonly (${union(summed.map(responsibility))})[]`,
    '  /** What was integrated out or minimised: its draws given the rest of each draw are among the others. */',
    "  readonly eliminated: readonly { readonly name: string; readonly how: 'integrate' | 'plug-in' | 'minimise' }[]",
    "  readonly warnings: readonly { readonly kind: 'divergences' | 'tree_depth' | 'low_e_bfmi' | 'r_hat' | 'ess' | 'swaps'; readonly sentence: string }[]",
    '  readonly outcomes: readonly Outcome[]',
    '  /** What was adapted: step size, mass matrix and, of replica exchange, the ladder of temperatures. */',
    "  readonly tuning: readonly { readonly stepSize?: number; readonly metric?: 'unit' | 'diagonal' | 'low-rank' | 'dense'; readonly inverseMetric?: Float64Array; readonly ladder?: { readonly temperatures: readonly number[]; readonly swapRates: readonly number[]; readonly roundTrips: number; readonly barrier: number } }[]",
    '  /** What the option resume goes on from. */',
    '  readonly chains: readonly { readonly draws: Chain; readonly outcome: Outcome }[]',
    ...drawnLines(priors),
    '}',
    '',
  ]
}

const statistics = ['mean', 'sd', 'mcse_mean', 'mcse_sd', 'q5', 'q50', 'q95', 'ess_bulk', 'ess_tail', 'r_hat']

export const tensorLines = [
  '/** Numbers over axes, the last of which moves fastest; one size an axis. */',
  'export interface Tensor<Axes extends readonly string[] = readonly string[]> {',
  '  readonly axes: Axes',
  '  readonly shape: readonly number[]',
  '  readonly data: Float64Array',
  '}',
  '',
]

export function drawnLines(priors: readonly ({ readonly name: string } & Partial<NamedResult>)[]): readonly string[] {
  const drawn = priors.flatMap((p) => (!('reason' in p) && p.axes !== undefined ? [{ name: p.name, axes: p.axes }] : []))
  return [
    '  /** T of exp(-E/T). */',
    '  readonly temperature: number',
    '  /** What was not given and so was drawn once, under the seed: by its `from`, or a param from its prior. */',
    `  readonly drawn: ${object(drawn.map(({ name, axes }) => `readonly ${stringLiteral(name)}?: Tensor<${axesType(axes)}>`))}`,
  ]
}

/** What is reported of the variables that this module integrates out or minimises. */
export function eliminatedLines(eliminated: readonly EliminatedVariable[]): readonly string[] {
  const members = eliminated.map(({ name, how, told }) => {
    const moments = told.map(({ what, axes }) => `readonly ${what}: Tensor<${axesType(axes)}>`)
    return `readonly ${stringLiteral(name)}: ${object([`readonly how: '${how}'`, ...moments])}`
  })
  return [
    '  /** What is reported of the variables that were integrated out or minimised, given the rest. */',
    `  readonly eliminated: ${object(members)}`,
  ]
}

export function tensors(variables: readonly NamedResult[]): string {
  return object(variables.map(({ name, axes }) => `readonly ${stringLiteral(name)}: Tensor<${axesType(axes)}>`))
}

export function object(members: readonly string[]): string {
  return members.length === 0 ? 'Readonly<Record<string, never>>' : `{ ${members.join('; ')} }`
}

function union(members: readonly string[]): string {
  return members.length === 0 ? 'never' : members.join(' | ')
}

function variable({ name, axes }: NamedResult): string {
  return `{ readonly name: ${stringLiteral(name)}; readonly axes: ${axesType(axes)}; readonly shape: readonly number[] }`
}

function responsibility({ name, axes }: NamedResult): string {
  return `{ readonly name: ${stringLiteral(name)}; readonly axes: ${axesType(axes)}; readonly mean: Float64Array }`
}
