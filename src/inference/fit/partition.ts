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

/** H(a) + H(b) - 2 I(a, b), in nats. */
export function variation(a: BlockLabels, b: BlockLabels): number {
  const [ofA, ofB, ofBoth] = [new Map<number, number>(), new Map<number, number>(), new Map<number, number>()]
  const count = (map: Map<number, number>, key: number): unknown => map.set(key, (map.get(key) ?? 0) + 1)
  // BlockLabels are whole numbers far below this.
  const wide = 1 << 20
  for (let i = 0; i < a.length; i += 1) {
    const [x, y] = [a[i] as number, b[i] as number]
    count(ofA, x)
    count(ofB, y)
    count(ofBoth, x * wide + y)
  }
  const sum = (map: Map<number, number>): number => [...map.values()].reduce((s, c) => s + c * Math.log(c), 0)
  return Math.max(0, (sum(ofA) + sum(ofB) - 2 * sum(ofBoth)) / a.length)
}

/** The same blocks, labelled from 1 by their sizes. */
export function bySize(labels: BlockLabels): readonly number[] {
  const sizes = new Map<number, number>()
  for (let i = 0; i < labels.length; i += 1) sizes.set(labels[i] as number, (sizes.get(labels[i] as number) ?? 0) + 1)
  const order = [...sizes].sort(([, a], [, b]) => b - a).map(([label]) => label)
  const numbers = new Map(order.map((label, i) => [label, i + 1]))
  return Array.from(labels, (label) => numbers.get(label) as number)
}
