import { must } from '../../src/base/internal-error.ts'
import type { ChainResult } from '../../src/inference/chains/chain.ts'
import type { LogDensity } from '../../src/inference/density/density.ts'
import { mcseMean } from '../../src/inference/diagnostics/mcse.ts'
import { mean, pooled } from '../../src/inference/diagnostics/moments.ts'

/** Densities whose moments are known in closed form, none of them symmetric in all its coordinates. */

/** Ten correlated normals with means 1, -1, 2, ...; the covariance is L L' of the factor below. */
export const gaussian = (() => {
  const n = 10
  const centre = Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1 : -1) * (1 + i / 4))
  // Lower-triangular, scales from 0.5 to 5, correlations up to about 0.9.
  const factor = (i: number, j: number) => (j > i ? 0 : (i === j ? 1 : Math.sin(3 * i + j)) * 0.5 * 10 ** (i / 9))
  const covariance = (i: number, j: number) => Array.from({ length: n }, (_, k) => factor(i, k) * factor(j, k)).reduce((a, b) => a + b)
  const density: LogDensity = {
    dimension: n,
    evaluate(q, gradient) {
      // w = L^-1 (q - m), log density -w'w/2, gradient -L'^-1 w.
      const w = new Float64Array(n)
      for (let i = 0; i < n; i += 1) {
        let sum = (q[i] as number) - (centre[i] as number)
        for (let j = 0; j < i; j += 1) sum -= factor(i, j) * (w[j] as number)
        w[i] = sum / factor(i, i)
      }
      for (let i = n - 1; i >= 0; i -= 1) {
        let sum = -(w[i] as number)
        for (let j = i + 1; j < n; j += 1) sum -= factor(j, i) * (gradient[j] as number)
        gradient[i] = sum / factor(i, i)
      }
      return -0.5 * w.reduce((s, v) => s + v * v, 0)
    },
  }
  return { density, centre, covariance }
})()

/** x = log of an exponential variable: log density x - e^x; P(x <= t) = 1 - exp(-e^t); mean -0.5772, variance pi^2/6. */
export const logExponential: LogDensity = {
  dimension: 1,
  evaluate(q, gradient) {
    const x = q[0] as number
    gradient[0] = 1 - Math.exp(x)
    return x - Math.exp(x)
  },
}

/** x ~ N(0.5, 1), y given x ~ N(bend x^2, sd): E y = 1.25 bend, Var y = 3 bend^2 + sd^2, Cov(x, y) = bend. */
function bent(bend: number, sd: number): LogDensity {
  return {
    dimension: 2,
    evaluate(q, gradient) {
      const [x = 0, y = 0] = q
      const off = (y - bend * x * x) / sd
      gradient[0] = 0.5 - x + (2 * bend * x * off) / sd
      gradient[1] = -off / sd
      return -0.5 * (x - 0.5) ** 2 - 0.5 * off * off
    },
  }
}

/** Bent so gently that steps of one size suit both its middle and its tails: its moments can be tested. */
export const banana = bent(0.3, 1)
export const bananaMoments = { y: 0.375, xy: 0.3, yy: 1.27 }

/** Steps that suit its middle diverge in its tails. */
export const sharpBanana = bent(1, 0.5)

/** The same density with the gradient's sign wrong. */
export function flipped(density: LogDensity): LogDensity {
  return {
    dimension: density.dimension,
    evaluate(q, gradient) {
      const value = density.evaluate(q, gradient)
      for (let i = 0; i < gradient.length; i += 1) gradient[i] = -(gradient[i] as number)
      return value
    },
  }
}

/** `f` of every draw, a series a chain. */
export function expectation(chains: readonly ChainResult[], f: (q: Float64Array) => number): Float64Array[] {
  return chains.map((c) => Float64Array.from({ length: c.count }, (_, d) => f(c.draws.subarray(d * c.dimension, (d + 1) * c.dimension))))
}

/** How many of its own Monte Carlo standard errors the mean of `f` is from `truth`. */
export function deviation(chains: readonly ChainResult[], f: (q: Float64Array) => number, truth: number): number {
  const s = expectation(chains, f)
  return (mean(pooled(s)) - truth) / mcseMean(s)
}

/**
 * The gate of every statistical test here: five standard errors, which a right sampler exceeds with probability 5.7e-7
 * if errors are normal. (Seeds are fixed, so a passing test stays passing.)
 */
export const gate = 5

export function statisticOf(chain: ChainResult, name: string): Float64Array {
  const at = chain.columns.indexOf(name)
  must(at >= 0 || undefined, name)
  return Float64Array.from({ length: chain.count }, (_, d) => chain.statistics[d * chain.columns.length + at] as number)
}
