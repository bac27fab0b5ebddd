import { normalQuantile } from '../../base/special/normal-quantile.ts'
import { pooled, quantile } from './moments.ts'

/** Each chain's first and last half (the middle draw of an odd number is left out). */
export function split(chains: readonly Float64Array[]): Float64Array[] {
  const half = (c: Float64Array) => Math.floor(c.length / 2)
  return [...chains.map((c) => c.subarray(0, half(c))), ...chains.map((c) => c.subarray(c.length - half(c)))]
}

/** One quantity's draws, sorted once for all statistics that need their order. */
export interface Sorted {
  readonly chains: readonly Float64Array[]
  /** All draws, ascending. */
  readonly all: Float64Array
  readonly halves: readonly Float64Array[]
  /** The draws of the halves, ascending. */
  readonly halved: Float64Array
}

export function sorted(chains: readonly Float64Array[]): Sorted {
  const halves = split(chains)
  const all = pooled(chains).sort()
  const even = halves.reduce((n, h) => n + h.length, 0) === all.length
  return { chains, all, halves, halved: even ? all : pooled(halves).sort() }
}

/** Normal scores of the pooled ranks of the halves, ties sharing their average: quantiles at (r - 3/8) / (S + 1/4) (Vehtari et al. 2021, eq. 14). */
export function rankNormalised({ halves, halved }: Sorted): Float64Array[] {
  return scored(halves, halved)
}

/** The same of the distances from the median: sorted by merging the two sides of the median. */
export function foldedNormalised({ halves, halved }: Sorted): Float64Array[] {
  const median = quantile(halved, 0.5)
  const distances = new Float64Array(halved.length)
  let up = 0
  while (up < halved.length && (halved[up] as number) < median) up += 1
  let down = up - 1
  for (let i = 0; i < distances.length; i += 1) {
    const above = up < halved.length ? Math.abs((halved[up] as number) - median) : Number.POSITIVE_INFINITY
    const below = down >= 0 ? Math.abs((halved[down] as number) - median) : Number.POSITIVE_INFINITY
    distances[i] = Math.min(above, below)
    if (above <= below) up += 1
    else down -= 1
  }
  const folded = halves.map((c) => c.map((x) => Math.abs(x - median)))
  return scored(folded, distances)
}

function scored(chains: readonly Float64Array[], ascending: Float64Array): Float64Array[] {
  const { values, scores } = distinct(ascending)
  return chains.map((c) => c.map((x) => scores[place(values, x)] as number))
}

/** The different values, ascending, and the score of each: discrete draws have few. */
function distinct(ascending: Float64Array): { readonly values: Float64Array; readonly scores: Float64Array } {
  const size = ascending.length
  const table = scoreTable(size)
  const values = new Float64Array(size)
  const scores = new Float64Array(size)
  let count = 0
  for (let first = 0, last = 0; first < size; first = last + 1) {
    for (last = first; last + 1 < size && ascending[last + 1] === ascending[first]; ) last += 1
    values[count] = ascending[first] as number
    // Twice the average rank from 1 is a whole number.
    scores[count] = table(2 + first + last)
    count += 1
  }
  return { values: values.subarray(0, count), scores: scores.subarray(0, count) }
}

/** Where `x` stands in `values`, which holds it: by bisection. */
function place(values: Float64Array, x: number): number {
  let low = 0
  let high = values.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((values[middle] as number) < x) low = middle + 1
    else high = middle
  }
  return low
}

let last: { readonly size: number; readonly scores: Float64Array } | undefined

/** The score by twice the rank, for so many draws; those of the size last asked for are kept. */
function scoreTable(size: number): (twice: number) => number {
  if (last?.size !== size) last = { size, scores: new Float64Array(2 * size + 1).fill(Number.NaN) }
  const { scores } = last
  return (twice) => {
    const known = scores[twice] as number
    if (!Number.isNaN(known)) return known
    const score = normalQuantile((twice / 2 - 0.375) / (size + 0.25))
    scores[twice] = score
    return score
  }
}

/** Whether a diagnostic can be computed: at least `draws` of them a chain, all chains equally long, all numbers finite. */
export function computable(chains: readonly Float64Array[], draws = 4): boolean {
  const length = chains[0]?.length ?? 0
  return length >= draws && chains.every((c) => c.length === length && c.every(Number.isFinite))
}
