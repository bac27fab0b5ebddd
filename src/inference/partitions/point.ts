import { log } from '../../base/special/logarithm.ts'

/** Work of comparing partitions: things times pairs of draws. */
const WORK = 1e8

export interface BestPartition {
  /** The block of each thing, from 1. */
  readonly labels: readonly number[]
  /** The mean variation of information from the partitions drawn, nats. */
  readonly expected: number
}

/**
 * Of partitions drawn (by blocks from 1), the one whose variation of information from all others is least on average (Wade and
 * Ghahramani 2018). Of many large ones fewer are looked at.
 */
export function leastExpectedVariation(drawn: readonly Int32Array[]): BestPartition {
  const things = Math.max(1, drawn[0]?.length ?? 0)
  const most = Math.max(1, Math.floor(WORK / (things * Math.max(1, drawn.length))))
  const step = Math.max(1, Math.ceil(drawn.length / most))
  const seen = new Set<string>()
  const variation = variationOfInformation(things)
  let best: BestPartition = { labels: [], expected: Number.POSITIVE_INFINITY }
  for (let c = 0; c < drawn.length; c += step) {
    const candidate = drawn[c] as Int32Array
    const key = candidate.join(' ')
    if (seen.has(key)) continue
    seen.add(key)
    let total = 0
    for (const other of drawn) total += variation(candidate, other)
    const expected = total / drawn.length
    if (expected < best.expected) best = { labels: [...candidate], expected }
  }
  return best
}

/** Entropies of each given the other, summed (Meila 2007), nats; of partitions of so many things, by blocks from 1. */
export function variationOfInformation(things: number): (a: Int32Array, b: Int32Array) => number {
  const logs = Float64Array.from({ length: things + 1 }, (_, n) => (n === 0 ? 0 : n * log(n)))
  const [ofA, ofB] = [new Int32Array(things + 1), new Int32Array(things + 1)]
  let table = new Int32Array(0)
  return (a, b) => {
    ofA.fill(0)
    ofB.fill(0)
    let [rows, columns] = [0, 0]
    for (let i = 0; i < things; i += 1) {
      const [k, l] = [a[i] as number, b[i] as number]
      ofA[k] = (ofA[k] as number) + 1
      ofB[l] = (ofB[l] as number) + 1
      rows = Math.max(rows, k)
      columns = Math.max(columns, l)
    }
    if (table.length < rows * columns) table = new Int32Array(2 * rows * columns)
    table.fill(0, 0, rows * columns)
    for (let i = 0; i < things; i += 1) {
      const cell = ((a[i] as number) - 1) * columns + (b[i] as number) - 1
      table[cell] = (table[cell] as number) + 1
    }
    let sum = 0
    for (let k = 1; k <= rows; k += 1) sum += logs[ofA[k] as number] as number
    for (let l = 1; l <= columns; l += 1) sum += logs[ofB[l] as number] as number
    for (let cell = 0; cell < rows * columns; cell += 1) sum -= 2 * (logs[table[cell] as number] as number)
    return Math.max(0, sum / things)
  }
}
