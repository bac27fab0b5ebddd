import { log } from '../../base/special/logarithm.ts'

/** Things put into blocks: the label of each. */
export type BlockLabels = ArrayLike<number>

/**
 * Of these partitions and the draws themselves the one whose variation of information (Meila 2007) from the draws is least on average,
 * as a point estimate (Wade and Ghahramani 2018); labels from 1, the largest block first.
 */
export function leastVariation(candidates: readonly BlockLabels[], draws: readonly BlockLabels[]): readonly number[] {
  const all = [...candidates, ...draws.slice(0, MOST_TRIED)]
  let best: BlockLabels = all[0] ?? []
  let least = Number.POSITIVE_INFINITY
  for (const labels of all) {
    const distance = draws.reduce((sum, draw) => sum + variation(labels, draw), 0)
    if (distance >= least) continue
    least = distance
    best = labels
  }
  return bySize(best)
}

/** So many draws are looked at as estimates. */
const MOST_TRIED = 20

/** H(a) + H(b) - 2 I(a, b), in nats. Labels are whole numbers from 0, not many more than there are blocks. */
export function variation(a: BlockLabels, b: BlockLabels): number {
  const [rows, columns] = [mostOf(a) + 1, mostOf(b) + 1]
  const both = new Float64Array(rows * columns)
  for (let i = 0; i < a.length; i += 1) {
    const at = (a[i] as number) * columns + (b[i] as number)
    both[at] = (both[at] as number) + 1
  }
  const [ofA, ofB] = [new Float64Array(rows), new Float64Array(columns)]
  both.forEach((c, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns]
    ofA[row] = (ofA[row] as number) + c
    ofB[column] = (ofB[column] as number) + c
  })
  return Math.max(0, (weight(ofA) + weight(ofB) - 2 * weight(both)) / a.length)
}

const weight = (counts: Float64Array): number => counts.reduce((sum, c) => (c > 0 ? sum + c * log(c) : sum), 0)

function mostOf(labels: BlockLabels): number {
  let most = 0
  for (let i = 0; i < labels.length; i += 1) most = Math.max(most, labels[i] as number)
  return most
}

/** The same blocks, labelled from 1 by their sizes. */
export function bySize(labels: BlockLabels): readonly number[] {
  const sizes = new Map<number, number>()
  for (let i = 0; i < labels.length; i += 1) sizes.set(labels[i] as number, (sizes.get(labels[i] as number) ?? 0) + 1)
  const order = [...sizes].sort(([, a], [, b]) => b - a).map(([label]) => label)
  const numbers = new Map(order.map((label, i) => [label, i + 1]))
  return Array.from(labels, (label) => numbers.get(label) as number)
}
