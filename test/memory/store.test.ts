import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tensor } from '../../src/base/tensor.ts'
import { emptyStore, forget, holds, replace, type Store, storeOf, tensors, undo, write } from '../../src/memory/store.ts'

const empty = emptyStore(
  'pattern',
  {
    key: { axes: ['pattern', 'dim'], sizes: { dim: 2 } },
    // The growing axis lies in the middle here, so that stacking has to interleave.
    value: { axes: ['row', 'pattern', 'col'], sizes: { row: 2, col: 3 } },
  },
  { count: tensor([], [], Float64Array.of(0)) },
)
const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
const slot = fc.record({ key: fc.array(finite, { minLength: 2, maxLength: 2 }), value: fc.array(finite, { minLength: 6, maxLength: 6 }) })
const rows = (s: { key: number[]; value: number[] }): Record<string, Float64Array> => ({
  key: Float64Array.from(s.key),
  value: Float64Array.from(s.value),
})
const filled = fc.array(slot, { maxLength: 6 }).map((slots) => slots.reduce((store: Store, s) => write(store, rows(s)), empty))

describe('a store', () => {
  it('lays its slots along their axis', () => {
    const a = write(empty, { key: Float64Array.of(1, 2), value: Float64Array.of(1, 2, 3, 4, 5, 6) })
    const b = write(a, { key: Float64Array.of(3, 4), value: Float64Array.of(7, 8, 9, 10, 11, 12) }, 'second')
    expect(tensors(b).key).toEqual(tensor(['pattern', 'dim'], [2, 2], Float64Array.of(1, 2, 3, 4)))
    expect(tensors(b).value?.shape).toEqual([2, 2, 3])
    expect(tensors(b).value?.data).toEqual(Float64Array.of(1, 2, 3, 7, 8, 9, 4, 5, 6, 10, 11, 12))
    expect(b.slots.map((s) => s.label)).toEqual(['1', 'second'])
    expect(tensors(a).key?.shape).toEqual([1, 2])
    expect(empty.slots).toEqual([])
  })

  it('takes in what memories hold and gives it back', () => {
    fc.assert(
      fc.property(filled, (store) => {
        const back = storeOf('pattern', tensors(store))
        expect(holds(back)).toEqual({ ...holds(store), slots: store.slots.map((s, k) => ({ ...s, label: String(k + 1) })) })
        expect(tensors(back)).toEqual(tensors(store))
      }),
    )
  })

  it('writing then forgetting is the identity', () => {
    fc.assert(
      fc.property(filled, slot, (store, s) => {
        const there = write(store, rows(s), 'new')
        expect(there.slots.length).toBe(store.slots.length + 1)
        const back = forget(there, 'new')
        expect(holds(back)).toEqual(holds(store))
        expect(tensors(back)).toEqual(tensors(store))
      }),
    )
  })

  it('forgets only what it is told to, wherever it lies', () => {
    fc.assert(
      fc.property(fc.array(slot, { minLength: 1, maxLength: 6 }), fc.nat(), (slots, pick) => {
        const store = slots.reduce((s: Store, r, k) => write(s, rows(r), `slot ${k}`), empty)
        const gone = pick % slots.length
        expect(forget(store, `slot ${gone}`).slots).toEqual(store.slots.filter((_, k) => k !== gone))
      }),
    )
  })

  it('does not mind the order of writing, up to the order of its slots', () => {
    fc.assert(
      fc.property(fc.array(slot, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (slots, order) => {
        const named = slots.map((s, k) => ({ s, label: `slot ${k}` }))
        const shuffled = named
          .map((n) => ({ n, at: order.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ n }) => n)
        const fill = (all: typeof named): Store => all.reduce((s: Store, { s: r, label }) => write(s, rows(r), label), empty)
        const sorted = (store: Store): unknown => store.slots.toSorted((a, b) => (a.label < b.label ? -1 : 1))
        expect(sorted(fill(shuffled))).toEqual(sorted(fill(named)))
      }),
    )
  })

  it('undoes any run of changes, step by step, back to the start', () => {
    const change = fc.oneof(
      slot.map((s) => (store: Store) => write(store, rows(s))),
      fc
        .nat()
        .map(
          (k) => (store: Store) => (store.slots.length === 0 ? store : forget(store, store.slots[k % store.slots.length]?.label as string)),
        ),
      finite.map((v) => (store: Store) => replace(store, 'count', Float64Array.of(v))),
    )
    fc.assert(
      fc.property(fc.array(change, { maxLength: 10 }), (changes) => {
        const past = [empty]
        for (const c of changes) past.push(c(past.at(-1) as Store))
        let store = past.at(-1) as Store
        for (let k = past.length - 1; k >= 0; k -= 1) {
          expect(store).toEqual(past[k])
          // A change that found nothing to forget left no entry.
          if (past[k - 1] !== past[k]) store = undo(store)
        }
        expect(holds(store)).toEqual(holds(empty))
      }),
    )
  })

  it('keeps numbers of its own', () => {
    const key = Float64Array.of(1, 2)
    const store = write(empty, { key, value: new Float64Array(6) })
    key[0] = 99
    expect(tensors(store).key?.data[0]).toBe(1)
    const [entry] = store.journal
    expect([entry?.action, entry?.what]).toEqual(['write', '1'])
  })

  it('never gives a label twice', () => {
    const two = write(write(empty, rows({ key: [1, 1], value: [0, 0, 0, 0, 0, 0] })), rows({ key: [2, 2], value: [0, 0, 0, 0, 0, 0] }))
    const again = write(forget(two, '1'), rows({ key: [3, 3], value: [0, 0, 0, 0, 0, 0] }))
    expect(again.slots.map((s) => s.label)).toEqual(['2', '3'])
    expect(() => write(two, rows({ key: [1, 1], value: [0, 0, 0, 0, 0, 0] }), '2')).toThrow('two slots named 2')
  })
})
