import { pow, squared } from '../../base/special/pow.ts'
import type { OptionsOf } from '../../middle/options.ts'

/** What moves params down a slope that may be that of a part of the patterns alone. */
export interface Optimiser {
  /** What it remembers from step to step; a run that goes on has the same. */
  readonly memory: Readonly<Record<string, Float64Array>>
  /** Moves `x`. */
  step(x: Float64Array, slope: Float64Array, rate: number): void
}

type OptimiserOptions = Required<Pick<OptionsOf<'learn'>, 'momentum'>>

/** Those that take one step at a time; quasi-Newton steps have a line search, and a file of their own. */
export const optimisers = { adam, sgd } as const satisfies Readonly<
  Record<string, (length: number, options: OptimiserOptions) => Optimiser>
>

/** Kingma and Ba 2015, algorithm 1, with their constants. */
const [FIRST, SECOND, SMALL] = [0.9, 0.999, 1e-8]

function adam(length: number): Optimiser {
  const mean = new Float64Array(length)
  const square = new Float64Array(length)
  const count = new Float64Array(1)
  return {
    memory: { mean, square, count },
    step(x, slope, rate) {
      const t = (count[0] as number) + 1
      count[0] = t
      const size = rate / (1 - pow(FIRST, t))
      const spread = 1 / (1 - pow(SECOND, t))
      for (let i = 0; i < length; i += 1) {
        const g = slope[i] as number
        const m = FIRST * (mean[i] as number) + (1 - FIRST) * g
        const v = SECOND * (square[i] as number) + (1 - SECOND) * squared(g)
        mean[i] = m
        square[i] = v
        x[i] = (x[i] as number) - (size * m) / (Math.sqrt(v * spread) + SMALL)
      }
    },
  }
}

/** Polyak's heavy ball: v' = momentum v - rate g, x' = x + v'. */
function sgd(length: number, { momentum }: OptimiserOptions): Optimiser {
  const velocity = new Float64Array(length)
  return {
    memory: { velocity },
    step(x, slope, rate) {
      for (let i = 0; i < length; i += 1) {
        const v = momentum * (velocity[i] as number) - rate * (slope[i] as number)
        velocity[i] = v
        x[i] = (x[i] as number) + v
      }
    },
  }
}

/** The Euclidean norm of a slope, which is shortened to `most` where it is longer. */
export function clipped(slope: Float64Array, most: number | undefined): number {
  let sum = 0
  for (let i = 0; i < slope.length; i += 1) sum += squared(slope[i] as number)
  const norm = Math.sqrt(sum)
  if (most !== undefined && norm > most) for (let i = 0; i < slope.length; i += 1) slope[i] = ((slope[i] as number) * most) / norm
  return norm
}
