import { exp } from './exponential.ts'
import { log as logOf } from './logarithm.ts'
import { squared } from './pow.ts'
import { tail } from './quadrature.ts'
import { sin } from './trigonometric.ts'

/**
 * Log of the probability that von Mises with mean direction 0 and concentration kappa >= 0 gives to the angles between
 * `from` and `to`, normalised over one turn (so above 0 where they are more than a turn apart); minus infinity where
 * `from` is not below `to`, not a number for angles or a concentration that are not finite.
 */
export function logVonMisesMass(from: number, to: number, kappa: number): number {
  return massOf(from, to, kappa).log
}

/** Its derivative by kappa. */
export function logVonMisesMassByKappa(from: number, to: number, kappa: number): number {
  return massOf(from, to, kappa).byKappa
}

/** The integral of exp(kappa (cos t - 1)) over a stretch, and the mean of cos t - 1 there. */
interface StretchIntegral {
  readonly log: number
  readonly mean: number
}

function massOf(from: number, to: number, kappa: number): { readonly log: number; readonly byKappa: number } {
  if (!(kappa >= 0) || !Number.isFinite(kappa + from + to)) return { log: Number.NaN, byKappa: Number.NaN }
  if (!(from < to)) return { log: Number.NEGATIVE_INFINITY, byKappa: 0 }
  const half = piece(0, Math.PI, kappa)
  const turns = Math.floor((to - from) / (2 * Math.PI))
  const start = from - 2 * Math.PI * Math.round(from / (2 * Math.PI))
  const pieces = [...stretches(start, start + (to - from) - 2 * Math.PI * turns, kappa)]
  if (turns > 0) pieces.push({ log: half.log + logOf(2 * turns), mean: half.mean })
  const top = pieces.reduce((most, p) => Math.max(most, p.log), Number.NEGATIVE_INFINITY)
  if (top === Number.NEGATIVE_INFINITY) return { log: top, byKappa: 0 }
  const shares = pieces.map((p) => exp(p.log - top))
  const total = shares.reduce((a, b) => a + b, 0)
  const mean = pieces.reduce((sum, p, i) => sum + p.mean * (shares[i] as number), 0) / total
  return { log: top + logOf(total) - half.log - Math.LN2, byKappa: mean - half.mean }
}

/** The parts of an interval shorter than a turn on which the density rises or falls throughout, `from` in [-pi, pi]. */
function* stretches(from: number, to: number, kappa: number): Generator<StretchIntegral> {
  for (let k = from < 0 ? -1 : 0; k * Math.PI < to; k += 1) {
    const start = Math.max(from, k * Math.PI)
    const end = Math.min(to, (k + 1) * Math.PI)
    // Seen from the peak, which is at the even multiple of pi.
    if (start < end) yield piece(k % 2 === 0 ? start - k * Math.PI : (k + 1) * Math.PI - end, end - start, kappa)
  }
}

/** From `nearest` away from the peak, `length` far; both within [0, pi]. */
function piece(nearest: number, length: number, kappa: number): StretchIntegral {
  const phi = (u: number): number => -2 * kappa * sin(nearest + u / 2) * sin(u / 2)
  const drop = (u: number): number => -2 * squared(sin((nearest + u) / 2))
  const { log, means } = tail(phi, [drop], 0, length)
  return { log: log + kappa * drop(0), mean: means[0] as number }
}
