import { must } from '../base/internal-error.ts'
import type { Tensor } from '../base/tensor.ts'
import { indices } from '../inference/draws/draws.ts'
import type { Retrieval } from '../memory/retrieve.ts'
import type { EnergyVariable } from '../middle/energy.ts'
import type { Retrieved } from '../run/retrieval.ts'
import { elementName, type Labels } from './labels.ts'
import { table } from './table.ts'

/** So many values of a state are listed one below the other. */
const MOST_SHOWN = 24

/** So many stand beside each other in one cell of the table of cues. */
const MOST_IN_CELL = 8

/** The values themselves, where there is one cue and few enough of them to read. */
export function smallStates(retrievals: readonly Retrieved[], variables: readonly EnergyVariable[], labels: Labels): readonly string[] {
  const [only] = retrievals
  if (only === undefined || retrievals.length > 1) return []
  const few = ([, t]: readonly [string, Tensor]): boolean => t.data.length <= MOST_SHOWN
  const moved = Object.entries(only.states).filter(few)
  // A single one that was summed out stands in the table above.
  const discrete = Object.entries(only.likeliest).filter((entry) => few(entry) && entry[1].axes.length > 0)
  const values = moved.flatMap(([name, t]) => named(name, t, labels).map((element, i) => [element, t.data[i] as number]))
  const likeliest = (names: ReadonlySet<string>): readonly (readonly (string | number)[])[] =>
    discrete.flatMap(([name, t]) => {
      if (!names.has(name)) return []
      const posterior = must(only.responsibilities.end[name], name)
      const levels = levelNames(variables, name, labels)
      const words = named(name, t, labels)
      return words.map((element, i) => [element, levels(t.data[i] as number), largest(posterior, i).toFixed(3)])
    })
  const [summed, relaxed] = [likeliest(summedOut(only)), likeliest(new Set(Object.keys(only.states)))]
  const reported = Object.entries(only.reported)
    .filter(few)
    .flatMap(([name, t]) => named(name, t, labels).map((element, i) => [element, t.data[i] as number]))
  return [
    ...(values.length === 0 ? [] : ['', table(['state', 'value'], values)]),
    ...(relaxed.length === 0 ? [] : ['', table(['relaxed', 'likeliest', 'probability'], relaxed)]),
    ...(summed.length === 0 ? [] : ['', table(['summed out', 'likeliest', 'probability'], summed)]),
    ...(reported.length === 0 ? [] : ['', table(['let', 'value'], reported)]),
  ]
}

/** The discrete states that are gone; of those that were relaxed the probabilities are among the states. */
function summedOut({ likeliest, states }: Retrieval): ReadonlySet<string> {
  return new Set(Object.keys(likeliest).filter((name) => states[name] === undefined))
}

/** Lets without axes stand in the table of cues where there are several. */
export function scalarLets([first, ...more]: readonly Retrieved[]): readonly string[] {
  if (first === undefined || more.length === 0) return []
  return Object.entries(first.reported).flatMap(([name, { axes }]) => (axes.length === 0 ? [name] : []))
}

/** `17 (0.98)`: the likeliest level of a single state that was summed out; of a state of few elements its likeliest values. */
export function mostLikely(
  { likeliest, responsibilities }: Retrieval,
  variables: readonly EnergyVariable[],
  name: string,
  labels: Labels,
): string {
  const values = must(likeliest[name], name)
  const levels = levelNames(variables, name, labels)
  const [first = Number.NaN] = values.data
  if (values.axes.length === 0) return `${levels(first)} (${largest(must(responsibilities.end[name], name), 0).toFixed(3)})`
  return values.data.length <= MOST_IN_CELL ? Array.from(values.data, levels).join(' ') : `${values.data.length} values`
}

/** What the likeliest values of several elements are, and are not. */
export function modesSentence(retrievals: readonly Retrieval[]): readonly string[] {
  const [first] = retrievals
  if (first === undefined) return []
  const names = [...summedOut(first)]
  if (names.reduce((n, name) => n + must(first.likeliest[name], name).data.length, 0) < 2) return []
  const keep = names.map((name) => `--keep ${name}`).join(' ')
  return [`The likeliest values are those of each element separately (marginal modes); ${keep} searches for the joint mode.`]
}

function named(name: string, t: Tensor, labels: Labels): readonly string[] {
  return indices(t.shape).map((at) => elementName(name, t.axes, at, labels))
}

/** How to call a value of a discrete state: an element by its label, a spin or a bit by its number. */
function levelNames(variables: readonly EnergyVariable[], name: string, labels: Labels): (value: number) => string {
  const type = variables.find((v) => v.name === name)?.type
  const names = type?.kind === 'element' ? labels[type.axis] : undefined
  return (value) => names?.[value - 1] ?? String(value)
}

/** The probability of the likeliest level of element `i`. */
function largest({ data, shape }: Tensor, i: number): number {
  const levels = shape.at(-1) ?? 1
  return data.subarray(i * levels, (i + 1) * levels).reduce((most, p) => Math.max(most, p), 0)
}
