import type { Stream } from '../../base/random.ts'
import { exp } from '../../base/special/exponential.ts'
import { gammaP } from '../../base/special/incomplete.ts'
import { log } from '../../base/special/logarithm.ts'
import { invertContinuous } from './invert.ts'

/** Log of a draw from gamma(shape, 1); the log because a small shape puts nearly everything below 1e-308. */
export function drawLogGamma(stream: Stream, shape: number): number {
  // Marsaglia and Tsang (2000), section 6: a draw of shape + 1 times u^(1 / shape).
  if (shape < 1) return drawLogGamma(stream, shape + 1) - stream.exponential() / shape
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const z = stream.normal()
    const root = 1 + c * z
    if (root <= 0) continue
    const v = root * root * root
    if (log(stream.uniform()) < 0.5 * z * z + d * (1 - v + log(v))) return log(d * v)
  }
}

export function drawGamma(stream: Stream, shape: number): number {
  return exp(drawLogGamma(stream, shape))
}

/** x / (x + y) for gamma draws x and y. */
export function drawBeta(stream: Stream, a: number, b: number): number {
  return 1 / (1 + exp(drawLogGamma(stream, b) - drawLogGamma(stream, a)))
}

export function gammaQuantile(p: number, alpha: number): number {
  return invertContinuous((x) => gammaP(alpha, x), p)
}
