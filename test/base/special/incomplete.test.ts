import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { betaI, gammaP, gammaQ } from '../../../src/base/special/incomplete.ts'
import { normalQuantile } from '../../../src/base/special/normal-quantile.ts'

const table = JSON.parse(readFileSync(new URL('./reference.json', import.meta.url), 'utf8')) as Record<string, number[][]>

const functions: Record<string, (...args: number[]) => number> = { gammaP, gammaQ, betaI, normalQuantile }

describe.each(Object.entries(functions))('%s', (name, f) => {
  test('agrees with mpmath', () => {
    for (const row of table[name] as number[][]) {
      const args = row.slice(0, -1)
      const wanted = row.at(-1) as number
      const got = f(...args)
      // 1e-11: the exponent of a far tail is some hundreds, each rounded at 1e-16, and a complement keeps 1e-16 absolute.
      expect(Math.abs(got - wanted), `${name}(${args}) = ${got}, wanted ${wanted}`).toBeLessThanOrEqual(1e-11 * Math.abs(wanted) + 1e-15)
    }
  })
})

test('the ends of their ranges', () => {
  expect([gammaP(2, 0), gammaP(2, Number.POSITIVE_INFINITY), gammaQ(2, -1), betaI(2, 3, 0), betaI(2, 3, 1)]).toEqual([0, 1, 1, 0, 1])
  expect([normalQuantile(0), normalQuantile(1), normalQuantile(2)]).toEqual([
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NaN,
  ])
})
