import { meanLength } from '../base/special/bessel-ratio.ts'
import { logBeta } from '../base/special/index.ts'
import { pow, squared } from '../base/special/pow.ts'

/**
 * Means and variances of the elements of a draw, in the order of a draw: matrices row by row. NaN where there is none,
 * and infinite where the integral is.
 */
type Values = Float64Array

const { NaN: none, POSITIVE_INFINITY: inf } = Number

const at = (values: Values, i: number): number => (values.length === 1 ? values[0] : values[i]) as number
const fill = (length: number, value: (i: number) => number): Values => Float64Array.from({ length }, (_, i) => value(i))
const square = (size: number, value: (i: number, j: number) => number): Values => grid(size, size, value)

function grid(rows: number, columns: number, value: (i: number, j: number) => number): Values {
  return fill(rows * columns, (k) => value(Math.floor(k / columns), k % columns))
}

interface Moments<Args> {
  means(args: Args, size: number, columns: number): Values
  variances(args: Args, size: number, columns: number): Values
}

export const ofMultiNormal: Moments<readonly [Values, Values]> = {
  means: ([mu], size) => fill(size, (i) => at(mu, i)),
  variances: ([, sigma], size) => fill(size, (i) => sigma[i * size + i] as number),
}

export const ofMultiNormalCholesky: Moments<readonly [Values, Values]> = {
  means: ofMultiNormal.means,
  variances: ([, lower], size) => fill(size, (i) => lower.subarray(i * size, (i + 1) * size).reduce((sum, v) => sum + v * v, 0)),
}

export const ofMultiStudent: Moments<readonly [Values, Values, Values]> = {
  means: ([nu, mu], size) => fill(size, (i) => ((nu[0] as number) > 1 ? at(mu, i) : none)),
  variances: ([[nu = none], , sigma], size) => {
    const factor = nu > 2 ? nu / (nu - 2) : nu > 1 ? inf : none
    return fill(size, (i) => factor * (sigma[i * size + i] as number))
  },
}

export const ofDirichlet: Moments<readonly [Values]> = {
  means: ([alpha], size) => {
    const { total } = shares(alpha, size)
    return fill(size, (i) => at(alpha, i) / total)
  },
  variances: ([alpha], size) => {
    const { total, others } = shares(alpha, size)
    return fill(size, (i) => ((at(alpha, i) / total) * (others(i) / total)) / (total + 1))
  },
}

/** `others` adds up what the others have: the total less one that is nearly all has no digits. */
function shares(alpha: Values, size: number): { readonly total: number; readonly others: (i: number) => number } {
  const every = fill(size, (i) => at(alpha, i))
  return {
    total: every.reduce((a, b) => a + b, 0),
    others: (i) => every.reduce((sum, a, j) => (i === j ? sum : sum + a), 0),
  }
}

export const ofMultinomial: Moments<readonly [Values, Values]> = {
  means: ([n, theta], size) => fill(size, (i) => (n[0] as number) * at(theta, i)),
  variances: ([n, theta], size) => fill(size, (i) => (n[0] as number) * at(theta, i) * (1 - at(theta, i))),
}

/** Both Wishart families need more degrees of freedom than size - 1. */
export const ofWishart: Moments<readonly [Values, Values]> = {
  means: ([[nu = none], sigma], size) => fill(size * size, (k) => (nu > size - 1 ? nu * (sigma[k] as number) : none)),
  variances: ([[nu = none], sigma], size) =>
    square(size, (i, j) => (nu > size - 1 ? nu * (squared(sigma[i * size + j] as number) + diagonals(sigma, size, i, j)) : none)),
}

/** S_ii S_jj */
function diagonals(sigma: Values, size: number, i: number, j: number): number {
  return (sigma[i * size + i] as number) * (sigma[j * size + j] as number)
}

/** Gupta and Nagar (2000), theorem 3.4.3. Elements of the diagonal are positive, the others have two heavy tails. */
export const ofInverseWishart: Moments<readonly [Values, Values]> = {
  means: ([[nu = none], sigma], size) =>
    square(size, (i, j) => {
      const spare = nu - size - 1
      return spare > 0 ? (sigma[i * size + j] as number) / spare : withoutMean(nu, size, i === j)
    }),
  variances: ([[nu = none], sigma], size) =>
    square(size, (i, j) => {
      const spare = nu - size - 1
      if (!(spare > 0)) return withoutMean(nu, size, i === j)
      if (!(spare > 2)) return inf
      const between = sigma[i * size + j] as number
      return ((spare + 2) * squared(between) + spare * diagonals(sigma, size, i, j)) / ((spare + 1) * squared(spare) * (spare - 2))
    }),
}

function withoutMean(nu: number, size: number, onDiagonal: boolean): number {
  return onDiagonal && nu > size - 1 ? inf : none
}

export const ofMatrixNormal: Moments<readonly [Values, Values, Values]> = {
  means: ([mu], rows, columns) => fill(rows * columns, (k) => at(mu, k)),
  variances: ([, among, across], rows, columns) =>
    grid(rows, columns, (i, j) => (among[i * rows + i] as number) * (across[j * columns + j] as number)),
}

/**
 * Row i of the factor, but for the diagonal, points everywhere alike, with squared length beta(i / 2, eta + (size - 1 - i) / 2):
 * the telescoping product of the canonical partial correlations of Lewandowski, Kurowicka and Joe (2009), section 3.
 */
export const ofLkjFactor: Moments<readonly [Values]> = {
  means: ([[eta = none]], size) => square(size, (i, j) => (i === j ? rootOfBeta(...diagonalShapes(eta, size, i)).mean : 0)),
  variances: ([[eta = none]], size) =>
    square(size, (i, j) => (i < j ? 0 : i > j ? 1 / (2 * eta + size - 1) : rootOfBeta(...diagonalShapes(eta, size, i)).variance)),
}

function diagonalShapes(eta: number, size: number, i: number): readonly [number, number] {
  return [eta + 0.5 * (size - 1 - i), 0.5 * i]
}

/** Mean and variance of the root of a beta(a, b) variable. */
function rootOfBeta(a: number, b: number): { readonly mean: number; readonly variance: number } {
  if (b === 0) return { mean: 1, variance: 0 }
  const mean = Math.exp(logBeta(a + 0.5, b) - logBeta(a, b))
  // E X - (E sqrt X)^2, written so that large a cancel before they are rounded.
  return { mean, variance: (a / (a + b)) * -Math.expm1(2 * rootGap(a, b)) }
}

/** g(a) - g(a + b) for g(z) = lgamma(z + 1/2) - lgamma(z) - log(z) / 2, by recurrence and the series for large z. */
function rootGap(a: number, b: number): number {
  const step = (z: number): number => 0.5 * Math.log1p(-0.25 / squared(z + 0.5))
  let gap = 0
  let low = a
  for (; low < 20; low += 1) gap += step(low) - step(low + b)
  // low^-k - (low + b)^-k
  const fall = (k: number): number => pow(low, -k) * -Math.expm1(-k * Math.log1p(b / low))
  return gap - fall(1) / 8 + fall(3) / 192 - fall(5) / 640 + (17 * fall(7)) / 14336 - (31 * fall(9)) / 18432
}

/** x = t mu + the rest, which points everywhere alike across mu. */
export const ofVonMisesFisher: Moments<readonly [Values, Values]> = {
  means: ([mu, [kappa = none]], size) => {
    const { length } = meanLength(size, kappa)
    return fill(size, (i) => length * at(mu, i))
  },
  variances: ([mu, [kappa = none]], size) => {
    const { across, along } = meanLength(size, kappa)
    return fill(size, (i) => {
      const m = at(mu, i)
      return across * (1 - m) * (1 + m) + along * m * m
    })
  },
}
