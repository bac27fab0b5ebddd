/**
 * The error function and its logarithms. Accuracy: 1e-12 relative. Coefficients: scripts/special-coefficients.py.
 */
import { exp } from './exponential.ts'
import { log, log1p } from './logarithm.ts'

/** log(erfc(x)) + x^2 for x >= 0.5, by a polynomial in 3 / (3 + x). */
export function logErfcTail(x: number): number {
  const u = 7 / (3 + x) - 1
  const series =
    -0.041868163047693197 +
    u *
      (0.6546382489012338 +
        u *
          (0.14657691450078844 +
            u *
              (0.01992268436931311 +
                u *
                  (-0.0063983202370458195 +
                    u *
                      (-0.005022338759957201 +
                        u *
                          (-0.0009027973825373522 +
                            u *
                              (0.0005230966466942789 +
                                u *
                                  (0.0003413691625448484 +
                                    u *
                                      (1.2375282083121033e-5 +
                                        u *
                                          (-6.203781758769625e-5 +
                                            u *
                                              (-2.0439006184567546e-5 +
                                                u *
                                                  (6.539842886915008e-6 +
                                                    u *
                                                      (5.6798079339000344e-6 +
                                                        u *
                                                          (1.3996026578277464e-7 +
                                                            u *
                                                              (-1.039135099000734e-6 +
                                                                u *
                                                                  (-2.559909821171797e-7 +
                                                                    u *
                                                                      (1.3228838988776322e-7 +
                                                                        u *
                                                                          (6.905464401785828e-8 +
                                                                            u *
                                                                              (-9.74851509842823e-9 +
                                                                                u *
                                                                                  (-1.1104294046117347e-8 +
                                                                                    u *
                                                                                      (1.455996355441467e-10 +
                                                                                        u * 9.258019895598884e-10)))))))))))))))))))))
  return series - log(3 + x)
}

/** exp(-x^2), the square taken in two parts so that its rounding does not grow in the exponent. */
export function expMinusSquare(x: number): number {
  if (Math.abs(x) > 28) return 0
  const head = Math.fround(x)
  return exp(-head * head) * exp((head - x) * (head + x))
}

/** The error function. Taylor series (DLMF 7.6.1) up to 1, else 1 - erfc. */
export function erf(x: number): number {
  if (x < 0) return -erf(-x)
  if (x > 1) return 1 - erfc(x)
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > 1e-18 * sum; n += 1) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return 1.1283791670955126 * sum
}

/** 1 - erf(x), without cancellation. */
export function erfc(x: number): number {
  if (x < 0) return 1 + erf(-x)
  if (x < 0.5) return 1 - erf(x)
  if (x > 28) return 0
  return expMinusSquare(x) * exp(logErfcTail(x))
}

/** log(erfc(x)), without underflow: about -x^2 - log(x sqrt(pi)) for large x. */
export function logErfc(x: number): number {
  if (x === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY
  return x < 0.5 ? log1p(-erf(x)) : logErfcTail(x) - x * x
}
