import fc from 'fast-check'
import { expect, test } from 'vitest'
import { indexOf, newBlock, type ScheduledItem } from '../../../src/targets/loops/schedule/blocks.ts'

test('items are found where they were put, wherever that is', () => {
  const place = fc.oneof(fc.constant(0), fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }))
  fc.assert(
    fc.property(fc.array(place, { maxLength: 400 }), (places) => {
      const block = newBlock(0)
      const plain: ScheduledItem[] = []
      for (const [id, share] of places.entries()) {
        const item: ScheduledItem = { kind: 'statement', id, rank: 0 }
        const at = Math.round(share * plain.length)
        block.items.insert(at, item)
        plain.splice(at, 0, item)
      }
      expect([...block.items]).toEqual(plain)
      expect(plain.map((_, i) => block.items.at(i))).toEqual(plain)
      for (const [i, item] of plain.entries()) expect(indexOf(block, item)).toBe(i)
    }),
    { seed: 31, numRuns: 100 },
  )
})

test('many items in one place get new ranks when no number is left between', () => {
  const block = newBlock(0)
  const items = Array.from({ length: 3000 }, (_, id): ScheduledItem => ({ kind: 'statement', id, rank: 0 }))
  for (const item of items) block.items.insert(Math.min(1, block.items.length), item)
  const [first, ...others] = items
  expect([...block.items]).toEqual([first, ...others.reverse()])
  const all = [...block.items]
  expect(all.map((item) => indexOf(block, item))).toEqual(all.map((_, i) => i))
})

test('items are kept by what holds of them, and go on being found', () => {
  const block = newBlock(0)
  for (let id = 0; id < 2000; id += 1) block.items.insert(id >> 1, { kind: 'statement', id, rank: 0 })
  const kept = [...block.items].filter((item) => item.kind === 'statement' && item.id % 3 === 0)
  block.items.keep((item) => kept.includes(item))
  expect([...block.items]).toEqual(kept)
  expect(block.items.length).toBe(kept.length)
  for (const [i, item] of kept.entries()) expect(indexOf(block, item)).toBe(i)
})

// A plain list would move 6 10^7 of them, a quarter of the square.
test('an insertion into the middle of many items moves a few of them', () => {
  const block = newBlock(0)
  for (let id = 0; id < 16_000; id += 1) block.items.insert(id >> 1, { kind: 'statement', id, rank: 0 })
  expect(block.items.length).toBe(16_000)
  expect(block.items.moves).toBeLessThan(256 * 16_000)
})
