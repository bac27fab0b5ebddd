import { expect, test } from 'vitest'
import { power } from '../../../src/base/interval.ts'
import { besselRatio } from '../../../src/base/special/bessel-ratio.ts'
import { asin, atan2 } from '../../../src/base/special/inverse-trigonometric.ts'
import { digammaGap } from '../../../src/base/special/log-beta.ts'

const { POSITIVE_INFINITY: INF, NaN: NONE } = Number

test.each<[string, number, number]>([
  ['Bessel ratio far out', besselRatio(INF, 3), 1],
  ['Bessel ratio of endless order', besselRatio(3, INF), 0],
  ['Bessel ratio of both', besselRatio(INF, INF), NONE],
  ['digamma gap from 0', digammaGap(0, 2), INF],
  ['digamma gap without end', digammaGap(2, INF), INF],
  ['digamma gap from far out', digammaGap(INF, 2), 0],
  ['digamma gap of both', digammaGap(INF, INF), NONE],
  ['arc sine of 1', asin(1), Math.PI / 2],
  ['arc sine of -1', asin(-1), -Math.PI / 2],
  ['arc sine beyond', asin(1 + 2 ** -52), NONE],
  ['angle of (inf, inf)', atan2(INF, INF), Math.PI / 4],
  ['angle of (-inf, inf)', atan2(INF, -INF), (3 * Math.PI) / 4],
  ['angle of (2, inf)', atan2(INF, 2), Math.PI / 2],
  ['angle of (inf, 2)', atan2(2, INF), 0],
])('%s', (_, found, wanted) => {
  expect(found).toBe(wanted)
})

test('a power of a known number is known', () => {
  expect(power({ low: 3, high: 3, zero: false }, { low: 3, high: 3, zero: false })).toEqual({ low: 27, high: 27, zero: false })
})
