import { fold, type Key, Stream } from '../../base/random.ts'
import { hypot } from '../../base/special/hypot.ts'
import type { LogDensity } from '../density/density.ts'
import { mean, variance } from '../diagnostics/moments.ts'
import type { NormalFamily } from './normal-family.ts'

export interface StochasticOptions {
  /** At most so many steps. */
  readonly iterations: number
  /** At rest when smaller steps raise the ELBO by no more than this, in nats, or by no more than is seen. */
  readonly within: number
}

export interface StochasticAscent {
  readonly outcome: 'converged' | 'iterations' | 'not finite'
  readonly iterations: number
  /** The ELBO over each window of steps, as the draws of the steps tell. */
  readonly trace: readonly number[]
}

/** Pairs of opposite draws a step: what is odd in the noise cancels. */
const PAIRS = 5

/** Steps in a window: averages over one are compared with those over the next. */
const WINDOW = 100

/** The size of steps at first, relative to the spread at the start, and by how much it falls. */
const [FIRST_RATE, FALL] = [0.1, 0.4]

/** Draws by which averages of two rates are compared, the same for both. */
const COMPARED = 400

/** Adam (Kingma and Ba 2015); the second moment is forgotten soon, since first gradients may be huge. */
const [FIRST_MOMENT, SECOND_MOMENT, TINY] = [0.9, 0.99, 1e-12]

/**
 * Raises the ELBO = E_q[log p - log q] of a family by steps of Adam along gradients of its draws. At each size of steps it goes on
 * until the ELBO over a window is no higher than over the one before, as far as their errors tell; then the parameters' average over
 * the window is taken and steps become smaller, until that raises the ELBO no more (after Welandawe, Andersen, Vehtari and Huggins
 * 2022). Draws are those of `key`.
 */
export function stochasticAscent(
  density: LogDensity,
  shape: NormalFamily,
  key: Key,
  { iterations, within }: StochasticOptions,
): StochasticAscent {
  const stream = new Stream(fold(key, 'steps'))
  const adam = adamOf(shape.parameters.length)
  const gradients = elboGradient(density, shape)
  const trace: number[] = []
  let [step, rate] = [0, FIRST_RATE]
  let best: Averaged | undefined
  const end = (outcome: StochasticAscent['outcome']): StochasticAscent => {
    if (best !== undefined) put(shape, best.parameters)
    return { outcome, iterations: step, trace }
  }
  for (;;) {
    let before: Window | undefined
    for (;;) {
      if (step + WINDOW > iterations) {
        best ??= before && averaged(density, shape, before.average, key)
        return end('iterations')
      }
      const now = window(shape, gradients, adam, rate, stream)
      step += WINDOW
      if (now === undefined) return end('not finite')
      trace.push(now.elbo)
      const rises = before !== undefined && now.elbo - before.elbo > 2 * hypot(now.error, before.error)
      const isAtRest = before !== undefined && !rises
      before = now
      if (isAtRest) break
    }
    const next = averaged(density, shape, before.average, key)
    const rise = best && riseFrom(best, next)
    if (best === undefined || (rise !== undefined && rise.mean > 0)) best = next
    if (rise !== undefined && rise.mean <= Math.max(within, 2 * rise.error)) return end('converged')
    put(shape, best.parameters)
    rate *= FALL
  }
}

interface Window {
  readonly elbo: number
  readonly error: number
  readonly average: Float64Array
}

/** Steps of one size; undefined where the density has no value at any draw. */
function window(shape: NormalFamily, gradients: ElboGradient, adam: Adam, rate: number, stream: Stream): Window | undefined {
  const { parameters } = shape
  const average = new Float64Array(parameters.length)
  const elbos = new Float64Array(WINDOW)
  let known = 0
  for (let i = 0; i < WINDOW; i += 1) {
    const elbo = gradients.look(stream)
    if (elbo !== undefined) {
      elbos[known] = elbo
      known += 1
      adam.step(parameters, gradients.slope, rate)
      shape.settle()
    }
    for (let k = 0; k < average.length; k += 1) average[k] = (average[k] as number) + (parameters[k] as number) / WINDOW
  }
  if (known < 2) return undefined
  const seen = elbos.subarray(0, known)
  return { elbo: mean(seen), error: Math.sqrt(variance(seen) / known), average }
}

export interface ElboGradient {
  /** By the parameters. */
  readonly slope: Float64Array
  /** Draws, writes the mean of their gradients into `slope`, and returns that of log p - log q; undefined where no draw has a value. */
  look(stream: Stream): number | undefined
}

/** Unbiased gradients of the ELBO by the parameters of a family as they are, from `2 PAIRS` draws. */
export function elboGradient(density: LogDensity, shape: NormalFamily): ElboGradient {
  const { noise: size, dimension, parameters } = shape
  const [noise, q, gradient] = [new Float64Array(size), new Float64Array(dimension), new Float64Array(dimension)]
  const slope = new Float64Array(parameters.length)
  return {
    slope,
    look(stream) {
      slope.fill(0)
      let [sum, known] = [0, 0]
      for (let d = 0; d < 2 * PAIRS; d += 1) {
        for (let i = 0; i < size; i += 1) noise[i] = d % 2 === 0 ? stream.normal() : -(noise[i] as number)
        const log = shape.place(noise, q)
        const value = density.evaluate(q, gradient)
        if (!Number.isFinite(value) || !gradient.every(Number.isFinite)) continue
        sum += value - log
        known += 1
        shape.pull(noise, gradient, slope)
      }
      if (known === 0) return undefined
      for (let k = 0; k < slope.length; k += 1) slope[k] = (slope[k] as number) / known
      return sum / known
    },
  }
}

interface Adam {
  step(parameters: Float64Array, slope: Float64Array, rate: number): void
}

function adamOf(size: number): Adam {
  const [first, second] = [new Float64Array(size), new Float64Array(size)]
  let [ofFirst, ofSecond] = [1, 1]
  return {
    step(parameters, slope, rate) {
      ofFirst *= FIRST_MOMENT
      ofSecond *= SECOND_MOMENT
      for (let k = 0; k < size; k += 1) {
        const g = slope[k] as number
        first[k] = FIRST_MOMENT * (first[k] as number) + (1 - FIRST_MOMENT) * g
        second[k] = SECOND_MOMENT * (second[k] as number) + (1 - SECOND_MOMENT) * g * g
        const size = Math.sqrt((second[k] as number) / (1 - ofSecond)) + TINY
        parameters[k] = (parameters[k] as number) + (rate * (first[k] as number)) / (1 - ofFirst) / size
      }
    },
  }
}

interface Averaged {
  readonly parameters: Float64Array
  /** log p - log q at draws of q, each under its own number. */
  readonly gaps: Float64Array
}

/** The same noise for all parameters that are compared. */
function averaged(density: LogDensity, shape: NormalFamily, parameters: Float64Array, key: Key): Averaged {
  put(shape, parameters)
  return { parameters, gaps: gapsOf(density, shape, new Stream(fold(key, 'comparison')), COMPARED) }
}

function put(shape: NormalFamily, parameters: Float64Array): void {
  shape.parameters.set(parameters)
  shape.settle()
}

function gapsOf(density: LogDensity, shape: NormalFamily, stream: Stream, count: number): Float64Array {
  const [noise, q, gradient] = [new Float64Array(shape.noise), new Float64Array(shape.dimension), new Float64Array(shape.dimension)]
  return Float64Array.from({ length: count }, () => {
    for (let i = 0; i < noise.length; i += 1) noise[i] = stream.normal()
    const log = shape.place(noise, q)
    return density.evaluate(q, gradient) - log
  })
}

/** How much higher the ELBO is, at draws where both have one. */
function riseFrom(before: Averaged, now: Averaged): { readonly mean: number; readonly error: number } {
  const rises = now.gaps.map((gap, d) => gap - (before.gaps[d] as number)).filter(Number.isFinite)
  return rises.length < 2 ? { mean: 0, error: 0 } : { mean: mean(rises), error: Math.sqrt(variance(rises) / rises.length) }
}
