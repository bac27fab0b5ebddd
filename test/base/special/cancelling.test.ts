import { expect, test } from 'vitest'
import { expm1Minus, log1pMinus, logMinusDigamma, stirlingError } from '../../../src/base/special/log-beta.ts'
import { logBesselIUniform } from '../../../src/base/special/operations.ts'

/** Written as they are read, these differences cancel. Values by mpmath with 40 digits. */
test.each([
  ['log(1 + u) - u', log1pMinus, 1e-9, -4.999999996666666e-19],
  ['log(1 + u) - u', log1pMinus, -1e-5, -5.000033333583335e-11],
  ['log(1 + u) - u', log1pMinus, 0.2, -0.017678443206045374],
  ['log(1 + u) - u', log1pMinus, -0.35, -0.08078291609245426],
  ['log(1 + u) - u', log1pMinus, 3, -1.6137056388801094],
  ['exp(u) - 1 - u', expm1Minus, 1e-9, 5.000000001666666e-19],
  ['exp(u) - 1 - u', expm1Minus, -1e-5, 4.999983333375e-11],
  ['exp(u) - 1 - u', expm1Minus, 0.41, 0.09681778511285358],
  ['exp(u) - 1 - u', expm1Minus, 3, 16.085536923187668],
  ['log(z) - digamma(z)', logMinusDigamma, 10, 0.05083250392732458],
  ['log(z) - digamma(z)', logMinusDigamma, 40, 0.012552080079093177],
  ["what Stirling's formula lacks", stirlingError, 10, 0.00833056343336287],
  ["what Stirling's formula lacks", stirlingError, 40, 0.0020832899383024218],
])('%s keeps its digits (%#)', (_, f, x, wanted) => {
  // 1e-14: a few dozen roundings of terms that all have the size of the result or less.
  expect(Math.abs(f(x) / wanted - 1)).toBeLessThan(1e-14)
})

// Where the expansion begins to be used, its last term is 8e-14: three roundings of the value are allowed.
test.each([
  [0, 80, 76.8916205447856],
  [30, 90, 81.8507429362926],
])('log I_%d(%d) has every term of its expansion', (order, x, wanted) => {
  expect(Math.abs(logBesselIUniform(order, x, Math.hypot(order, x)) - wanted)).toBeLessThan(4.3e-14)
})
