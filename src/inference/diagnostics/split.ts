import { pooled } from './moments.ts'
import { normalQuantile } from './quantiles.ts'

/** Each chain's first and last half (the middle draw of an odd number is left out). */
export function split(chains: readonly Float64Array[]): Float64Array[] {
  const half = (c: Float64Array) => Math.floor(c.length / 2)
  return [...chains.map((c) => c.subarray(0, half(c))), ...chains.map((c) => c.subarray(c.length - half(c)))]
}

/** Normal scores of the pooled ranks, ties sharing their average: quantiles at (r - 3/8) / (S + 1/4) (Vehtari et al. 2021, eq. 14). */
export function rankNormalised(chains: readonly Float64Array[]): Float64Array[] {
  const all = pooled(chains)
  const scores = averageRanks(all).map((r) => normalQuantile((r - 0.375) / (all.length + 0.25)))
  let at = 0
  return chains.map((c) => {
    at += c.length
    return scores.subarray(at - c.length, at)
  })
}

/** Ranks from 1. */
function averageRanks(x: Float64Array): Float64Array {
  const order = Uint32Array.from(x.keys()).sort((a, b) => (x[a] as number) - (x[b] as number))
  const ranks = new Float64Array(x.length)
  for (let first = 0; first < order.length; ) {
    let last = first
    while (last + 1 < order.length && x[order[last + 1] as number] === x[order[first] as number]) last += 1
    for (let k = first; k <= last; k += 1) ranks[order[k] as number] = 1 + 0.5 * (first + last)
    first = last + 1
  }
  return ranks
}

/** Whether a diagnostic can be computed: at least `draws` of them a chain, all chains equally long, all numbers finite. */
export function computable(chains: readonly Float64Array[], draws = 4): boolean {
  const length = chains[0]?.length ?? 0
  return length >= draws && chains.every((c) => c.length === length && c.every(Number.isFinite))
}
