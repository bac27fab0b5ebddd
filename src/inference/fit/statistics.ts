import { meanLength } from '../../base/special/bessel-ratio.ts'
import { logBeta } from '../../base/special/log-beta.ts'
import { log, log1p } from '../../base/special/logarithm.ts'
import { digamma, lgamma, logBesselI } from '../../base/special/operations.ts'
import type { FittedForm } from '../../middle/fit-program.ts'

/** The arguments of the family at one site: numbers, or vectors along its own axis. */
export type SiteArguments = readonly Float64Array[]

/** What coordinate ascent asks of a form besides draws: exp(-sum of coefficients times statistics), normalised. */
export interface FormStatistics {
  /** The mean of each statistic, at each of the `size` elements of a site. */
  readonly means: Readonly<Record<string, (args: SiteArguments, i: number, size: number) => number>>
  /** In nats. */
  entropy(args: SiteArguments, size: number): number
  logDensity(args: SiteArguments, x: Float64Array): number
}

const first = (args: SiteArguments): number => args[0]?.[0] as number
const second = (args: SiteArguments): number => args[1]?.[0] as number
const sum = (x: Float64Array, f: (v: number, i: number) => number): number => x.reduce((total, v, i) => total + f(v, i), 0)

/** Formulas: Bishop, Pattern Recognition and Machine Learning (2006), appendix B; Mardia and Jupp 2000, 9.3, for the sphere. */
export const formStatistics: Readonly<Record<FittedForm, FormStatistics>> = {
  gamma: {
    means: {
      x: (args) => first(args) / second(args),
      'log x': (args) => digamma(first(args)) - log(second(args)),
    },
    entropy(args) {
      const [a, b] = [first(args), second(args)]
      return a - log(b) + lgamma(a) + (1 - a) * digamma(a)
    },
    logDensity(args, [x = Number.NaN]) {
      const [a, b] = [first(args), second(args)]
      return a * log(b) - lgamma(a) + (a - 1) * log(x) - b * x
    },
  },
  inverse_gamma: {
    means: {
      '1/x': (args) => first(args) / second(args),
      'log x': (args) => log(second(args)) - digamma(first(args)),
    },
    entropy(args) {
      const [a, b] = [first(args), second(args)]
      return a + log(b) + lgamma(a) - (1 + a) * digamma(a)
    },
    logDensity(args, [x = Number.NaN]) {
      const [a, b] = [first(args), second(args)]
      return a * log(b) - lgamma(a) - (a + 1) * log(x) - b / x
    },
  },
  beta: {
    means: {
      'log x': (args) => digamma(first(args)) - digamma(first(args) + second(args)),
      'log(1 - x)': (args) => digamma(second(args)) - digamma(first(args) + second(args)),
    },
    entropy(args) {
      const [a, b] = [first(args), second(args)]
      return logBeta(a, b) - (a - 1) * digamma(a) - (b - 1) * digamma(b) + (a + b - 2) * digamma(a + b)
    },
    logDensity(args, [x = Number.NaN]) {
      const [a, b] = [first(args), second(args)]
      return (a - 1) * log(x) + (b - 1) * log1p(-x) - logBeta(a, b)
    },
  },
  dirichlet: {
    means: { 'log x': ([alpha = new Float64Array(0)], i) => digamma(alpha[i] as number) - digamma(sum(alpha, (v) => v)) },
    entropy([alpha = new Float64Array(0)], size) {
      const total = sum(alpha, (v) => v)
      return logNormaliser(alpha) + (total - size) * digamma(total) - sum(alpha, (v) => (v - 1) * digamma(v))
    },
    logDensity: ([alpha = new Float64Array(0)], x) => sum(x, (v, i) => ((alpha[i] as number) - 1) * log(v)) - logNormaliser(alpha),
  },
  von_mises_fisher: {
    means: { x: ([mu = new Float64Array(0), kappa], i, size) => (mu[i] as number) * meanLength(size, kappa?.[0] as number).length },
    entropy(args, size) {
      const kappa = second(args)
      return -logDirections(kappa, size) - kappa * meanLength(size, kappa).length
    },
    logDensity([mu = new Float64Array(0), [kappa = Number.NaN] = []], x) {
      return logDirections(kappa, x.length) + kappa * sum(x, (v, i) => v * (mu[i] as number))
    },
  },
}

function logNormaliser(alpha: Float64Array): number {
  return sum(alpha, (v) => lgamma(v)) - lgamma(sum(alpha, (v) => v))
}

/** The log of what normalises exp(kappa mu'x) over the sphere in d dimensions, one over its area at kappa = 0. */
function logDirections(kappa: number, d: number): number {
  const half = d / 2
  if (kappa === 0) return lgamma(half) - Math.LN2 - half * log(Math.PI)
  return (half - 1) * log(kappa) - half * log(2 * Math.PI) - logBesselI(half - 1, kappa)
}

/** A statistic of one number of a value. */
export const statisticAt: Readonly<Record<string, (x: number) => number>> = {
  x: (x) => x,
  'log x': log,
  '1/x': (x) => 1 / x,
  'log(1 - x)': (x) => log1p(-x),
}
