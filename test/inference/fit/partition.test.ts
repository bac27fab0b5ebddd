import { expect, it } from 'vitest'
import { leastVariation, variation } from '../../../src/inference/fit/partition.ts'

it('is the variation of information, whatever blocks are called', () => {
  expect(variation([1, 1, 2, 2], [7, 7, 3, 3])).toBe(0)
  // Of halves against quarters: H = log 4, given which nothing is left to know of the halves.
  expect(variation([1, 1, 2, 2], [1, 2, 3, 4])).toBeCloseTo(Math.log(2), 12)
  // Independent halves: both entropies are log 2.
  expect(variation([1, 1, 2, 2], [1, 2, 1, 2])).toBeCloseTo(2 * Math.log(2), 12)
})

it('takes the partition nearest to all draws, the largest block first', () => {
  const draws = [
    [1, 1, 2, 2, 2],
    [4, 4, 3, 3, 3],
    [1, 2, 3, 4, 5],
  ]
  expect(leastVariation([[1, 1, 1, 1, 1]], draws)).toEqual([2, 2, 1, 1, 1])
})
