import type { Numbers, Trial } from '../trial.ts'

/** The states of the case; `turned`: in the other order, which is another pattern of the same types. */
export function patternOf({ example }: Trial, turned = false): Numbers {
  if (!turned) return example.values
  return Object.fromEntries(Object.entries(example.values).map(([name, data]) => [name, data.toReversed()]))
}

/** How far two lists of numbers are apart, relative to the largest number of both. */
export function farthest(a: Float64Array, b: Float64Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY
  const largest = [a, b].reduce((most, all) => all.reduce((m, v) => Math.max(m, Math.abs(v)), most), 1e-300)
  return a.reduce((most, v, i) => Math.max(most, Math.abs(v - (b[i] as number)) / largest), 0)
}
