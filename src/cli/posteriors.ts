import { volume } from '../base/tensor.ts'
import type { DrawnVariable, Draws } from '../inference/draws/draws.ts'
import { columnNames, indices, series } from '../inference/draws/draws.ts'
import type { Responsibility } from '../inference/draws/generated.ts'
import { elementName, type Labels } from './labels.ts'

/** An element of an axis is no number: its mean and quantiles say nothing, how probable each level is does. */
export interface ElementState {
  readonly name: string
  /** The axis whose elements are its values. */
  readonly level: string
}

/**
 * A line for each element of each of the states: its likeliest levels, by the probabilities summed exactly where it was
 * summed out, else by how often each was drawn. Of a state with many elements the first `most`.
 */
export function posteriors(
  draws: Draws,
  responsibilities: readonly Responsibility[],
  states: readonly ElementState[],
  labels: Labels,
  most: (name: string) => number,
): readonly string[] {
  if (draws.chains.every((chain) => chain.count === 0)) return []
  return draws.variables.flatMap((variable) => {
    const state = states.find((s) => s.name === variable.name)
    if (state === undefined) return []
    const exact = responsibilities.find((r) => r.name === state.name)
    const columns = columnNames(variable.name, variable.shape)
    const shown = indices(variable.shape).slice(0, most(variable.name))
    const lines = shown.map((at, i) => {
      const shares = exact === undefined ? drawnShares(draws, columns[i] as string) : sharesAt(exact.mean, variable, i)
      return `Posterior of ${elementName(variable.name, variable.axes, at, labels)}: ${likeliest(shares, labels[state.level])}`
    })
    const left = columns.length - shown.length
    return [...lines, ...(left > 0 ? [`... and ${left} more of ${variable.name} (--all prints them)`] : [])]
  })
}

type Shares = readonly (readonly [level: number, share: number])[]

function sharesAt(mean: Float64Array, { shape }: DrawnVariable, i: number): Shares {
  const levels = mean.length / volume(shape)
  return Array.from(mean.subarray(i * levels, (i + 1) * levels), (share, k) => [k, share])
}

function drawnShares(draws: Draws, column: string): Shares {
  const counts = new Map<number, number>()
  let total = 0
  for (const chain of series(draws, column)) {
    for (const value of chain) counts.set(value - 1, (counts.get(value - 1) ?? 0) + 1)
    total += chain.length
  }
  return [...counts].sort(([a], [b]) => a - b).map(([level, count]) => [level, count / total])
}

/** The likeliest, and up to four others that three decimals tell from nothing. */
function likeliest(shares: Shares, names: readonly string[] | undefined): string {
  const order = [...shares].sort(([, a], [, b]) => b - a).filter(([, share], place) => place === 0 || share >= 0.0005)
  return order
    .slice(0, 5)
    .map(([level, share]) => `${names?.[level] ?? level + 1} (${share.toFixed(3)})`)
    .join(', ')
}
