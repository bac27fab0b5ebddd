import { log } from '../../base/special/logarithm.ts'
import { digamma, lgamma } from '../../base/special/operations.ts'

/**
 * The two-parameter law of partitions (Pitman 1995, "Exchangeable and partially exchangeable random partitions"), by which all
 * processes of the language seat: `discount` d in [0, 1), `concentration` alpha > -d.
 */
export interface PartitionLaw<T = number> {
  readonly discount: T
  readonly concentration: T
}

/** How likely the next is of an element that was taken `count` times, times n + alpha where n were taken in all. */
export function seatWeight({ discount }: PartitionLaw, count: number): number {
  return count - discount
}

/** How likely the next is of a new element where there are `elements`, times n + alpha; whatever the law, the first one is new. */
export function newWeight({ discount, concentration }: PartitionLaw, elements: number): number {
  return elements === 0 ? 1 : concentration + discount * elements
}

/** What weights are divided by where n were taken. */
export function seatTotal({ concentration }: PartitionLaw, n: number): number {
  return n === 0 ? 1 : n + concentration
}

/**
 * Log probability of a partition of n things into blocks of these sizes, in whatever order (Pitman 1995, proposition 9); sizes of 0
 * are no blocks. It is the sum of the logs of `seatWeight / seatTotal` and of `newWeight / seatTotal`, thing after thing.
 */
export function logPartition({ discount: d, concentration: alpha }: PartitionLaw, counts: ArrayLike<number>): number {
  let [n, blocks, sum] = [0, 0, 0]
  for (let k = 0; k < counts.length; k += 1) {
    const count = counts[k] as number
    if (count === 0) continue
    if (blocks > 0) sum += log(alpha + d * blocks)
    sum += lgamma(count - d) - lgamma(1 - d)
    blocks += 1
    n += count
  }
  return n === 0 ? 0 : sum - (lgamma(alpha + n) - lgamma(alpha + 1))
}

/** The derivatives of `logPartition` in both parameters. */
export function logPartitionSlopes({ discount: d, concentration: alpha }: PartitionLaw, counts: ArrayLike<number>): PartitionLaw {
  let [n, blocks, byConcentration, byDiscount] = [0, 0, 0, 0]
  for (let k = 0; k < counts.length; k += 1) {
    const count = counts[k] as number
    if (count === 0) continue
    if (blocks > 0) byConcentration += 1 / (alpha + d * blocks)
    if (blocks > 0) byDiscount += blocks / (alpha + d * blocks)
    byDiscount -= digamma(count - d) - digamma(1 - d)
    blocks += 1
    n += count
  }
  const total = n === 0 ? 0 : digamma(alpha + n) - digamma(alpha + 1)
  return { concentration: byConcentration - total, discount: byDiscount }
}

/** How many elements n things take on average. */
export function expectedElements({ discount, concentration }: PartitionLaw, n: number): number {
  let expected = 0
  for (let i = 0; i < n; i += 1) expected += i === 0 ? 1 : (concentration + discount * expected) / (i + concentration)
  return expected
}

/** How likely n things take 0, 1, ..., n elements. */
export function elementCounts(law: PartitionLaw, n: number): Float64Array {
  const share = new Float64Array(n + 1)
  share[0] = 1
  for (let i = 0; i < n; i += 1)
    for (let k = i; k >= 0; k -= 1) {
      const moves = (share[k] as number) * (newWeight(law, k) / seatTotal(law, i))
      share[k + 1] = (share[k + 1] as number) + moves
      share[k] = (share[k] as number) - moves
    }
  return share
}

/**
 * The share of what is left that the k-th element takes, k = 1, 2, ..., in the order in which elements come: beta(a, b) (Pitman 1995;
 * Sethuraman 1994 for d = 0).
 */
export function stick({ discount, concentration }: PartitionLaw, k: number): { readonly a: number; readonly b: number } {
  return { a: 1 - discount, b: concentration + k * discount }
}
