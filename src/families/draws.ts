import type { Stream } from '../base/random.ts'
import { lgamma } from '../base/special/index.ts'

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
    if (Math.log(stream.uniform()) < 0.5 * z * z + d * (1 - v + Math.log(v))) return Math.log(d * v)
  }
}

export function drawGamma(stream: Stream, shape: number): number {
  return Math.exp(drawLogGamma(stream, shape))
}

/** x / (x + y) for gamma draws x and y. */
export function drawBeta(stream: Stream, a: number, b: number): number {
  return 1 / (1 + Math.exp(drawLogGamma(stream, b) - drawLogGamma(stream, a)))
}

/** Multiplication of uniforms for small rates, else transformed rejection PTRS (Hoermann 1993, Insurance 12). */
export function drawPoisson(stream: Stream, rate: number): number {
  if (rate < 10) return smallPoisson(stream, rate)
  return rate < Number.POSITIVE_INFINITY ? largePoisson(stream, rate) : Number.POSITIVE_INFINITY
}

function smallPoisson(stream: Stream, rate: number): number {
  const limit = Math.exp(-rate)
  let product = stream.uniform()
  let count = 0
  while (product > limit) {
    product *= stream.uniform()
    count += 1
  }
  return count
}

function largePoisson(stream: Stream, rate: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(rate)
  const a = -0.059 + 0.02483 * b
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
  const sure = 0.9277 - 3.6224 / (b - 2)
  for (;;) {
    const u = stream.uniform() - 0.5
    const v = stream.uniform()
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + rate + 0.43)
    if (us >= 0.07 && v <= sure) return k
    if (k < 0 || (us < 0.013 && v > us)) continue
    if (Math.log((v * inverseAlpha) / (a / (us * us) + b)) <= k * Math.log(rate) - rate - lgamma(k + 1)) return k
  }
}

/** Waiting times where few successes are expected, else transformed rejection BTRS (Hoermann 1993, JSCS 46). */
export function drawBinomial(stream: Stream, n: number, p: number): number {
  if (p > 0.5) return n - drawBinomial(stream, n, 1 - p)
  return n * p < 10 ? smallBinomial(stream, n, p) : largeBinomial(stream, n, p)
}

/** Jumps from success to success by geometric waiting times. */
function smallBinomial(stream: Stream, n: number, p: number): number {
  if (p <= 0) return 0
  const rate = -Math.log1p(-p)
  let count = 0
  for (let at = Math.floor(stream.exponential() / rate); at < n; at += 1 + Math.floor(stream.exponential() / rate)) count += 1
  return count
}

function largeBinomial(stream: Stream, n: number, p: number): number {
  const spread = Math.sqrt(n * p * (1 - p))
  const b = 1.15 + 2.53 * spread
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const alpha = (2.83 + 5.1 / b) * spread
  const sure = 0.92 - 4.2 / b
  const mode = Math.floor((n + 1) * p)
  const logOdds = Math.log(p / (1 - p))
  const top = lgamma(mode + 1) + lgamma(n - mode + 1)
  for (;;) {
    const u = stream.uniform() - 0.5
    const v = stream.uniform()
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + n * p + 0.5)
    if (k < 0 || k > n) continue
    if (us >= 0.07 && v <= sure) return k
    const relative = top - lgamma(k + 1) - lgamma(n - k + 1) + (k - mode) * logOdds
    if (Math.log((v * alpha) / (a / (us * us) + b)) <= relative) return k
  }
}

/** An index with probability proportional to exp(logWeights): the largest of Gumbel-perturbed log weights. */
export function drawIndex(stream: Stream, logWeights: ArrayLike<number>): number {
  let best = 0
  let highest = Number.NEGATIVE_INFINITY
  for (let k = 0; k < logWeights.length; k += 1) {
    const height = (logWeights[k] as number) - Math.log(stream.exponential())
    if (height > highest) {
      highest = height
      best = k
    }
  }
  return best
}

/** An angle within pi of `mu`. Best and Fisher (1979), Applied Statistics 28. */
export function drawVonMises(stream: Stream, mu: number, kappa: number): number {
  if (kappa < 1e-8) return mu + Math.PI * (2 * stream.uniform() - 1)
  // Beyond 1e8 the density differs from the normal one by less than 1e-8 wherever there is mass.
  if (kappa > 1e8) return mu + stream.normal() / Math.sqrt(kappa)
  const root = Math.sqrt(1 + 4 * kappa * kappa)
  const tau = 1 + root
  // (tau - sqrt(2 tau)) / (2 kappa), without the difference, which is 0 for a small kappa.
  const rho = (2 * kappa * Math.sqrt(tau)) / ((1 + root) * (Math.sqrt(tau) + Math.SQRT2))
  const r = (1 + rho * rho) / (2 * rho)
  for (;;) {
    const z = Math.cos(Math.PI * stream.uniform())
    const f = (1 + r * z) / (r + z)
    const c = kappa * (r - f)
    const u = stream.uniform()
    if (c * (2 - c) > u || Math.log(c / u) + 1 >= c) return mu + (stream.uniform() < 0.5 ? -1 : 1) * Math.acos(Math.min(1, f))
  }
}

/** A point on the unit sphere around the unit vector `mu`. Wood (1994), Communications in Statistics 23. */
export function drawVonMisesFisher(stream: Stream, mu: ArrayLike<number>, kappa: number): Float64Array {
  const d = mu.length
  const out = new Float64Array(d)
  if (d === 1) {
    out[0] = stream.uniform() < 1 / (1 + Math.exp(-2 * kappa)) ? (mu[0] as number) : -(mu[0] as number)
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
  const c = kappa * x0 + n * Math.log1p(-x0 * x0)
  for (;;) {
    const z = drawBeta(stream, n / 2, n / 2)
    const scale = 1 - (1 - b) * z
    const along = (1 - (1 + b) * z) / scale
    // 1 - along = 2 b z / scale, which keeps its digits when along is nearly 1.
    if (kappa * along + n * Math.log(1 - x0 * along) - c >= -stream.exponential()) {
      return { along, across: Math.sqrt(((2 * b * z) / scale) * (1 + along)) }
    }
  }
}
