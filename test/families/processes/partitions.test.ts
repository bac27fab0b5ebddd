import { describe, expect, test } from 'vitest'
import {
  elementCounts,
  expectedElements,
  logPartition,
  logPartitionSlopes,
  newWeight,
  type PartitionLaw,
  seatTotal,
  seatWeight,
  stick,
} from '../../../src/families/processes/partitions.ts'
import { processes, processTrouble } from '../../../src/families/processes/table.ts'

const laws: readonly PartitionLaw[] = [
  { discount: 0, concentration: 0.3 },
  { discount: 0, concentration: 7 },
  { discount: 0.25, concentration: 1.5 },
  { discount: 0.8, concentration: 0 },
  { discount: 0.6, concentration: -0.4 },
]

/** All partitions of 0, ..., n - 1, as the block of each. */
function partitions(n: number): readonly (readonly number[])[] {
  if (n === 0) return [[]]
  return partitions(n - 1).flatMap((p) => Array.from({ length: Math.max(-1, ...p) + 2 }, (_, k) => [...p, k]))
}

function sizesOf(partition: readonly number[]): readonly number[] {
  const counts: number[] = []
  for (const k of partition) counts[k] = (counts[k] ?? 0) + 1
  return counts
}

/** One after the other, in the order in which they are listed. */
function sequential(law: PartitionLaw, partition: readonly number[]): number {
  const counts: number[] = []
  let log = 0
  partition.forEach((k, i) => {
    const count = counts[k]
    log += Math.log((count === undefined ? newWeight(law, counts.length) : seatWeight(law, count)) / seatTotal(law, i))
    counts[k] = (count ?? 0) + 1
  })
  return log
}

/** The same things in another order, blocks numbered as they come. */
function reordered(partition: readonly number[], order: readonly number[]): readonly number[] {
  const names = new Map<number, number>()
  return order.map((i) => {
    const block = partition[i] as number
    if (!names.has(block)) names.set(block, names.size)
    return names.get(block) as number
  })
}

describe.each(laws)('seating by d = $discount, alpha = $concentration', (law) => {
  test('has the probabilities of partitions, in every order, which sum to 1 (n = 8: 4140 of them)', () => {
    const all = partitions(8)
    expect(all.length).toBe(4140)
    let sum = 0
    for (const p of all) {
      const log = logPartition(law, sizesOf(p))
      // Rounding of a dozen log gammas.
      expect(Math.abs(sequential(law, p) - log)).toBeLessThan(1e-12)
      expect(Math.abs(sequential(law, reordered(p, [7, 2, 5, 0, 3, 6, 1, 4])) - log)).toBeLessThan(1e-12)
      sum += Math.exp(log)
    }
    expect(Math.abs(sum - 1)).toBeLessThan(1e-12)
  })

  test('takes as many elements as partitions have blocks', () => {
    const shares = new Float64Array(9)
    for (const p of partitions(8)) {
      const sizes = sizesOf(p)
      shares[sizes.length] = (shares[sizes.length] as number) + Math.exp(logPartition(law, sizes))
    }
    expect(Math.max(...elementCounts(law, 8).map((v, k) => Math.abs(v - (shares[k] as number))))).toBeLessThan(1e-13)
    const mean = shares.reduce((sum, v, k) => sum + k * v, 0)
    expect(Math.abs(expectedElements(law, 8) - mean)).toBeLessThan(1e-13)
  })

  test('is differentiated right (central differences at 1e-5, whose error is of order 1e-9)', () => {
    for (const counts of [[1], [4, 0, 1, 2], [1, 1, 1, 1], [30, 12, 7]]) {
      const slopes = logPartitionSlopes(law, counts)
      const at = (more: Partial<PartitionLaw>): number => logPartition({ ...law, ...more }, counts)
      for (const name of ['concentration', 'discount'] as const) {
        const by = 1e-5
        const difference = (at({ [name]: law[name] + by }) - at({ [name]: law[name] - by })) / (2 * by)
        expect(Math.abs(difference - slopes[name])).toBeLessThan(1e-7 * Math.max(1, Math.abs(difference)))
      }
    }
  })

  test('breaks a stick whose pieces meet twice as often as two things take one element, and three', () => {
    // Moments of products of independent betas; 1e5 pieces leave less than n^(1 - 1/d) of the stick.
    const [two, three] = [
      { sum: 0, left: 1 },
      { sum: 0, left: 1 },
    ]
    for (let k = 1; k <= 100_000; k += 1) {
      const { a, b } = stick(law, k)
      const moment = (x: number, y: number, r: number): number => {
        let value = 1
        for (let i = 0; i < r; i += 1) value *= (x + i) / (x + y + i)
        return value
      }
      two.sum += two.left * moment(a, b, 2)
      two.left *= moment(b, a, 2)
      three.sum += three.left * moment(a, b, 3)
      three.left *= moment(b, a, 3)
    }
    expect(two.sum).toBeCloseTo(Math.exp(logPartition(law, [2])), 6)
    expect(three.sum).toBeCloseTo(Math.exp(logPartition(law, [3])), 6)
  })
})

test('a process without discount grows as alpha (digamma(alpha + n) - digamma(alpha)), one with it as a power', () => {
  expect(expectedElements({ discount: 0, concentration: 1.7 }, 30)).toBeCloseTo(5.494, 3)
  // Gamma(alpha + 1) / (d Gamma(alpha + d)) n^d - alpha / d for large n (Pitman 2006, 3.13).
  const [d, alpha, n] = [0.5, 1, 200_000]
  const power = (1 / (d * 0.8862269254527579)) * n ** d - alpha / d
  expect(expectedElements({ discount: d, concentration: alpha }, n) / power).toBeCloseTo(1, 4)
})

test('both processes are of one law', () => {
  expect(processes.dp.law([2], 0)).toEqual({ discount: 0, concentration: 2 })
  expect(processes.pitman_yor.law([0.5, 2], 0)).toEqual({ discount: 0.5, concentration: 2 })
})

test.each([
  ['dp', [1], undefined],
  ['dp', [0], 'alpha'],
  ['dp', [Number.NaN], 'alpha'],
  ['pitman_yor', [0, 1], undefined],
  ['pitman_yor', [0.5, -0.4], undefined],
  ['pitman_yor', [0.5, -0.5], 'alpha'],
  ['pitman_yor', [1, 1], 'd'],
  ['pitman_yor', [-0.1, 1], 'd'],
] as const)('%s of %j has what it needs, or says what not', (name, args, wrong) => {
  expect(processTrouble(name, args)?.name).toBe(wrong)
})
