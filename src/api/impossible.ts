import { volume } from '../base/tensor.ts'
import type { Bound } from '../bind/bound.ts'
import { defaultsOf } from '../compile/defaults.ts'
import { type BadElement, impossibleElement } from '../compile/impossible.ts'
import type { ChainOutcome } from '../inference/chains/outcome.ts'
import { evaluate } from '../ir/evaluate.ts'
import type { Sizes } from '../ir/graph.ts'
import type { Energy, EnergyVariable } from '../middle/energy.ts'
import * as ports from '../middle/ports.ts'
import type { SamplingProgram } from '../middle/program.ts'
import { situationOf } from '../middle/situation.ts'
import { infiniteIntegral } from '../run/infinite-integral.ts'
import type { Retrieved } from '../run/retrieval.ts'
import type { Loaded } from './load.ts'

/** What of a sampling run says which element of a term is to blame. */
export interface SamplingScene {
  readonly program: SamplingProgram
  readonly bound: Bound
  readonly sizes: Sizes
  readonly fixed: ReadonlyMap<string, Float64Array>
}

/** The outcome of a chain; of one that found no start, with the row of data that is impossible there. */
export function explained(outcome: ChainOutcome, scene: SamplingScene): ChainOutcome {
  if (outcome.kind !== 'failed') return outcome
  const { at, ...reported } = outcome
  if (at === undefined || reported.term === undefined) return reported
  const { program, sizes, fixed, bound } = scene
  const integral = reported.value === Number.NEGATIVE_INFINITY ? infiniteIntegral(reported.term, program.eliminated) : undefined
  if (integral !== undefined) return { ...reported, sentence: `${reported.sentence} ${integral}` }
  const inputs = Object.fromEntries([...fixed, ...coordinates(program, sizes, at)])
  const element = impossibleElement(program.graph, sizes, inputs, ports.term(reported.term))
  return element === undefined
    ? reported
    : { ...reported, sentence: `${reported.sentence} ${whereInWords(reported.term, element, program.fixed, bound, fixed)}` }
}

function coordinates({ states }: SamplingProgram, sizes: Sizes, at: readonly number[]): readonly (readonly [string, Float64Array])[] {
  let from = 0
  return states.map(({ name, coordinateAxes }) => {
    const length = volume(coordinateAxes.map((axis) => sizes[axis] ?? 1))
    from += length
    return [ports.coordinate(name), Float64Array.from(at.slice(from - length, from))] as const
  })
}

/** How a retrieval ended; where the energy is infinite, with the row of data that is impossible there. */
export function explainedRetrieval<R extends Retrieved>(retrieval: R, { energy }: Loaded, bound: Bound): R {
  const { outcome, states, likeliest, drawn } = retrieval
  const gone = Object.keys(retrieval.eliminated).map((name) => ({ name }))
  const least = Object.entries(retrieval.terms).find(([, value]) => value === Number.NEGATIVE_INFINITY)?.[0]
  const integral = least === undefined ? undefined : infiniteIntegral(least, gone)
  if (integral !== undefined) return { ...retrieval, outcome: { ...outcome, sentence: integral } }
  const term = Object.entries(retrieval.terms).find(([, value]) => value === Infinity)?.[0]
  if (outcome.kind !== 'not finite' || term === undefined) return retrieval
  const where = whereInTerm(energy, term, bound, (name) => states[name] ?? likeliest[name] ?? drawn[name])
  return where === undefined ? retrieval : { ...retrieval, outcome: { ...outcome, sentence: `${outcome.sentence} ${where}` } }
}

/** Which element of a term is infinite or no number, where values were given or `found` (elements numbered from 1). */
export function whereInTerm(
  energy: Energy,
  term: string,
  bound: Bound,
  found: (name: string) => { readonly data: Float64Array } | undefined,
): string | undefined {
  const values = new Map(Object.entries(bound.values))
  for (const [name, { count, data }] of Object.entries(bound.observed)) if (count === 1) values.set(name, data)
  for (const { name, type } of energy.variables) {
    const value = found(name)
    // Elements are numbered from 1 in results.
    if (value !== undefined) values.set(name, type.kind === 'element' ? value.data.map((v) => v - 1) : value.data)
  }
  const { defaults, starts } = defaultsOf(energy, situationOf(energy))
  for (const { name, graph } of [...defaults, ...starts]) {
    if (!values.has(name) && graph.inputs.every((p) => values.has(p.name))) {
      const value = evaluate(graph, bound.sizes, Object.fromEntries(values)).value
      if (value !== undefined) values.set(name, value)
    }
  }
  const element = impossibleElement(energy.graph, bound.sizes, Object.fromEntries(values), ports.term(term))
  return element === undefined ? undefined : whereInWords(term, element, energy.variables, bound, values)
}

/** `That is at row = 3, where y is 0.` */
export function whereInWords(
  term: string,
  { axes, at }: BadElement,
  fixed: readonly EnergyVariable[],
  { labels, sizes }: Bound,
  values: ReadonlyMap<string, Float64Array>,
): string {
  const place = axes.map((axis, i) => `${axis} = ${labels[axis]?.[at[i] as number] ?? (at[i] as number) + 1}`).join(', ')
  const variable = fixed.find((v) => v.name === term)
  const data = values.get(term)
  if (variable === undefined || data === undefined || !variable.axes.every((axis) => axes.includes(axis))) return `That is at ${place}.`
  const index = variable.axes.reduce((n, axis) => n * (sizes[axis] ?? 1) + (at[axes.indexOf(axis)] as number), 0)
  const value = data[index] as number
  const { type } = variable
  const shown = type.kind === 'element' ? (labels[type.axis]?.[value] ?? value + 1) : value
  return `That is at ${place}, where ${term} is ${shown}.`
}
