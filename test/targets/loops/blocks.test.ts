import fc from 'fast-check'
import { expect, test } from 'vitest'
import { indexOf, insert, newBlock, type ScheduledItem } from '../../../src/targets/loops/schedule/blocks.ts'

test('items are found where they were put, wherever that is', () => {
  const place = fc.oneof(fc.constant(0), fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }))
  fc.assert(
    fc.property(fc.array(place, { maxLength: 400 }), (places) => {
      const block = newBlock(0)
      const plain: ScheduledItem[] = []
      for (const [id, share] of places.entries()) {
        const item: ScheduledItem = { kind: 'statement', id, rank: 0 }
        const at = Math.round(share * plain.length)
        insert(block, at, item)
        plain.splice(at, 0, item)
      }
      expect(block.items).toEqual(plain)
      for (const [i, item] of plain.entries()) expect(indexOf(block, item)).toBe(i)
    }),
    { seed: 31, numRuns: 100 },
  )
})

test('many items in one place get new ranks when no number is left between', () => {
  const block = newBlock(0)
  const items = Array.from({ length: 3000 }, (_, id): ScheduledItem => ({ kind: 'statement', id, rank: 0 }))
  for (const item of items) insert(block, Math.min(1, block.items.length), item)
  const [first, ...others] = items
  expect(block.items).toEqual([first, ...others.reverse()])
  expect(block.items.map((item) => indexOf(block, item))).toEqual(block.items.map((_, i) => i))
})
