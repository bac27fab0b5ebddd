import { fold, type Key, Stream } from '../base/random.ts'
import { squared } from '../base/special/pow.ts'
import { chiSquareTail } from './diagnostics/quantiles.ts'

/**
 * Simulation-based calibration (Talts, Betancourt, Simpson, Vehtari & Gelman 2018): parameters drawn from the prior,
 * data given them, and `draws` posterior draws given the data; the rank of each true value among its draws is then
 * uniform on 0 .. draws if sampler and model agree.
 */
export interface Simulation {
  /** The true values, one a parameter. */
  readonly truth: Float64Array
  /** [draw, parameter]: nearly independent posterior draws (thin them). */
  readonly draws: Float64Array
}

export interface Calibration {
  readonly parameters: readonly { readonly name: string; readonly ranks: Uint32Array; readonly chiSquare: number; readonly p: number }[]
  /** Largest possible rank. */
  readonly draws: number
}

/** Runs `simulate` `simulations` times, each under its own stream. `bins` divides draws + 1. */
export function calibrate(
  names: readonly string[],
  simulate: (stream: Stream, key: Key) => Simulation,
  key: Key,
  options: { readonly simulations: number; readonly bins: number },
): Calibration {
  const { simulations, bins } = options
  const ranks = names.map(() => new Uint32Array(simulations))
  let draws = 0
  for (let s = 0; s < simulations; s += 1) {
    const own = fold(fold(key, 'simulation'), s)
    const simulation = simulate(new Stream(fold(own, 'truth')), fold(own, 'posterior'))
    draws = simulation.draws.length / names.length
    ranks.forEach((r, i) => {
      r[s] = rank(simulation, i)
    })
  }
  const parameters = names.map((name, i) => ({ name, ranks: ranks[i] as Uint32Array, ...uniformity(ranks[i] as Uint32Array, draws, bins) }))
  return { parameters, draws }
}

/** How many draws of parameter `i` are below its true value. */
export function rank({ truth, draws }: Simulation, i: number): number {
  let below = 0
  for (let at = i; at < draws.length; at += truth.length) if ((draws[at] as number) < (truth[i] as number)) below += 1
  return below
}

/** Pearson's chi-square test that ranks are uniform on 0 .. `draws`, in `bins` equal bins; `p` is its tail probability. */
export function uniformity(ranks: Uint32Array, draws: number, bins: number): { readonly chiSquare: number; readonly p: number } {
  const counts = new Float64Array(bins)
  for (const r of ranks) {
    const bin = Math.min(bins - 1, Math.floor((r * bins) / (draws + 1)))
    counts[bin] = (counts[bin] as number) + 1
  }
  const expected = ranks.length / bins
  const chiSquare = counts.reduce((sum, c) => sum + squared(c - expected) / expected, 0)
  return { chiSquare, p: chiSquareTail(chiSquare, bins - 1) }
}
