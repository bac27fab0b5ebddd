import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { besselRatio } from '../../../src/base/special/bessel-ratio.ts'
import { erf, erfc, logErfc } from '../../../src/base/special/erf.ts'
import { digamma, lgamma, logBesselI, logcosh, sigmoid, softplus, trigamma } from '../../../src/base/special/operations.ts'

const table = JSON.parse(readFileSync(new URL('./reference.json', import.meta.url), 'utf8')) as Record<string, (number | string)[][]>

/** The size of what a function adds up: beside a root, rounding is relative to this, not to the result. */
const scale: Record<string, (...args: number[]) => number> = {
  // The recurrence to 10 and above adds terms of about lgamma(11) = 15; a reflection adds lgamma(-x).
  lgamma: (x) => 15 + (x < 0 ? Math.abs(lgamma(-x)) : 0),
  digamma: (x) => (x < 0 ? 3 + Math.PI / Math.abs(Math.tan(Math.PI * x)) : 3),
  logBesselI: (order, x) => Math.abs(order) * (1 + Math.abs(Math.log(x) - Math.log(Math.abs(order) + x))) + x + (order === 0 ? 0 : 15),
}

const functions: Record<string, (...args: number[]) => number> = { lgamma, digamma, trigamma, erf, erfc, logErfc, logBesselI, besselRatio }

describe.each(Object.entries(functions))('%s', (name, f) => {
  test('agrees with mpmath to 1e-12', () => {
    for (const row of table[name] as (number | string)[][]) {
      const numbers = row.map(Number)
      const args = numbers.slice(0, -1)
      const wanted = numbers.at(-1) as number
      const got = f(...args)
      // 1e-12 is the promise of the module; 2e-15 a few roundings of the ingredients.
      const allowed = 1e-12 * Math.abs(wanted) + 2e-15 * (scale[name]?.(...args) ?? 0)
      if (Number.isFinite(wanted))
        expect(Math.abs(got - wanted), `${name}(${args}) = ${got}, wanted ${wanted}`).toBeLessThanOrEqual(allowed)
      else expect(got, `${name}(${args})`).toBe(wanted)
    }
  })
})

const inf = Number.POSITIVE_INFINITY

test.each([
  ['lgamma', lgamma, [0], inf],
  ['lgamma', lgamma, [-3], inf],
  ['lgamma', lgamma, [-1e300], inf],
  ['lgamma', lgamma, [1e308], inf],
  ['lgamma', lgamma, [inf], inf],
  ['digamma', digamma, [0], -inf],
  ['digamma', digamma, [-2], Number.NaN],
  ['digamma', digamma, [1e300], Math.log(1e300)],
  ['digamma', digamma, [inf], inf],
  ['trigamma', trigamma, [0], inf],
  ['trigamma', trigamma, [-4], inf],
  ['trigamma', trigamma, [inf], 0],
  ['erf', erf, [0], 0],
  ['erf', erf, [-inf], -1],
  ['erf', erf, [1e300], 1],
  ['erfc', erfc, [-inf], 2],
  ['erfc', erfc, [1e300], 0],
  ['logErfc', logErfc, [-inf], Math.log(2)],
  ['logErfc', logErfc, [inf], -inf],
  ['logErfc', logErfc, [1e300], -inf],
  ['besselRatio', besselRatio, [0, 2], 0],
  ['besselRatio', besselRatio, [inf, 2], 1],
  ['besselRatio', besselRatio, [1, inf], 0],
  ['besselRatio', besselRatio, [1, 0.25], Number.NaN],
  ['besselRatio', besselRatio, [-1, 1], Number.NaN],
  ['logBesselI', logBesselI, [0, 0], 0],
  ['logBesselI', logBesselI, [2, 0], -inf],
  ['logBesselI', logBesselI, [-0.5, 0], inf],
  ['logBesselI', logBesselI, [0, inf], inf],
  ['logBesselI', logBesselI, [3, 1e300], 1e300],
  ['logBesselI', logBesselI, [inf, 1], -inf],
  ['logBesselI', logBesselI, [-2, 1], Number.NaN],
  ['logBesselI', logBesselI, [0, -1], Number.NaN],
  ['sigmoid', sigmoid, [-800], 0],
  ['sigmoid', sigmoid, [800], 1],
  ['softplus', softplus, [800], 800],
  ['softplus', softplus, [-inf], 0],
  ['logcosh', logcosh, [-800], 800 - Math.LN2],
  ['logcosh', logcosh, [1e-9], 5e-19],
] as const)('%s at the edge %#', (_name, f, args, wanted) => {
  const got = (f as (...args: readonly number[]) => number)(...args)
  if (Number.isFinite(wanted) && wanted !== 0) expect(got / wanted).toBeCloseTo(1, 14)
  else expect(Math.abs(got - wanted) === 0 || Object.is(got, wanted)).toBe(true)
})
