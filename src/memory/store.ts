import { applyPatches, enablePatches, type Patch, produceWithPatches } from 'immer'
import { InternalError, must } from '../base/internal-error.ts'
import { type Tensor, tensor, volume } from '../base/tensor.ts'

enablePatches()

/**
 * What a model keeps: memories that grow along one axis, a slot a row, and memories of constant size. Immutable: every
 * change makes a new store, and the patches of each are the journal and the undo. Numbers are replaced, never written.
 */
export interface Store {
  /** The axis along which slots lie. */
  readonly axis: string
  /** Memories along `axis`: their axes in declared order and sizes of all but `axis`. */
  readonly growing: Readonly<Record<string, Growing>>
  readonly slots: readonly Slot[]
  /** Memories of constant size. */
  readonly constant: Readonly<Record<string, Tensor>>
  readonly journal: readonly JournalEntry[]
  /** Numbers the slots that were not named. */
  readonly written: number
}

export interface Growing {
  readonly axes: readonly string[]
  readonly sizes: Readonly<Record<string, number>>
}

export interface Slot {
  readonly label: string
  /** By memory: its numbers over its axes without the growing one, in declared order. */
  readonly rows: Readonly<Record<string, Float64Array>>
}

export interface JournalEntry {
  readonly action: 'write' | 'forget' | 'replace'
  /** The slot, or the memory of constant size. */
  readonly what: string
  readonly patches: readonly Patch[]
  readonly inverse: readonly Patch[]
}

/** An empty store. */
export function emptyStore(axis: string, growing: Store['growing'], constant: Store['constant'] = {}): Store {
  for (const [name, { axes }] of Object.entries(growing)) {
    if (!axes.includes(axis)) throw new InternalError(`the memory ${name} does not have the axis ${axis}`)
  }
  return { axis, growing, slots: [], constant, journal: [], written: 0 }
}

/** A store that holds what `memories` hold along `axis` (all of the same length), with labels where given. */
export function storeOf(axis: string, memories: Readonly<Record<string, Tensor>>, labels: readonly string[] = []): Store {
  const along = Object.entries(memories).filter(([, t]) => t.axes.includes(axis))
  const constant = Object.fromEntries(Object.entries(memories).filter(([, t]) => !t.axes.includes(axis)))
  const growing = Object.fromEntries(along.map(([name, t]) => [name, { axes: t.axes, sizes: sizesBut(axis, t) }]))
  const lengths = new Set(along.map(([, t]) => t.shape[t.axes.indexOf(axis)] as number))
  if (lengths.size > 1) throw new InternalError(`memories of different lengths along ${axis}: ${[...lengths]}`)
  const length = [...lengths][0] ?? 0
  const slots = Array.from({ length }, (_, k) => ({
    label: labels[k] ?? String(k + 1),
    rows: Object.fromEntries(along.map(([name, t]) => [name, rowOf(t, axis, k)])),
  }))
  return { ...emptyStore(axis, growing, constant), slots, written: length }
}

/** Appends a slot. Its label is new; numbered from 1 in the order of writing where none is given. */
export function write(store: Store, rows: Slot['rows'], label?: string): Store {
  const name = label ?? freshLabel(store)
  if (store.slots.some((slot) => slot.label === name)) throw new InternalError(`two slots named ${name}`)
  const checked = Object.fromEntries(
    Object.entries(store.growing).map(([memory, shape]) => [memory, checkedRow(store, memory, shape, rows[memory])]),
  )
  return change(store, 'write', name, (draft) => {
    draft.slots.push({ label: name, rows: checked })
    draft.written += 1
  })
}

/** Removes a slot, by its label. */
export function forget(store: Store, label: string): Store {
  const at = store.slots.findIndex((slot) => slot.label === label)
  if (at < 0) throw new InternalError(`no slot named ${label}`)
  // A new array is one patch; a splice would be one for every slot behind.
  const left = store.slots.filter((_, k) => k !== at)
  return change(store, 'forget', label, (draft) => {
    draft.slots = left
  })
}

/** Gives a memory of constant size (an accumulator, a count) new numbers. */
export function replace(store: Store, name: string, data: Float64Array): Store {
  const old = must(store.constant[name], `the memory ${name}`)
  if (data.length !== old.data.length) throw new InternalError(`${name} holds ${old.data.length} numbers, not ${data.length}`)
  return change(store, 'replace', name, (draft) => {
    draft.constant[name] = tensor(old.axes, old.shape, data.slice())
  })
}

/** The store before its last change; the same store when nothing has happened. */
export function undo(store: Store): Store {
  const last = store.journal.at(-1)
  if (last === undefined) return store
  return { ...applyPatches(contents(store), [...last.inverse]), journal: store.journal.slice(0, -1) }
}

/** Every memory as a tensor, slots in their order. */
export function tensors(store: Store): Readonly<Record<string, Tensor>> {
  const grown = Object.entries(store.growing).map(([name, shape]) => [name, stacked(store, name, shape)] as const)
  return { ...Object.fromEntries(grown), ...store.constant }
}

/** What a store holds, leaving out how it came to hold it. */
export function holds(store: Store): Readonly<{ slots: readonly Slot[]; constant: Store['constant'] }> {
  return { slots: store.slots, constant: store.constant }
}

type StoreContents = Omit<Store, 'journal'>

interface StoreDraft {
  slots: Slot[]
  constant: Record<string, Tensor>
  written: number
}

function contents(store: Store): StoreContents {
  const { journal: _, ...rest } = store
  return rest
}

function change(store: Store, action: JournalEntry['action'], what: string, recipe: (draft: StoreDraft) => void): Store {
  const [next, patches, inverse] = produceWithPatches(contents(store), (draft) => recipe(draft as unknown as StoreDraft))
  return { ...next, journal: [...store.journal, { action, what, patches, inverse }] }
}

function freshLabel(store: Store): string {
  const taken = new Set(store.slots.map((slot) => slot.label))
  let number = store.written + 1
  while (taken.has(String(number))) number += 1
  return String(number)
}

function checkedRow(store: Store, memory: string, shape: Growing, row: Float64Array | undefined): Float64Array {
  const expected = volume(rest(store.axis, shape).map((axis) => sizeIn(shape, axis)))
  const given = must(row, `row of ${memory}`)
  if (given.length !== expected) throw new InternalError(`a row of ${memory} holds ${expected} numbers, not ${given.length}`)
  return given.slice()
}

function rest(axis: string, shape: Growing): readonly string[] {
  return shape.axes.filter((a) => a !== axis)
}

function sizeIn(shape: Growing, axis: string): number {
  return must(shape.sizes[axis], `size of ${axis}`)
}

function sizesBut(axis: string, t: Tensor): Record<string, number> {
  return Object.fromEntries(t.axes.flatMap((a, k) => (a === axis ? [] : [[a, t.shape[k] as number]])))
}

/** Numbers before, along and after the axis: `data[(o * length + k) * inner + i]`. */
function around(axes: readonly string[], axis: string, size: (axis: string) => number): { readonly outer: number; readonly inner: number } {
  const at = axes.indexOf(axis)
  return { outer: volume(axes.slice(0, at).map(size)), inner: volume(axes.slice(at + 1).map(size)) }
}

function rowOf(t: Tensor, axis: string, k: number): Float64Array {
  const length = t.shape[t.axes.indexOf(axis)] as number
  const { outer, inner } = around(t.axes, axis, (a) => t.shape[t.axes.indexOf(a)] as number)
  const row = new Float64Array(outer * inner)
  for (let o = 0; o < outer; o += 1) row.set(t.data.subarray((o * length + k) * inner, (o * length + k + 1) * inner), o * inner)
  return row
}

function stacked(store: Store, name: string, shape: Growing): Tensor {
  const length = store.slots.length
  const size = (axis: string): number => (axis === store.axis ? length : sizeIn(shape, axis))
  const { outer, inner } = around(shape.axes, store.axis, size)
  const data = new Float64Array(outer * length * inner)
  store.slots.forEach((slot, k) => {
    const row = must(slot.rows[name], `row of ${name}`)
    for (let o = 0; o < outer; o += 1) data.set(row.subarray(o * inner, (o + 1) * inner), (o * length + k) * inner)
  })
  return tensor(shape.axes, shape.axes.map(size), data)
}
