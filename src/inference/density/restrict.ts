import type { ChainResult } from '../chains/chain.ts'
import type { LogDensity } from './density.ts'

/** Some coordinates held where they are (1 in `held`), the others free: how partly observed states are sampled. */
export interface Restriction {
  readonly held: Uint8Array
  /** Values of all coordinates; only those of the held ones matter. */
  readonly at: Float64Array
}

/** The density of the free coordinates given the held ones, which are read in `q`. All that it is evaluated at is written there. */
export function restrict(density: LogDensity, { held, at }: Restriction, q: Float64Array = Float64Array.from(at)): LogDensity {
  const free = freeOf(held)
  if (free.length === density.dimension) return density
  const slope = new Float64Array(density.dimension)
  const { terms, whole } = density
  return {
    dimension: free.length,
    evaluate(part, gradient) {
      for (let i = 0; i < free.length; i += 1) q[free[i] as number] = part[i] as number
      const value = density.evaluate(q, slope)
      for (let i = 0; i < free.length; i += 1) gradient[i] = slope[free[i] as number] as number
      return value
    },
    ...(terms === undefined ? {} : { terms: () => terms() }),
    ...(whole === undefined ? {} : { whole: () => whole() }),
  }
}

/** The free coordinates of `q`. */
export function freePart(q: Float64Array, held: Uint8Array): Float64Array {
  return Float64Array.from(freeOf(held), (i) => q[i] as number)
}

/** All coordinates, from those that are free. */
export function widened(part: Float64Array, { held, at }: Restriction): Float64Array {
  const q = Float64Array.from(at)
  freeOf(held).forEach((place, i) => {
    q[place] = part[i] as number
  })
  return q
}

/** A chain over free coordinates as one over all of them; whatever follows the coordinates stays behind them. */
export function widen(chain: ChainResult, { held, at }: Restriction): ChainResult {
  const free = freeOf(held)
  if (free.length === held.length) return chain
  const dimension = chain.dimension - free.length + held.length
  const draws = new Float64Array(chain.count * dimension)
  for (let d = 0; d < chain.count; d += 1) {
    const row = draws.subarray(d * dimension, (d + 1) * dimension)
    const from = chain.draws.subarray(d * chain.dimension, (d + 1) * chain.dimension)
    row.set(at)
    for (let i = 0; i < free.length; i += 1) row[free[i] as number] = from[i] as number
    row.set(from.subarray(free.length), held.length)
  }
  return { ...chain, dimension, draws }
}

/** The places of the coordinates that are free. */
export function freeOf(held: Uint8Array): Uint32Array {
  return Uint32Array.from([...held.keys()].filter((i) => held[i] === 0))
}
