import type { Draws } from '../../inference/draws/draws.ts'
import { writeNpy } from './npy.ts'

/** [chain, draw, name], in the order of the summary; chains cut short are padded with NaN. */
export function arrayOf(draws: Draws): Uint8Array {
  const longest = Math.max(0, ...draws.chains.map((c) => c.count))
  const width = draws.names.length
  const data = new Float64Array(draws.chains.length * longest * width).fill(Number.NaN)
  for (const [i, c] of draws.chains.entries()) data.set(c.values, i * longest * width)
  return writeNpy([draws.chains.length, longest, width], data)
}
