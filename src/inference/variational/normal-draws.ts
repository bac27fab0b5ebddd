import { must } from '../../base/internal-error.ts'
import { type Key, Stream } from '../../base/random.ts'
import type { LogDensity } from '../density/density.ts'
import { variance } from '../diagnostics/moments.ts'
import { paretoShape, smoothedWeights } from '../diagnostics/pareto.ts'
import type { Normal } from './normal.ts'

/** Draws of normal densities: coordinates row by row, and log p and log q of each. */
export interface NormalDraws {
  readonly dimension: number
  readonly count: number
  readonly points: Float64Array
  readonly logs: Float64Array
}

/** What the numbers beside a draw are called: CmdStan's names. */
export const normalColumns = ['log_p__', 'log_g__'] as const
const WIDTH = normalColumns.length

/** Independent draws; none where there is no density to draw from. Where p has no value it is 0. */
export function normalDraws(normal: Normal | undefined, density: LogDensity, count: number, key: Key): NormalDraws {
  const { dimension } = density
  if (normal === undefined) return { dimension, count: 0, points: new Float64Array(0), logs: new Float64Array(0) }
  const stream = new Stream(key)
  const [noise, gradient] = [new Float64Array(normal.noise), new Float64Array(dimension)]
  const [points, logs] = [new Float64Array(count * dimension), new Float64Array(count * WIDTH)]
  for (let d = 0; d < count; d += 1) {
    for (let i = 0; i < noise.length; i += 1) noise[i] = stream.normal()
    const q = points.subarray(d * dimension, (d + 1) * dimension)
    logs[d * WIDTH + 1] = normal.place(noise, q)
    const value = density.evaluate(q, gradient)
    logs[d * WIDTH] = Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value
  }
  return { dimension, count, points, logs }
}

/** log p - log q of each. */
export function gapsOf(...all: readonly NormalDraws[]): Float64Array {
  return Float64Array.from(
    all.flatMap(({ count, logs }) =>
      Array.from({ length: count }, (_, d) => (logs[WIDTH * d] as number) - (logs[WIDTH * d + 1] as number)),
    ),
  )
}

/** How far q is from p: the shape of the tail of the ratios p / q, and the standard deviation of their logs. */
export function distanceOf(gaps: Float64Array): { readonly khat: number; readonly spread: number } {
  return { khat: paretoShape(gaps), spread: Math.sqrt(variance(gaps)) }
}

/** As many independent draws as the longest has among all of them, each by its smoothed importance weight. */
export function byImportance(all: readonly NormalDraws[], key: Key): NormalDraws {
  const { dimension } = must(all[0], 'draws')
  const pool = all.flatMap((of) => Array.from({ length: of.count }, (_, d) => ({ of, d })))
  const count = all.reduce((most, s) => Math.max(most, s.count), 0)
  const below = smoothedWeights(gapsOf(...all))
  for (let i = 1; i < below.length; i += 1) below[i] = (below[i] as number) + (below[i - 1] as number)
  const [points, logs] = [new Float64Array(count * dimension), new Float64Array(count * WIDTH)]
  const stream = new Stream(key)
  for (let taken = 0; taken < count; taken += 1) {
    const { of, d } = must(pool[firstAbove(below, stream.uniform() * (below.at(-1) ?? 0))], 'draw')
    points.set(of.points.subarray(d * dimension, (d + 1) * dimension), taken * dimension)
    logs.set(of.logs.subarray(d * WIDTH, (d + 1) * WIDTH), taken * WIDTH)
  }
  return { dimension, count, points, logs }
}

/** The first place of rising numbers that is above `x`, or the last. */
function firstAbove(rising: Float64Array, x: number): number {
  let [low, high] = [0, rising.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rising[middle] as number) > x) high = middle
    else low = middle + 1
  }
  return low
}
