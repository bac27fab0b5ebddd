import type { Stream } from '../../base/random.ts'
import { exp } from '../../base/special/exponential.ts'
import { gammaQ } from '../../base/special/incomplete.ts'
import { log } from '../../base/special/logarithm.ts'
import { lgamma } from '../../base/special/operations.ts'
import { atWhole } from './invert.ts'

/** Multiplication of uniforms for small rates, else transformed rejection PTRS (Hoermann 1993, Insurance 12). */
export function drawPoisson(stream: Stream, rate: number): number {
  if (rate < 10) return smallPoisson(stream, rate)
  return rate < Number.POSITIVE_INFINITY ? largePoisson(stream, rate) : Number.POSITIVE_INFINITY
}

function smallPoisson(stream: Stream, rate: number): number {
  const limit = exp(-rate)
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
    if (log((v * inverseAlpha) / (a / (us * us) + b)) <= k * log(rate) - rate - lgamma(k + 1)) return k
  }
}

/** P(X <= x). */
export const poissonCdf = (x: number, rate: number): number => atWhole(x, (k) => gammaQ(k + 1, rate))
