import type { Stream } from '../../base/random.ts'
import { exp } from '../../base/special/exponential.ts'
import { log, log1p } from '../../base/special/logarithm.ts'
import { drawBeta } from './gamma.ts'

/** A point on the unit sphere around the unit vector `mu`. Wood (1994), Communications in Statistics 23. */
export function drawVonMisesFisher(stream: Stream, mu: ArrayLike<number>, kappa: number): Float64Array {
  const d = mu.length
  const out = new Float64Array(d)
  if (d === 1) {
    out[0] = stream.uniform() < 1 / (1 + exp(-2 * kappa)) ? (mu[0] as number) : -(mu[0] as number)
    return out
  }
  const { along, across } = woodAlong(stream, d, kappa)
  for (let i = 0; i < d; i += 1) out[i] = stream.normal()
  // Once leaves rounding of what was taken off; twice is enough.
  removeAlong(out, mu)
  removeAlong(out, mu)
  const scale = across / Math.sqrt(out.reduce((sum, v) => sum + v * v, 0))
  for (let i = 0; i < d; i += 1) out[i] = along * (mu[i] as number) + scale * (out[i] as number)
  return out
}

function removeAlong(out: Float64Array, mu: ArrayLike<number>): void {
  const dot = out.reduce((sum, v, i) => sum + v * (mu[i] as number), 0)
  for (let i = 0; i < out.length; i += 1) out[i] = (out[i] as number) - dot * (mu[i] as number)
}

/** The component along mu, and the length of the rest. */
function woodAlong(stream: Stream, d: number, kappa: number): { along: number; across: number } {
  const n = d - 1
  const b = n / (2 * kappa + Math.sqrt(4 * kappa * kappa + n * n))
  const x0 = (1 - b) / (1 + b)
  const c = kappa * x0 + n * log1p(-x0 * x0)
  for (;;) {
    const z = drawBeta(stream, n / 2, n / 2)
    const scale = 1 - (1 - b) * z
    const along = (1 - (1 + b) * z) / scale
    // 1 - along = 2 b z / scale, which keeps its digits when along is nearly 1.
    if (kappa * along + n * log(1 - x0 * along) - c >= -stream.exponential()) {
      return { along, across: Math.sqrt(((2 * b * z) / scale) * (1 + along)) }
    }
  }
}
