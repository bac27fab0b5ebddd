/**
 * The special functions that operations of the graph stand for. Emitted modules carry a copy of their text.
 *
 * Accuracy: 1e-12 relative, or 1e-14 times the size of the function's ingredients near its roots. NaN only where the
 * function has no value. Coefficients: scripts/special-coefficients.py.
 */
import { exp } from './exponential.ts'
import { sinh } from './hyperbolic.ts'
import { hypot } from './hypot.ts'
import { log, log1p } from './logarithm.ts'
import { sin } from './trigonometric.ts'

/** sin(pi x), exact at whole and half numbers. */
export function sinPi(x: number): number {
  const r = x - 2 * Math.round(x / 2)
  return Math.abs(r) > 0.5 ? sin(Math.PI * (r > 0 ? 1 - r : -1 - r)) : sin(Math.PI * r)
}

/**
 * Log of the absolute value of the gamma function; plus infinity at 0, -1, -2, ...
 * Stirling's series (DLMF 5.11.1) from 10 up, recurrence below, reflection (5.5.3) for negative x.
 */
export function lgamma(x: number): number {
  if (x === Number.POSITIVE_INFINITY || x === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY
  if (x === 1 || x === 2) return 0
  if (Math.abs(x) < 1e-17) return -log(Math.abs(x))
  if (x < 0) return log(Math.PI) - log(Math.abs(x * sinPi(x))) - lgamma(-x)
  let z = x
  let product = 1
  while (z < 10) {
    product *= z
    z += 1
  }
  const w = 1 / (z * z)
  const series = w * (-1 / 360 + w * (1 / 1260 + w * (-1 / 1680 + w * (1 / 1188 + w * (-691 / 360360 + w / 156)))))
  return z * (log(z) - 1) - 0.5 * log(z) + 0.9189385332046727 + (1 / 12 + series) / z - log(product)
}

/** Derivative of lgamma: minus infinity at 0 (its limit from above), NaN at the other poles. DLMF 5.11.2, 5.5.2, 5.5.4. */
export function digamma(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY
  if (x < 0) {
    const s = sinPi(x)
    return s === 0 || x === Number.NEGATIVE_INFINITY ? Number.NaN : digamma(1 - x) - (Math.PI * sinPi(x + 0.5)) / s
  }
  let z = x
  let shifted = 0
  while (z < 10) {
    shifted += 1 / z
    z += 1
  }
  const w = 1 / (z * z)
  const series = w * (1 / 12 - w * (1 / 120 - w * (1 / 252 - w * (1 / 240 - w * (1 / 132 - w * (691 / 32760 - w / 12))))))
  return log(z) - 0.5 / z - series - shifted
}

/** Derivative of digamma; plus infinity at 0, -1, -2, ... DLMF 5.15.8, 5.15.5, 5.15.6. */
export function trigamma(x: number): number {
  if (x === 0) return Number.POSITIVE_INFINITY
  if (x < 0) {
    const s = sinPi(x)
    const slope = Math.PI / s
    return x === Number.NEGATIVE_INFINITY ? Number.NaN : slope * slope - trigamma(1 - x)
  }
  let z = x
  let shifted = 0
  while (z < 12) {
    shifted += 1 / (z * z)
    z += 1
  }
  const w = 1 / (z * z)
  const series = 1 / 6 - w * (1 / 30 - w * (1 / 42 - w * (1 / 30 - w * (5 / 66 - w * (691 / 2730 - (w * 7) / 6)))))
  return shifted + (1 + 0.5 / z + w * series) / z
}

/**
 * Log of the modified Bessel function of the first kind, for real order > -1 and x >= 0 (NaN elsewhere): the power
 * series (DLMF 10.25.2) where order and x are small, else the expansion that is uniform in the order (10.41.3), written
 * in powers of 1 / hypot(order, x), so that at order 0 it is the expansion for large x (10.40.1).
 */
export function logBesselI(order: number, x: number): number {
  if (!(order > -1) || !(x >= 0)) return Number.NaN
  if (x === 0) return order === 0 ? 0 : order > 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (order === Number.POSITIVE_INFINITY) return x === Number.POSITIVE_INFINITY ? Number.NaN : Number.NEGATIVE_INFINITY
  if (x === Number.POSITIVE_INFINITY) return x
  const r = hypot(order, x)
  return r < 80 ? logBesselISeries(order, x) : logBesselIUniform(order, x, r)
}

/** Every term is positive, so nothing cancels. */
export function logBesselISeries(order: number, x: number): number {
  const q = (x * x) / 4
  let term = q / (order + 1)
  let sum = term
  for (let k = 2; term > 1e-17 * sum; k += 1) {
    term *= q / (k * (order + k))
    sum += term
  }
  return log1p(sum) + order * (log(x) - Math.LN2) - lgamma(order + 1)
}

/** For r = hypot(order, x) of at least 80, where the first term left out is below 1e-14. */
export function logBesselIUniform(order: number, x: number, r: number): number {
  const ratio = x / (order + r)
  const exponent = r + order * (ratio > 1e-290 ? log(ratio) : log(x) - log(order + r))
  const p = order / r
  const q = p * p
  const u1 = 0.125 + q * -0.20833333333333334
  const u2 = 0.0703125 + q * (-0.4010416666666667 + q * 0.3342013888888889)
  const u3 = 0.0732421875 + q * (-0.8912109375 + q * (1.8464626736111112 + q * -1.0258125964506173))
  const u4 = 0.112152099609375 + q * (-2.3640869140625 + q * (8.78912353515625 + q * (-11.207002616222994 + q * 4.669584423426247)))
  const u5 =
    0.22710800170898438 +
    q * (-7.368794359479632 + q * (42.53499874538846 + q * (-91.81824154324002 + q * (84.63621767460073 + q * -28.212072558200244))))
  const u6 =
    0.5725014209747314 +
    q *
      (-26.491430486951554 +
        q * (218.1905117442116 + q * (-699.5796273761325 + q * (1059.9904525279999 + q * (-765.2524681411817 + q * 212.57013003921713)))))
  const u7 =
    1.7277275025844574 +
    q *
      (-108.09091978839466 +
        q *
          (1200.9029132163525 +
            q *
              (-5305.646978613403 +
                q * (11655.393336864534 + q * (-13586.550006434138 + q * (8061.722181737309 + q * -1919.457662318407))))))
  const w = 1 / r
  const series = w * (u1 + w * (u2 + w * (u3 + w * (u4 + w * (u5 + w * (u6 + w * u7))))))
  return exponent - 0.5 * (log(2 * Math.PI) + log(r)) + log1p(series)
}

/** log(1 + (a / b)^2), for b > 0, without overflow. */
export function log1pSquare(a: number, b: number): number {
  if (a === 0) return 0
  const d = Math.abs(a)
  return d < b ? log1p((d / b) * (d / b)) : 2 * (log(d) - log(b)) + log1p((b / d) * (b / d))
}

/** x log(y), and its limit 0 where x is 0, whatever y is. */
export function xlogy(x: number, y: number): number {
  return x === 0 ? 0 : x * log(y)
}

/** 1 / (1 + exp(-x)). */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x))
  const e = exp(x)
  return e / (1 + e)
}

/** log(1 + exp(x)). */
export function softplus(x: number): number {
  return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
}

/** log(cosh(x)). */
export function logcosh(x: number): number {
  const a = Math.abs(x)
  if (a > 1) return a + log1p(exp(-2 * a)) - Math.LN2
  const s = sinh(a / 2)
  return log1p(2 * s * s)
}
