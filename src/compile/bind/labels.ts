import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/suggest.ts'
import type { Bindable, GivenLabels } from '../bind.ts'
import { type Given, numbers, shapeOf } from '../given.ts'
import { type AxisColumn, hasWords } from './axis-columns.ts'
import { groupsOf } from './groups.ts'
import { isNumber, namesInWords, numbering, sortedNames } from './names.ts'
import type { SizedGiven } from './sizes.ts'
import { textTrouble } from './texts.ts'

/** What the elements of an axis are called. */
export interface AxisNames {
  readonly names: readonly string[]
  /** Who said in which order they come: somebody, or nobody, and then it is that of the names. */
  readonly order: 'given' | 'by number' | 'by name'
  readonly from: string
}

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
  const listed = listings(energy, options, columns, diagnostics)
  const asNames = new Set(options.filter((o) => o.names === undefined).flatMap(({ axis }) => groups.get(axis) ?? []))
  const names = new Map<string, AxisNames>()
  for (const { name } of energy.axes) {
    const own = listed.get(name) ?? (groups.get(name) ?? []).flatMap((other) => listed.get(other) ?? [])[0]
    if (own !== undefined) names.set(name, own)
  }
  const numbersName = (axis: string): boolean => asNames.has(axis) || (names.get(axis)?.names.every(isNumber) ?? false)
  const read = sized.map((item) => ({ item, texts: textsOf(item, numbersName) }))
  for (const group of new Set(groups.values())) {
    const found = read.filter(
      ({ item, texts }) => texts !== undefined && group.includes(elementAxis(item) ?? '') && !names.has(elementAxis(item) ?? ''),
    )
    if (found.length === 0) continue
    diagnostics.push(
      ...differing(
        found.map(({ item, texts }) => ({ given: item.given, texts: texts ?? [] })),
        elementAxis(found[0]?.item) ?? '',
      ),
    )
    const all = sortedNames(found.flatMap(({ texts }) => texts ?? []))
    const settled: AxisNames = { names: all, order: all.every(isNumber) ? 'by number' : 'by name', from: found[0]?.item.given.from ?? '' }
    for (const axis of group) if (!names.has(axis)) names.set(axis, settled)
  }
  const numbered = read.map(({ item, texts }) => (texts === undefined ? item : numberTexts(item, texts, names, diagnostics)))
  for (const { given, variable } of sized) {
    const trouble = variable.type.kind === 'element' ? undefined : textTrouble(given, variable)
    if (trouble !== undefined) diagnostics.push(trouble)
  }
  const aligned = numbered.map((item) => align(item, columns, names))
  return {
    names,
    sized: aligned.map(({ item }) => item),
    byPosition: new Map(aligned.map(({ item, byPosition }) => [item, byPosition])),
    byNumber: read.flatMap(({ item, texts }) => (texts === undefined && elementAxis(item) !== undefined ? [item] : [])),
    diagnostics,
  }
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
  return found
}

function unlike(axis: string, before: AxisNames, next: AxisNames): readonly Diagnostic[] {
  const [place, other] = [numbering(before.names), numbering(next.names)]
  const strange = next.names.filter((name) => place(name) === undefined)
  const wanting = before.names.filter((name) => other(name) === undefined)
  if (strange.length === 0 && wanting.length === 0) return []
  const which = strange.length > 0 ? `names ${namesInWords(strange, 3)}` : `lacks ${namesInWords(wanting, 3)}`
  const not = strange.length > 0 ? 'has no such element' : 'has it'
  return [
    diagnostic('AMP521', `${next.from} ${which} in ${axis}, which by ${before.from} ${not}.`, {
      place: next.from,
      expected: namesInWords(before.names),
    }),
  ]
}

function elementAxis(item: SizedGiven | undefined): string | undefined {
  return item?.variable.type.kind === 'element' ? item.variable.type.axis : undefined
}

/** The names that a value gives for elements; none where it gives their numbers, or no elements. */
function textsOf({ given, variable }: SizedGiven, numbersName: (axis: string) => boolean): readonly string[] | undefined {
  if (variable.type.kind !== 'element') return undefined
  const { value } = given
  if (value.kind === 'labels') return value.labels
  if (hasWords(value.texts)) return value.texts
  if (!numbersName(variable.type.axis)) return undefined
  return value.texts ?? Array.from(value.data, (v) => (Number.isNaN(v) ? '' : String(v)))
}

/** Two columns of one axis mostly name the same elements. */
function differing(columns: readonly { readonly given: Given; readonly texts: readonly string[] }[], axis: string): readonly Diagnostic[] {
  const seen = new Set<string>()
  return columns.flatMap(({ given, texts }, i) => {
    const [first, ...more] = i === 0 ? [] : sortedNames(texts.filter((text) => !seen.has(text)))
    for (const text of texts) seen.add(text)
    if (first === undefined) return []
    const which = more.length === 0 ? `"${first}"` : `"${first}" and ${more.length} more`
    return [diagnostic('AMP513', `${given.from} names ${which} in ${axis}, which earlier columns do not.`, { place: given.from })]
  })
}

function numberTexts(
  item: SizedGiven,
  texts: readonly string[],
  names: ReadonlyMap<string, AxisNames>,
  diagnostics: Diagnostic[],
): SizedGiven {
  const axis = elementAxis(item) ?? ''
  const known = names.get(axis)
  const place = numbering(known?.names ?? [])
  const data = Float64Array.from(texts, (text) => (text === '' ? Number.NaN : (place(text) ?? Number.NaN)))
  const strange = texts.findIndex((text, i) => text !== '' && Number.isNaN(data[i]))
  const trouble = known?.order === 'by name' ? textTrouble(item.given, item.variable) : undefined
  if (trouble !== undefined) diagnostics.push(trouble)
  else if (strange >= 0 && known !== undefined) diagnostics.push(stranger(item.given, axis, strange, texts, known))
  return { ...item, given: { ...item.given, value: numbers(shapeOf(item.given.value), data) } }
}

function stranger(given: Given, axis: string, at: number, texts: readonly string[], { names }: AxisNames): Diagnostic {
  const text = texts[at] as string
  const line = given.lines?.[at]
  const hint = didYouMean(text, names)
  return diagnostic('AMP521', `${given.from} holds ${JSON.stringify(text)}, which is no element of ${axis}.`, {
    place: line === undefined ? given.from : `${given.from}, line ${line}`,
    expected: namesInWords(names),
    ...(hint === undefined ? {} : { hint }),
  })
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
  for (let from = 0; from < data.length; from += 1) {
    const row = Math.floor(from / inner) % to.length
    data[from + ((to[row] as number) - 1 - row) * inner] = value.data[from] as number
  }
  const lines = at === 0 && given.lines !== undefined ? inOrderOf(given.lines, to) : given.lines
  return { ...item, given: { ...given, ...(lines === undefined ? {} : { lines }), value: { ...value, data } } }
}

/** What belongs to element 1, 2, ...: element `to[i]` comes from place i. */
function inOrderOf(lines: ArrayLike<number>, to: readonly number[]): ArrayLike<number> {
  const moved = new Uint32Array(lines.length)
  for (let i = 0; i < moved.length; i += 1) moved[(to[i] as number) - 1] = lines[i] as number
  return moved
}
