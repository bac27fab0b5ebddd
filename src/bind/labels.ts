import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/suggest.ts'
import * as ports from '../middle/ports.ts'
import { NEW } from '../middle/random-axis.ts'
import { type AxisColumn, hasWords } from './axis-columns.ts'
import type { AxisNames, Bindable, GivenLabels, SizedGiven } from './bound.ts'
import { type Given, numbers, othersWrong, shapeOf } from './given.ts'
import { groupsOf } from './groups.ts'
import { isNumber, namesInWords, numbering, sortedNames } from './names.ts'
import { numbersAmongTexts, textTrouble } from './texts.ts'

export interface Settled {
  readonly names: ReadonlyMap<string, AxisNames>
  /** What was given, with a number from 1 for every text and rows in the order of the axes. */
  readonly sized: readonly SizedGiven[]
  /** Values, and those of their axes of which the rows do not say which element each is. */
  readonly byPosition: ReadonlyMap<SizedGiven, readonly string[]>
  /** Elements given by their numbers. */
  readonly byNumber: readonly SizedGiven[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * One numbering of the elements of every axis, whatever the order of rows, columns and files: as listed by an option, the
 * model or a column called like the axis, else sorted. Axes of one size by `size(other)` share it.
 */
export function settleLabels(
  energy: Bindable,
  options: readonly GivenLabels[],
  columns: readonly AxisColumn[],
  sized: readonly SizedGiven[],
): Settled {
  const diagnostics: Diagnostic[] = []
  const groups = groupsOf(energy)
  const names = new Map(shared(groups, listings(energy, options, columns, diagnostics)))
  const asNames = new Set(options.filter((o) => o.names === undefined).flatMap(({ axis }) => groups.get(axis) ?? []))
  const numbersName = (axis: string, given: Given): boolean =>
    asNames.has(axis) || (names.get(axis)?.names.every(isNumber) ?? (isSharedOut(energy, axis) && holdsCodes(given)))
  const elements = sized.flatMap((item) => elementsOf(item, numbersName) ?? [])
  for (const group of new Set(groups.values())) {
    const unlisted = elements.filter(({ axis, texts }) => texts !== undefined && group.includes(axis) && !names.has(axis))
    const found = occurring(unlisted, diagnostics)
    if (found !== undefined) for (const axis of group) if (!names.has(axis)) names.set(axis, found)
  }
  const numbered = sized.map((item) => {
    const named = elements.find((e) => e.item === item)
    const value = named === undefined ? numbersAmongTexts(item.given, item.variable) : undefined
    if (value !== undefined) return { ...item, given: { ...item.given, value } }
    if (named === undefined) diagnostics.push(...textTrouble(item.given, item.variable))
    return named?.texts === undefined ? item : numberTexts(named.item, named.axis, named.texts, names.get(named.axis), diagnostics)
  })
  const aligned = numbered.map((item) => align(item, columns, names))
  return {
    names,
    sized: aligned.map(({ item }) => item),
    byPosition: new Map(aligned.map(({ item, byPosition }) => [item, byPosition])),
    byNumber: elements.filter(({ texts }) => texts === undefined).map(({ item }) => item),
    diagnostics,
  }
}

/** A value that says elements of an axis: by texts, or by their numbers. */
interface Elements {
  readonly item: SizedGiven
  readonly axis: string
  readonly texts: readonly string[] | undefined
}

function elementsOf(item: SizedGiven, numbersName: (axis: string, given: Given) => boolean): Elements | undefined {
  const { type } = item.variable
  return type.kind === 'element' ? { item, axis: type.axis, texts: textsOf(item.given, numbersName(type.axis, item.given)) } : undefined
}

/** The names that a value gives; none where it gives numbers. */
function textsOf({ value }: Given, numbersAreNames: boolean): readonly string[] | undefined {
  if (value.kind === 'labels') return value.labels
  if (hasWords(value.texts)) return value.texts
  if (!numbersAreNames) return undefined
  return value.texts ?? Array.from(value.data, (v) => (Number.isNaN(v) ? '' : String(v)))
}

/** Whole numbers from 0: what is -1 or 0.5 is a mistake, or means something else. */
function holdsCodes({ value }: Given): boolean {
  return value.kind === 'numbers' && value.data.every((v) => Number.isNaN(v) || (Number.isInteger(v) && v >= 0))
}

/** Of an axis that grows, whether rows share out its elements: these have no numbers, and what is given for them are names. */
function isSharedOut({ axes, variables }: Bindable, axis: string): boolean {
  const isRandom = axes.some((a) => a.name === axis && a.size.kind === 'unbounded')
  return isRandom && !variables.some((v) => v.name === ports.count(axis))
}

/** An axis without a list of its own has that of an axis with the same elements. */
function shared(groups: ReadonlyMap<string, readonly string[]>, listed: ReadonlyMap<string, AxisNames>): readonly [string, AxisNames][] {
  return [...groups].flatMap(([axis, group]): readonly [string, AxisNames][] => {
    const own = listed.get(axis) ?? group.flatMap((other) => listed.get(other) ?? [])[0]
    return own === undefined ? [] : [[axis, own]]
  })
}

/** The names of an axis that nobody listed: those that occur, sorted. */
function occurring(elements: readonly Elements[], diagnostics: Diagnostic[]): AxisNames | undefined {
  const [first] = elements
  if (first === undefined) return undefined
  diagnostics.push(...differing(elements))
  const names = sortedNames(elements.flatMap(({ texts }) => texts ?? []))
  return { names, order: names.every(isNumber) ? 'by number' : 'by name', from: first.item.given.from }
}

/** The names that somebody listed; what is said first counts, and the others must say the same ones. */
function listings(
  energy: Bindable,
  options: readonly GivenLabels[],
  columns: readonly AxisColumn[],
  diagnostics: Diagnostic[],
): ReadonlyMap<string, AxisNames> {
  const found = new Map<string, AxisNames>()
  const add = (axis: string, next: AxisNames): void => {
    const before = found.get(axis)
    if (before === undefined) found.set(axis, next)
    else diagnostics.push(...unlike(axis, before, next))
  }
  for (const { axis, names, from } of options) if (names !== undefined) add(axis, { names, order: 'given', from })
  for (const { name, labels } of energy.axes) {
    if (labels !== undefined) add(name, { names: labels, order: 'given', from: `the model (axis ${name})` })
  }
  for (const { axis, given, names } of columns) {
    if (names === undefined) continue
    const order = given.value.kind === 'numbers' ? 'by number' : 'given'
    add(axis, { names: order === 'by number' ? sortedNames(names) : names, order, from: given.from })
  }
  // Of a random axis that a store fills nobody has taken anything yet.
  for (const { name, size } of energy.axes)
    if (size.kind === 'unbounded' && !isSharedOut(energy, name) && !found.has(name))
      found.set(name, { names: [NEW], order: 'given', from: 'the empty store' })
  return found
}

function unlike(axis: string, before: AxisNames, next: AxisNames): readonly Diagnostic[] {
  const [place, other] = [numbering(before.names), numbering(next.names)]
  const strange = next.names.filter((name) => place(name) === undefined)
  const wanting = before.names.filter((name) => other(name) === undefined)
  if (strange.length === 0 && wanting.length === 0) return []
  const which = strange.length > 0 ? `names ${namesInWords(strange, 3)}` : `lacks ${namesInWords(wanting, 3)}`
  const not = strange.length > 0 ? 'has no such element' : 'has one'
  return [
    diagnostic('AMP521', `${next.from} ${which} in ${axis}; according to ${before.from} the axis ${not}.`, {
      place: next.from,
      expected: namesInWords(before.names),
    }),
  ]
}

/** Two columns of one axis mostly name the same elements. */
function differing(columns: readonly Elements[]): readonly Diagnostic[] {
  const seen = new Set<string>()
  return columns.flatMap(({ item: { given }, axis, texts = [] }, i) => {
    const [first, ...more] = i === 0 ? [] : sortedNames(texts.filter((text) => !seen.has(text)))
    for (const text of texts) seen.add(text)
    if (first === undefined) return []
    const which = more.length === 0 ? `"${first}"` : `"${first}" and ${more.length} more`
    return [diagnostic('AMP513', `${given.from} names ${which} in ${axis}, which earlier columns do not.`, { place: given.from })]
  })
}

function numberTexts(
  item: SizedGiven,
  axis: string,
  texts: readonly string[],
  known: AxisNames | undefined,
  diagnostics: Diagnostic[],
): SizedGiven {
  const place = numbering(known?.names ?? [])
  const data = Float64Array.from(texts, (text) => (text === '' ? Number.NaN : (place(text) ?? Number.NaN)))
  const strange = known === undefined ? [] : texts.flatMap((text, at) => (text !== '' && Number.isNaN(data[at]) ? [at] : []))
  const troubles = known?.order === 'by name' ? textTrouble(item.given, item.variable) : []
  diagnostics.push(...troubles)
  if (troubles.length > 0) return item
  const value = {
    ...numbers(shapeOf(item.given.value), data),
    strays: strange.map((at) => ({ at, text: texts[at] as string, told: true as const })),
  }
  if (known !== undefined) diagnostics.push(...unknownLabel(item.given, axis, strange, texts, known))
  return { ...item, given: { ...item.given, value } }
}

function unknownLabel(
  given: Given,
  axis: string,
  [at, ...more]: readonly number[],
  texts: readonly string[],
  { names }: AxisNames,
): readonly Diagnostic[] {
  if (at === undefined) return []
  const text = texts[at] as string
  const line = given.lines?.[at]
  const hint = didYouMean(text, names)
  return [
    diagnostic('AMP521', `${given.from} holds ${JSON.stringify(text)}, which is no element of ${axis}.${othersWrong(more.length)}`, {
      place: line === undefined ? given.from : `${given.from}, line ${line}`,
      expected: namesInWords(names),
      ...(hint === undefined ? {} : { hint }),
    }),
  ]
}

/** Rows that say which element each is are put in the order of the axis. */
function align(
  item: SizedGiven,
  columns: readonly AxisColumn[],
  names: ReadonlyMap<string, AxisNames>,
): { readonly item: SizedGiven; readonly byPosition: readonly string[] } {
  const { given, variable } = item
  if (given.value.kind !== 'numbers' || given.value.shape.length === 0) return { item, byPosition: [] }
  const own = columns.filter((c) => given.bundle !== undefined && c.given.bundle === given.bundle && variable.axes.includes(c.axis))
  const moved = own.reduce((at, column) => reorder(at, column, names.get(column.axis)), item)
  return { item: moved, byPosition: variable.axes.filter((axis) => !own.some((c) => c.axis === axis)) }
}

function reorder(item: SizedGiven, column: AxisColumn, known: AxisNames | undefined): SizedGiven {
  const place = numbering(known?.names ?? [])
  const to = column.numbers ?? column.names?.map((name) => place(name) ?? Number.NaN) ?? []
  const { given, variable } = item
  const { value } = given
  const shape = shapeOf(value)
  const extra = shape.length - variable.axes.length
  const at = variable.axes.indexOf(column.axis) + extra
  if (value.kind !== 'numbers' || extra < 0 || shape[at] !== to.length || to.some(Number.isNaN)) return item
  if (to.every((n, i) => n === i + 1)) return item
  const inner = shape.slice(at + 1).reduce((n, size) => n * size, 1)
  const data = new Float64Array(value.data.length)
  const moved = (place: number): number => {
    const row = Math.floor(place / inner) % to.length
    return place + ((to[row] as number) - 1 - row) * inner
  }
  for (let place = 0; place < data.length; place += 1) data[moved(place)] = value.data[place] as number
  const strays = value.strays?.map((stray) => ({ ...stray, at: moved(stray.at) }))
  const lines = at === 0 && given.lines !== undefined ? inOrderOf(given.lines, to) : given.lines
  return {
    ...item,
    given: { ...given, ...(lines === undefined ? {} : { lines }), value: { ...value, data, ...(strays === undefined ? {} : { strays }) } },
  }
}

/** What belongs to element 1, 2, ...: element `to[i]` comes from place i. */
function inOrderOf(lines: ArrayLike<number>, to: readonly number[]): ArrayLike<number> {
  const moved = new Uint32Array(lines.length)
  for (let i = 0; i < moved.length; i += 1) moved[(to[i] as number) - 1] = lines[i] as number
  return moved
}
