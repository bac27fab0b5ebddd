import type { ChainDraws, Draws } from './draws.ts'

/**
 * Draws whose chains are equally long, as the diagnostics want them: where some were cut short, as many of the longest
 * chains, each as far as the shortest of them goes, as makes the most draws.
 */
export function level(draws: Draws): Draws {
  const lengths = draws.chains.map((c) => c.count).sort((a, b) => b - a)
  let count = 0
  let most = 0
  lengths.forEach((length, i) => {
    if (length * (i + 1) < most) return
    most = length * (i + 1)
    count = length
  })
  return { ...draws, chains: draws.chains.filter((c) => c.count >= count && c.count > 0).map((c) => shortened(c, count)) }
}

function shortened(chain: ChainDraws, count: number): ChainDraws {
  if (chain.count === count) return chain
  const values = chain.values.subarray(0, (chain.values.length / chain.count) * count)
  return { ...chain, count, values, statistics: chain.statistics.subarray(0, chain.columns.length * count) }
}
