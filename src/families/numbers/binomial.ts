import type { Stream } from '../../base/random.ts'
import { exp } from '../../base/special/exponential.ts'
import { betaI } from '../../base/special/incomplete.ts'
import { log, log1p } from '../../base/special/logarithm.ts'
import { lgamma } from '../../base/special/operations.ts'
import { atWhole } from './invert.ts'

/** Waiting times where few successes are expected, else transformed rejection BTRS (Hoermann 1993, JSCS 46). */
export function drawBinomial(stream: Stream, n: number, p: number): number {
  if (p > 0.5) return n - drawBinomial(stream, n, 1 - p)
  return n * p < 10 ? smallBinomial(stream, n, p) : largeBinomial(stream, n, p)
}

/** Jumps from success to success by geometric waiting times. */
function smallBinomial(stream: Stream, n: number, p: number): number {
  if (p <= 0) return 0
  const rate = -log1p(-p)
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
  const logOdds = log(p / (1 - p))
  const top = lgamma(mode + 1) + lgamma(n - mode + 1)
  for (;;) {
    const u = stream.uniform() - 0.5
    const v = stream.uniform()
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + n * p + 0.5)
    if (k < 0 || k > n) continue
    if (us >= 0.07 && v <= sure) return k
    const relative = top - lgamma(k + 1) - lgamma(n - k + 1) + (k - mode) * logOdds
    if (log((v * alpha) / (a / (us * us) + b)) <= relative) return k
  }
}

/** P(X <= x) of one trial. */
export const bernoulliCdf = (x: number, theta: number): number => (x < 0 ? 0 : x < 1 ? 1 - theta : 1)

/** P(X <= x). */
export const binomialCdf = (x: number, n: number, theta: number): number => atWhole(x, (k) => (k >= n ? 1 : betaI(n - k, k + 1, 1 - theta)))

export const inverseLogit = (alpha: number): number => 1 / (1 + exp(-alpha))
