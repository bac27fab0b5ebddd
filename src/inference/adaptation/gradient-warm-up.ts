import { must } from '../../base/internal-error.ts'
import { dualAveraging } from './dual-averaging.ts'
import { gradientVariances } from './gradient-variances.ts'
import { directionsOf, MOST_DIRECTIONS } from './low-rank.ts'
import type { Metric } from './metric.ts'
import { recentRows } from './recent-rows.ts'
import type { Adaptation, AdaptationOptions } from './warm-up.ts'

/** Draws in the first window; each window has half as many again as the one before. Measured: from 10 to 80 differ little. */
const FIRST = 10
const GROWTH = 1.5
/** The last part of warm-up, in which only the step size moves. */
const LAST = 0.15
/** A metric is estimated from so many draws at least. */
const LEAST = 4
/** Draws that directions are found from. In many dimensions half of them are all that these can be made of. */
const ROOM = 256
/** Steps below which only the step size moves, as with Stan. */
const FEWEST = 20

/**
 * nutpie's warm-up: the step size by dual averaging, and the metric, at every step, from the draws and gradients of the present
 * window and the one before, so that what the chain came through on its way is soon forgotten.
 */
export function gradientWarmUp(metric: Metric, { warmup, targetAcceptance, stepSize }: AdaptationOptions): Adaptation {
  const size = dualAveraging(targetAcceptance, stepSize)
  const { dimension } = metric
  const inverse = metric.inverse.slice(0, dimension)
  const room = metric.kind !== 'low-rank' ? 0 : dimension <= MOST_DIRECTIONS ? ROOM : MOST_DIRECTIONS / 2
  const [draws, gradients] = [recentRows(dimension, room), recentRows(dimension, room)]
  const end = warmup < FEWEST ? 0 : warmup - Math.floor(LAST * warmup)
  let both = gradientVariances(dimension)
  let present = gradientVariances(dimension)
  let window = FIRST
  let iteration = -1

  function renew(): void {
    const spent = both
    both = present
    present = spent
    present.restart()
    window = Math.ceil(GROWTH * window)
  }

  function withDirections(): Float64Array {
    const found = directionsOf(draws.last(both.count), gradients.last(both.count), inverse)
    return Float64Array.from([inverse, ...found.map(({ variance, along }) => [variance, ...along])].flatMap((numbers) => [...numbers]))
  }

  return {
    learn(acceptance, { q, gradient }) {
      iteration += 1
      const next = size.learn(acceptance)
      if (iteration >= end) return next
      both.add(q, gradient)
      present.add(q, gradient)
      if (room > 0) {
        draws.add(q)
        gradients.add(gradient)
      }
      const closes = present.count >= window || iteration === end - 1
      if (present.count >= window) renew()
      if (both.count >= LEAST && (room === 0 || closes)) {
        both.estimate(inverse)
        metric.update(room === 0 ? inverse : withDirections())
      }
      return next
    },
    settled: () => size.average(),
    state: () => ({
      ...{ iteration: [iteration], averaging: size.state(), window: [window], both: both.state(), present: present.state() },
      ...(room === 0 ? {} : { draws: draws.state(), gradients: gradients.state() }),
    }),
    resume(state) {
      inverse.set(metric.inverse.subarray(0, dimension))
      iteration = must(state.iteration?.[0], 'iteration')
      size.resume(must(state.averaging, 'averaging'))
      window = must(state.window?.[0], 'window')
      both.resume(must(state.both, 'both windows'))
      present.resume(must(state.present, 'present window'))
      draws.resume(state.draws ?? [])
      gradients.resume(state.gradients ?? [])
    },
  }
}

/** What is known before any draw: the inverse of the gradient's size, which is of the order of a variance over a distance. */
export function inverseFromGradient(gradient: Float64Array): Float64Array {
  return gradient.map((g) => {
    const inverse = 1 / Math.abs(g)
    return inverse > 0 && inverse < Number.POSITIVE_INFINITY ? inverse : 1
  })
}
