import { type Checked, checked, type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { volume } from '../base/tensor.ts'
import type { Sizes } from '../ir/graph.ts'
import { kindOf } from '../middle/kinds.ts'
import type { ValueType } from '../middle/model.ts'
import type { Batch, Origin, SizedGiven } from './bound.ts'
import { othersWrong, shapeOf, strayTrouble } from './given.ts'
import { type BrokenLine, brokenLine, ontoSurface } from './lines.ts'
import { badInMatrix } from './matrices.ts'
import { badPlaces, sentence } from './troubles.ts'

/** The numbers of one value in layout order, checked against the declared type; elements numbered from 0. */
export function toValues(item: SizedGiven, sizes: Sizes): Checked<Batch> {
  const { variable } = item
  const one = volume(variable.axes.map((a) => sizes[a] ?? 1))
  const data = numbersFor(item, one)
  const diagnostics: Diagnostic[] = []
  const infinite = firstInfinite(data)
  const bad = wrongCells(item, data, sizes)
  diagnostics.push(...bad)
  if (infinite >= 0 && !mustBeFinite(variable) && variable.axes.length > 0 && variable.type.kind === 'real')
    diagnostics.push(unlimited(item, infinite, sizes))
  if (item.by === 'cues' && bad.length === 0) ontoSurface(variable, data, sizes)
  const line = bad.length > 0 ? undefined : brokenLine(variable, data, sizes)
  if (line !== undefined) diagnostics.push(apart(item, line, sizes))
  const entry = bad.length > 0 ? undefined : badInMatrix(variable, data, sizes)
  if (entry !== undefined) diagnostics.push({ ...outside(item, data, entry.at, 0, sizes), hint: sentence(`it ${entry.why}`) })
  if (variable.type.kind === 'element') for (let i = 0; i < data.length; i += 1) data[i] = (data[i] as number) - 1
  return checked({ count: Math.max(1, Math.round(data.length / Math.max(1, one))), data }, diagnostics)
}

/** What is wrong with single cells where sizes are not settled: of a value whose own shape says where each of them stands. */
export function cellTroubles(item: SizedGiven): readonly Diagnostic[] {
  const { given, variable, batched } = item
  const shape = shapeOf(given.value)
  const extra = shape.length - variable.axes.length
  if (given.value.kind === 'labels' || shape.length === 0 || !(extra === 0 || (batched && extra === 1))) return []
  return wrongCells(item, given.value.data, Object.fromEntries(variable.axes.map((axis, i) => [axis, shape[i + extra] as number])))
}

/** One diagnostic for each way in which single numbers are wrong: texts, what is missing, what is infinite, what the type does not allow. */
function wrongCells(item: SizedGiven, data: Float64Array, sizes: Sizes): readonly Diagnostic[] {
  const { given, variable, batched } = item
  const strays = given.value.kind === 'numbers' ? (given.value.strays ?? []) : []
  const astray = new Set(strays.map(({ at }) => at))
  const infinite = mustBeFinite(variable) ? firstInfinite(data) : -1
  const isInfinite = (at: number): boolean => infinite >= 0 && Math.abs(data[at] as number) === Number.POSITIVE_INFINITY
  const bad = badPlaces(data, variable.type, sizes, batched).filter((at) => !astray.has(at) && !isInfinite(at))
  const missing = bad.filter((at) => Number.isNaN(data[at]))
  const wrong = missing.length === 0 ? bad : bad.filter((at) => !Number.isNaN(data[at]))
  const said = (places: readonly number[]): readonly Diagnostic[] =>
    places[0] === undefined ? [] : [outside(item, data, places[0], places.length - 1, sizes, fromZero(variable.type, data, places))]
  return [
    ...strayTrouble(variable.name, strays, ({ at }) => placeOf(item, element(variable.axes, sizes, at, batched), sizes, at)),
    ...said(missing),
    ...(infinite < 0 ? [] : [endless(item, data, infinite, sizes)]),
    ...said(wrong),
  ]
}

/** The numbers as they were given, or a copy where they are to be changed: large arrays are not held twice. */
function numbersFor({ given: { value }, variable: { type }, by }: SizedGiven, one: number): Float64Array {
  if (value.kind === 'labels') return new Float64Array(value.labels.length).fill(Number.NaN)
  if (value.data.length === 1 && one !== 1 && value.shape.length === 0) return new Float64Array(one).fill(value.data[0] as number)
  const isChanged = type.kind === 'element' || (by === 'cues' && kindOf(type).line?.power !== undefined)
  return isChanged ? value.data.slice() : value.data
}

function firstInfinite(data: Float64Array): number {
  for (let i = 0; i < data.length; i += 1) if (Math.abs(data[i] as number) === Number.POSITIVE_INFINITY) return i
  return -1
}

/** What to do where every wrong number of an element is 0: the codes begin there. */
function fromZero(type: ValueType, data: Float64Array, bad: readonly number[]): string | undefined {
  if (type.kind !== 'element' || bad.some((i) => data[i] !== 0)) return undefined
  return `Elements are numbered from 1. Add 1 to codes that begin at 0, or use the codes as labels: --labels ${type.axis}.`
}

function outside(item: SizedGiven, data: Float64Array, at: number, more: number, sizes: Sizes, hint?: string): Diagnostic {
  const { variable, batched } = item
  const others = othersWrong(more)
  const value = data[at] as number
  const where = element(variable.axes, sizes, at, batched)
  const expected = kindOf(variable.type).words(variable.type, sizes)
  const place = placeOf(item, where, sizes, at)
  if (Number.isNaN(value)) {
    return diagnostic('AMP508', `"${variable.name}" has no number at ${where === '' ? 'its only place' : where}.${others}`, {
      place,
      span: variable.span,
      expected: `a number everywhere, since ${variable.name} is ${variable.role}`,
      hint: toInfer(item),
    })
  }
  return diagnostic('AMP505', `"${variable.name}" holds ${value}, which is not ${expected}.${others}`, {
    place,
    span: variable.span,
    expected,
    ...(hint === undefined ? {} : { hint }),
  })
}

/** The way out of a missing number: states may be known in part. */
function toInfer({ given, variable }: SizedGiven): string {
  const axes = variable.axes.length === 0 ? '' : `[${variable.axes.join(', ')}]`
  const option = given.bundle === undefined ? `--observed ${variable.name}=...` : `--observed ${given.bundle}`
  return `To infer what is missing, declare it a state (state ${variable.name}${axes}) and give what is known with ${option}.`
}

/** What is to be said of numbers of elements that begin with 0. */
export function countedFromZero(data: Float64Array): string | undefined {
  const least = data.reduce((a, b) => (b < a ? b : a), Number.POSITIVE_INFINITY)
  return least === 0 ? 'Elements are numbered from 1; these start at 0.' : undefined
}

/** Only data may be infinite, as bounds of what is missing or cut off. */
function mustBeFinite({ role }: SizedGiven['variable']): boolean {
  return role !== 'data'
}

function endless(item: SizedGiven, data: Float64Array, at: number, sizes: Sizes): Diagnostic {
  const { variable } = item
  const where = element(variable.axes, sizes, at, item.batched)
  return diagnostic('AMP505', `"${variable.name}" is ${data[at]}${where === '' ? '' : ` at ${where}`}.`, {
    place: placeOf(item, where, sizes, at),
    span: variable.span,
    expected: 'a finite number',
  })
}

function unlimited(item: SizedGiven, at: number, sizes: Sizes): Diagnostic {
  const where = element(item.variable.axes, sizes, at, item.batched)
  return diagnostic('AMP516', `"${item.variable.name}" is infinite at ${where}.`, {
    place: placeOf(item, where, sizes, at),
    span: item.variable.span,
    expected: 'a finite number, unless it is meant as a bound',
  })
}

function apart({ given, variable, batched }: SizedGiven, { at, expected, found, hint }: BrokenLine, sizes: Sizes): Diagnostic {
  const where = element(variable.axes, sizes, at, batched)
  return diagnostic('AMP505', `"${variable.name}" holds ${found} from ${where} on.`, {
    place: given.from,
    span: variable.span,
    expected,
    ...(hint === undefined ? {} : { hint }),
  })
}

/** The line of a table where there is one, else the element. */
function placeOf({ given, variable }: SizedGiven, where: string, sizes: Sizes, at: number): string {
  return placeIn(given, variable.axes, where, sizes, at)
}

/** The same of what is known of where values came from. */
export function placeIn(given: Origin, axes: readonly string[], where: string, sizes: Sizes, at: number): string {
  const inner = volume(axes.slice(1).map((a) => sizes[a] ?? 1))
  const line = given.lines?.[Math.floor(at / Math.max(1, inner))]
  if (line !== undefined) return `${given.from}, line ${line}`
  return where === '' ? given.from : `${given.from}, ${where}`
}

/** `row = 3, dim = 2` for a position in layout order, counted from 1. */
export function element(axes: readonly string[], sizes: Sizes, at: number, batched: boolean): string {
  const parts: string[] = []
  let rest = at
  for (let i = axes.length - 1; i >= 0; i -= 1) {
    const axis = axes[i] as string
    const size = Math.max(1, sizes[axis] ?? 1)
    parts.unshift(`${axis} = ${(rest % size) + 1}`)
    rest = Math.floor(rest / size)
  }
  if (batched && rest > 0) parts.unshift(`cue ${rest + 1}`)
  return parts.join(', ')
}
