import { must } from '../base/internal-error.ts'
import type { Tensor } from '../base/tensor.ts'
import { indices } from '../inference/draws/draws.ts'
import type { EnergyVariable } from '../middle/energy.ts'
import { levelValue } from '../middle/kinds.ts'
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
  const rows = (names: ReadonlySet<string>): readonly (readonly string[])[] =>
    discrete.flatMap(([name, t]) =>
      names.has(name) ? named(name, t, labels).map((element, i) => [element, ...likelyAndAlone(only, variables, name, labels, i)]) : [],
    )
  const [summed, relaxed] = [rows(summedOut(only)), rows(new Set(Object.keys(only.states)))]
  const reported = Object.entries(only.reported)
    .filter(few)
    .flatMap(([name, t]) => named(name, t, labels).map((element, i) => [element, t.data[i] as number]))
  return [
    ...(values.length === 0 ? [] : ['', table(['state', 'value'], values)]),
    ...likelyTable(relaxed, 'relaxed', 'likeliest'),
    ...likelyTable(summed, 'summed out', only.joint === undefined ? 'likeliest' : 'joint mode'),
    ...(reported.length === 0 ? [] : ['', table(['let', 'value'], reported)]),
  ]
}

/** The last column where anything differs there. */
function likelyTable(rows: readonly (readonly string[])[], what: string, mode: string): readonly string[] {
  const differs = rows.some(([, likely, , alone]) => alone !== likely)
  const titles = [what, mode, 'probability', ...(differs ? ['by itself'] : [])]
  const cells = rows.map((row) => row.slice(0, titles.length))
  return rows.length === 0 ? [] : ['', table(titles, cells)]
}

/** The discrete states that are gone; of those that were relaxed the probabilities are among the states. */
function summedOut({ likeliest, states }: Retrieved): ReadonlySet<string> {
  return new Set(Object.keys(likeliest).filter((name) => states[name] === undefined))
}

/** Lets without axes stand in the table of cues where there are several. */
export function scalarLets([first, ...more]: readonly Retrieved[]): readonly string[] {
  if (first === undefined || more.length === 0) return []
  return Object.entries(first.reported).flatMap(([name, { axes }]) => (axes.length === 0 ? [name] : []))
}

/** Of one element its value, how probable that is by itself, and the value that would be likeliest by itself. */
function likelyAndAlone(r: Retrieved, variables: readonly EnergyVariable[], name: string, labels: Labels, i: number): readonly string[] {
  const levels = levelNames(variables, name, labels)
  const [value, alone] = [r.likeliest, r.marginal].map((set) => must(set[name], name).data[i] as number) as [number, number]
  return [levels(value), probabilityOf(r, variables, name, i, value).toFixed(3), levels(alone)]
}

/** `17 (0.98)`: the value of a single state that was summed out; of a state of few elements its values. */
export function mostLikely(r: Retrieved, variables: readonly EnergyVariable[], name: string, labels: Labels): string {
  const values = must(r.likeliest[name], name)
  const levels = levelNames(variables, name, labels)
  const [first = Number.NaN] = values.data
  if (values.axes.length === 0) return `${levels(first)} (${probabilityOf(r, variables, name, 0, first).toFixed(3)})`
  return values.data.length <= MOST_IN_CELL ? Array.from(values.data, levels).join(' ') : `${values.data.length} values`
}

/** What the values of several elements are, and are not. */
export function modesSentence(retrievals: readonly Retrieved[], ways: Readonly<Record<string, string>>): readonly string[] {
  const [first] = retrievals
  if (first === undefined) return []
  const names = [...summedOut(first)]
  if (names.reduce((n, name) => n + must(first.likeliest[name], name).data.length, 0) < 2) return []
  const how = names.map((name) => `${name}: ${ways[name]}`).join('; ')
  if (first.joint === undefined) {
    const keep = names.map((name) => `--keep ${name}`).join(' ')
    return [`The likeliest values are those of each element separately (${how}); ${keep} searches for the joint mode.`]
  }
  const differs = ({ joint, marginal }: Retrieved): boolean =>
    names.some((name) => must(marginal[name], name).data.some((x, i) => joint?.[name]?.data[i] !== x))
  return [
    `The likeliest values are those of all elements together (${how}).`,
    ...(retrievals.some(differs) ? ['Some are not the likeliest of each element by itself (marginal modes), which --json has, too.'] : []),
  ]
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

/** How probable it is by itself that element `i` has a value. */
function probabilityOf(r: Retrieved, variables: readonly EnergyVariable[], name: string, i: number, value: number): number {
  const { data, shape } = must(r.responsibilities.end[name], name)
  const levels = shape.at(-1) ?? 1
  const type = must(
    variables.find((v) => v.name === name),
    name,
  ).type
  const first = type.kind === 'element' ? 1 : 0
  const at = Array.from({ length: levels }, (_, k) => levelValue(type, k) + first).indexOf(value)
  return must(data[i * levels + at], 'probability')
}
