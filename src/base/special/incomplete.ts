import { lgamma } from './operations.ts'

/** Regularised lower incomplete gamma function P(a, x), for a > 0: the distribution function of gamma(a, 1). */
export function gammaP(a: number, x: number): number {
  if (!(a > 0) || Number.isNaN(x)) return Number.NaN
  if (x <= 0) return 0
  if (x === Number.POSITIVE_INFINITY) return 1
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x)
}

/** 1 - P(a, x), without cancellation. */
export function gammaQ(a: number, x: number): number {
  if (!(a > 0) || Number.isNaN(x)) return Number.NaN
  if (x <= 0) return 1
  if (x === Number.POSITIVE_INFINITY) return 0
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x)
}

/** DLMF 8.11.4: all terms positive. */
function gammaSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; term > 1e-17 * sum; n += 1) {
    term *= x / (a + n)
    sum += term
  }
  return sum * gammaFront(a, x)
}

/** DLMF 8.9.2, by Lentz's method. */
function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let h = d
  for (let n = 1; n < 100_000; n += 1) {
    const top = -n * (n - a)
    b += 2
    d = 1 / nonzero(top * d + b)
    c = nonzero(b + top / c)
    h *= c * d
    if (Math.abs(c * d - 1) < 1e-16) break
  }
  return h * gammaFront(a, x)
}

/** x^a exp(-x) / Gamma(a); for large a by Stirling's series, so that the large powers cancel before they are rounded. */
function gammaFront(a: number, x: number): number {
  if (a < 10) return Math.exp(a * Math.log(x) - x - lgamma(a))
  return Math.sqrt(a / (2 * Math.PI)) * Math.exp(a * log1pMinus((x - a) / a) - stirlingError(a))
}

/** lgamma(a) less Stirling's formula, for a >= 10 (DLMF 5.11.1). */
export function stirlingError(a: number): number {
  const w = 1 / (a * a)
  return (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - (w * 691) / 360360))))) / a
}

/** log(1 + u) - u, without cancellation for small u. */
export function log1pMinus(u: number): number {
  if (Math.abs(u) > 0.4) return Math.log1p(u) - u
  let power = -u * u
  let sum = power / 2
  for (let n = 3; Math.abs(power) > 1e-18 * Math.abs(sum); n += 1) {
    power *= -u
    sum += power / n
  }
  return sum
}

/** Regularised incomplete beta function I_x(a, b), for a, b > 0: the distribution function of beta(a, b). */
export function betaI(a: number, b: number, x: number): number {
  if (!(a > 0) || !(b > 0) || Number.isNaN(x)) return Number.NaN
  if (x <= 0) return 0
  if (x >= 1) return 1
  return x < (a + 1) / (a + b + 2) ? betaFraction(a, b, x, 1 - x) : 1 - betaFraction(b, a, 1 - x, x)
}

/** DLMF 8.17.22, by Lentz's method; y = 1 - x. */
function betaFraction(a: number, b: number, x: number, y: number): number {
  let c = 1
  let d = 1 / nonzero(1 - ((a + b) * x) / (a + 1))
  let h = d
  for (let n = 1; n < 100_000; n += 1) {
    const even = (n * (b - n) * x) / ((a + 2 * n - 1) * (a + 2 * n))
    d = 1 / nonzero(1 + even * d)
    c = nonzero(1 + even / c)
    h *= c * d
    const odd = (-(a + n) * (a + b + n) * x) / ((a + 2 * n) * (a + 2 * n + 1))
    d = 1 / nonzero(1 + odd * d)
    c = nonzero(1 + odd / c)
    h *= c * d
    if (Math.abs(c * d - 1) < 1e-16) break
  }
  return (h * betaFront(a, b, x, y)) / a
}

/** x^a y^b / B(a, b). */
function betaFront(a: number, b: number, x: number, y: number): number {
  if (a < 10 || b < 10) return Math.exp(a * Math.log(x) + b * logComplement(x, y) + lgamma(a + b) - lgamma(a) - lgamma(b))
  const n = a + b
  const exponent = a * log1pMinus((x * n - a) / a) + b * log1pMinus((y * n - b) / b)
  return Math.sqrt((a * b) / (2 * Math.PI * n)) * Math.exp(exponent + stirlingError(n) - stirlingError(a) - stirlingError(b))
}

function logComplement(x: number, y: number): number {
  return x < 0.5 ? Math.log1p(-x) : Math.log(y)
}

function nonzero(x: number): number {
  return Math.abs(x) < 1e-300 ? 1e-300 : x
}
