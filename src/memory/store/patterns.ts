import { must } from '../../base/internal-error.ts'
import { type Tensor, tensor, volume } from '../../base/tensor.ts'
import { changed, type StoreDraft } from './changes.ts'
import {
  type ConstantFact,
  labelPath,
  type PatternBlock,
  type PatternContent,
  type PatternRange,
  PIECE,
  patternPath,
  piecePath,
  plainPath,
  type StorePath,
  valueAt,
} from './document.ts'
import type { Shelf, ShelfView, StoreHead } from './shelf.ts'

/** Patterns to be appended, and what else they change. */
export interface NewPatterns {
  /** Where their numbers are, in order. */
  readonly blocks: readonly { readonly count: number; readonly content?: string }[]
  readonly label?: string
  readonly time?: string
  /** Memories of constant size as they are with these patterns. */
  readonly numbers: ReadonlyMap<string, Float64Array>
  readonly sizes: Readonly<Record<string, number>>
  /** Sizes of axes that grow as patterns need it. */
  readonly lengths?: Readonly<Record<string, number>>
  readonly names: Readonly<Record<string, readonly string[]>>
  readonly constants: Readonly<Record<string, ConstantFact>>
}

/** Patterns to be forgotten, and what is left of memories of constant size. */
export interface Forgotten {
  readonly ranges: readonly PatternRange[]
  readonly label?: string
  readonly time?: string
  /** How many patterns were taken out of memories of constant size without being among those above. */
  readonly shown?: number
  readonly numbers: ReadonlyMap<string, Float64Array>
  readonly lengths?: Readonly<Record<string, number>>
}

/** The store has changed since `version`, on which what was to be written depends. */
export const MOVED = 'moved'

/** Where patterns came to lie, and the version of the store with them. */
export interface Appended {
  readonly first: number
  readonly version: number
}

/** Appends patterns under new numbers, unless the store has `moved` on from a version that it had to have. */
export function append(shelf: Shelf, patterns: NewPatterns, action: 'begin' | 'write', version?: number): Appended | typeof MOVED {
  let done: Appended | typeof MOVED = MOVED
  shelf.transact((view) => {
    const head = must(view.head, 'head of the store')
    if ((version !== undefined && version !== head.version) || differs(view, patterns)) return undefined
    const update = appended(view, head, patterns, action)
    done = { first: head.next, version: update.head.version }
    return update
  })
  return done
}

/** Whether somebody else has given the same label meanwhile, or begun the store with other sizes or constants. */
function differs(view: ShelfView, { label, sizes, constants }: NewPatterns): boolean {
  const taken = label === undefined ? [] : [labelPath(label)]
  const axes = Object.entries(sizes).map(([axis, size]) => ({ path: plainPath('sizes', axis), is: (now: unknown) => now === size }))
  const facts = Object.entries(constants).map(([name, { digest }]) => ({
    path: plainPath('constants', name),
    is: (now: unknown) => (now as ConstantFact).digest === digest,
  }))
  const all = [...taken.map((path) => ({ path, is: () => false })), ...axes, ...facts]
  const document = view.part(all.map((item) => item.path))
  return all.some(({ path, is }) => {
    const now = valueAt(document, path)
    return now !== undefined && !is(now)
  })
}

function appended(
  view: ShelfView,
  head: StoreHead,
  { blocks, label, time, numbers, sizes, lengths = {}, names, constants }: NewPatterns,
  action: 'begin' | 'write',
) {
  const { next: first } = head
  const placed: PatternBlock[] = []
  let next = first
  for (const { count, content } of blocks) {
    placed.push({ first: next, count, ...(content === undefined ? {} : { content }) })
    next += count
  }
  const count = next - first
  const paths = [
    ...placed.map((b) => patternPath('patterns', b.first)),
    ...(label === undefined ? [] : [labelPath(label)]),
    ...Object.keys({ ...sizes, ...lengths }).map((axis) => plainPath('sizes', axis)),
    ...Object.keys(names).map((axis) => plainPath('names', axis)),
    ...Object.keys(constants).map((name) => plainPath('constants', name)),
    ...piecesOf(numbers),
  ]
  const what = { ...(label === undefined ? {} : { label }), ...(time === undefined ? {} : { time }), first, count }
  return changed(view, { ...head, next }, { action, ...what }, paths, (draft) => {
    for (const block of placed) put(draft, patternPath('patterns', block.first), block)
    if (label !== undefined) put(draft, labelPath(label), { first, count })
    putLengths(draft, lengths)
    for (const [axis, size] of Object.entries(sizes)) if (draft.sizes.all?.[axis] === undefined) put(draft, plainPath('sizes', axis), size)
    for (const [axis, all] of Object.entries(names)) if (draft.names.all?.[axis] === undefined) put(draft, plainPath('names', axis), all)
    for (const [name, fact] of Object.entries(constants))
      if (draft.constants.all?.[name] === undefined) put(draft, plainPath('constants', name), fact)
    putNumbers(draft, numbers)
  })
}

/** Marks patterns as forgotten; whether the store was still at the version that it had to be at. */
export function markForgotten(
  shelf: Shelf,
  { ranges, label, time, shown = 0, numbers, lengths = {} }: Forgotten,
  version: number,
): boolean {
  const all = ranges.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i))
  return shelf.transact((view) => {
    const head = must(view.head, 'head of the store')
    if (head.version !== version) return undefined
    const what = { ...(label === undefined ? {} : { label }), ...(time === undefined ? {} : { time }) }
    const about = { action: 'forget', ...what, ...(all[0] === undefined ? {} : { first: all[0] }), count: all.length + shown } as const
    const paths = [
      ...all.map((n) => patternPath('gone', n)),
      ...(label === undefined ? [] : [labelPath(label)]),
      ...Object.keys(lengths).map((axis) => plainPath('sizes', axis)),
      ...piecesOf(numbers),
    ]
    return changed(view, head, about, paths, (draft) => {
      for (const n of all) put(draft, patternPath('gone', n), true)
      if (label !== undefined) remove(draft, labelPath(label))
      putLengths(draft, lengths)
      putNumbers(draft, numbers)
    })
  })
}

/** Posteriors that went back toward their priors; whether the store was still at the version that it had to be at. */
export function markFaded(
  shelf: Shelf,
  {
    action,
    by,
    time,
    numbers,
  }: { readonly action: 'decay' | 'discount'; readonly by: number; readonly time?: string } & Pick<Forgotten, 'numbers'>,
  version: number,
): boolean {
  return shelf.transact((view) => {
    const head = must(view.head, 'head of the store')
    if (head.version !== version) return undefined
    const about = { action, by, count: 0, ...(time === undefined ? {} : { time }) }
    return changed(view, head, about, piecesOf(numbers), (draft) => putNumbers(draft, numbers))
  })
}

function putLengths(draft: StoreDraft, lengths: Readonly<Record<string, number>>): void {
  for (const [axis, size] of Object.entries(lengths)) if (draft.sizes.all?.[axis] !== size) put(draft, plainPath('sizes', axis), size)
}

function put(draft: StoreDraft, [part, page, key]: StorePath, value: StoreDraft[keyof StoreDraft][string][string]): void {
  must(draft[part][page], 'page')[key] = value
}

function remove(draft: StoreDraft, [part, page, key]: StorePath): void {
  delete draft[part][page]?.[key]
}

function piecesOf(numbers: ReadonlyMap<string, Float64Array>): readonly StorePath[] {
  return [...numbers].flatMap(([name, { length }]) => Array.from({ length: Math.ceil(length / PIECE) }, (_, i) => piecePath(name, i)))
}

/** The pieces that are not what they were. */
function putNumbers(draft: StoreDraft, numbers: ReadonlyMap<string, Float64Array>): void {
  for (const [name, data] of numbers)
    for (let from = 0; from < data.length; from += PIECE) {
      const piece = data.slice(from, from + PIECE)
      const path = piecePath(name, from / PIECE)
      const before = draft.numbers[name]?.[path[2]]
      if (!(before instanceof Float64Array) || !isSame(before, piece)) put(draft, path, piece)
    }
}

/** To the bit: -0 is not 0. */
function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((v, i) => Object.is(v, b[i]))
}

/** A memory of constant size; undefined where nothing was written to it. */
export function numbersOf(shelf: Shelf, name: string, length: number): Float64Array | undefined {
  const data = new Float64Array(length)
  for (let from = 0; from < length; from += PIECE) {
    const piece = shelf.value(piecePath(name, from / PIECE))
    if (!(piece instanceof Float64Array)) return undefined
    data.set(piece, from)
  }
  return data
}

/** The patterns that a number or a label means and that are there; undefined where there are none. */
export function patternsCalled(shelf: Shelf, name: string): PatternRange | undefined {
  if (!/^[1-9]\d{0,15}$/.test(name)) return shelf.value(labelPath(name)) as PatternRange | undefined
  const number = Number(name)
  return holdsPattern(shelf, number) ? { first: number, count: 1 } : undefined
}

export function holdsPattern(shelf: Shelf, number: number): boolean {
  const block = shelf.blockBefore(number)
  return block !== undefined && number < block.first + block.count && shelf.value(patternPath('gone', number)) === undefined
}

/** What is left of the patterns of a range. */
export function stillThere(shelf: Shelf, { first, count }: PatternRange): readonly PatternRange[] {
  const numbers = Array.from({ length: count }, (_, i) => first + i).filter((n) => holdsPattern(shelf, n))
  return numbers.map((n) => ({ first: n, count: 1 }))
}

/** Numbers of all patterns that are there, in order, a run for each stretch of a block that has no gap. */
export function* runsOf(shelf: Shelf): Generator<{ readonly first: number; readonly count: number; readonly block: PatternBlock }> {
  const gone = new Set<number>()
  for (const [[, , key]] of shelf.values('gone')) gone.add(Number(key))
  for (const [, block] of shelf.values('patterns')) {
    const end = block.first + block.count
    for (let first = block.first; first < end; ) {
      let last = first
      while (last < end && !gone.has(last)) last += 1
      if (last > first) yield { first, count: last - first, block }
      first = last + 1
    }
  }
}

export function patternCount(shelf: Shelf): number {
  let count = 0
  for (const run of runsOf(shelf)) count += run.count
  return count
}

/** A memory that grows along `axis`, its patterns in order. `axes` are those of the memory, `size` of all others. */
export function stacked(shelf: Shelf, name: string, axes: readonly string[], axis: string, size: (axis: string) => number): Tensor {
  const length = patternCount(shelf)
  const at = axes.indexOf(axis)
  const [outer, inner] = [volume(axes.slice(0, at).map(size)), volume(axes.slice(at + 1).map(size))]
  const data = new Float64Array(outer * length * inner)
  let k = 0
  for (const { first, count, block } of runsOf(shelf)) {
    const rows = rowsOf(shelf.content(must(block.content, 'content')), 'rows', name)
    const from = (first - block.first) * outer * inner
    // Alone or in front, the axis makes one stretch of numbers of a run of patterns.
    if (outer === 1) data.set(rows.subarray(from, from + count * inner), k * inner)
    else
      for (let i = 0; i < count; i += 1)
        for (let o = 0; o < outer; o += 1) {
          const start = from + (i * outer + o) * inner
          data.set(rows.subarray(start, start + inner), (o * length + k + i) * inner)
        }
    k += count
  }
  return tensor(
    axes,
    axes.map((a) => (a === axis ? length : size(a))),
    data,
  )
}

/** The numbers that one name has in a block. */
export function rowsOf(content: PatternContent, kind: keyof PatternContent, name: string): Float64Array {
  return must(content[kind][name], `numbers of ${name}`)
}

/** What patterns were written from, one after the other: `of(number, values by name)`. */
export function eachWritten(
  shelf: Shelf,
  ranges: readonly PatternRange[],
  of: (number: number, values: Readonly<Record<string, Float64Array>>) => void,
): void {
  for (const { first, count } of ranges)
    for (let n = first; n < first + count; n += 1) {
      const block = must(shelf.blockBefore(n), `pattern ${n}`)
      const { written } = shelf.content(must(block.content, 'content'))
      const values = Object.entries(written).map(([name, all]): [string, Float64Array] => {
        const width = all.length / block.count
        return [name, all.subarray((n - block.first) * width, (n - block.first + 1) * width)]
      })
      of(n, Object.fromEntries(values))
    }
}

/** What patterns are called: their label where it is theirs alone, else their number. */
export function patternNames(shelf: Shelf): readonly string[] {
  const labels = new Map<number, string>()
  for (const [[, , label], { first, count }] of shelf.values('labels'))
    for (let i = 0; i < count; i += 1) labels.set(first + i, count === 1 ? label : `${label} ${i + 1}`)
  const names: string[] = []
  for (const { first, count } of runsOf(shelf)) for (let n = first; n < first + count; n += 1) names.push(labels.get(n) ?? String(n))
  return names
}

export function sizesIn(shelf: Shelf): Readonly<Record<string, number>> {
  return Object.fromEntries([...shelf.values('sizes')].map(([[, , axis], size]) => [axis, size]))
}

export function namesIn(shelf: Shelf): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries([...shelf.values('names')].map(([[, , axis], names]) => [axis, names]))
}
