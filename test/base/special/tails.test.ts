import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { digammaGap, logBeta } from '../../../src/base/special/log-beta.ts'
import { logBetaI, logBetaIByFirst, logBetaIBySecond } from '../../../src/base/special/log-incomplete-beta.ts'
import { logGammaP, logGammaPByShape, logGammaQ, logGammaQByShape } from '../../../src/base/special/log-incomplete-gamma.ts'
import { logVonMisesMass, logVonMisesMassByKappa } from '../../../src/base/special/von-mises.ts'

const table = JSON.parse(readFileSync(new URL('./reference-tails.json', import.meta.url), 'utf8')) as Record<string, number[][]>

/** Functions of the first `operands` numbers of a row; the next are their values. */
function expectTable(
  name: string,
  operands: number,
  functions: readonly ((...args: number[]) => number)[],
  relative: number,
  absolute = 1e-300,
): void {
  for (const row of table[name] as number[][]) {
    const args = row.slice(0, operands)
    functions.forEach((f, k) => {
      const wanted = row[operands + k] as number
      const got = f(...args)
      expect(Math.abs(got - wanted), `${f.name}(${args}) = ${got}, wanted ${wanted}`).toBeLessThanOrEqual(
        relative * Math.abs(wanted) + absolute,
      )
    })
  }
}

describe('agrees with mpmath', () => {
  test('the incomplete gamma functions and their derivatives by the shape', () => {
    // Relative, of logs down to 1e-280: 1e-12 is a hundred roundings.
    expectTable('gamma', 2, [logGammaP, logGammaQ, logGammaPByShape, logGammaQByShape], 1e-12)
  })

  test('the incomplete beta function and its derivatives by both shapes', () => {
    // With shapes of 0.001 logs are some hundreds and cancel to what is left.
    expectTable('beta', 3, [logBetaI, logBetaIByFirst, logBetaIBySecond], 5e-11)
  })

  test('the beta function and the step of digamma', () => {
    expectTable('logBeta', 2, [logBeta, digammaGap], 1e-12)
  })

  test('the mass of von Mises between two angles and its derivative by the concentration', () => {
    // Absolute near 0: a mass next to 1 is a sum of parts.
    expectTable('vonMises', 3, [logVonMisesMass, logVonMisesMassByKappa], 1e-11, 1e-14)
  })
})

test('are never NaN, and logs of probabilities never positive, for any shape from the smallest normal number to 8e307', () => {
  const shapes = [2.3e-308, 1e-162, 1e-8, 0.4, 1, 50, 1e10, 1e300, 7e307]
  const places = [-Infinity, -1e300, -700, -1, 0, 1e-300, 1, 30, 700, 1e300, Infinity]
  for (const a of shapes) {
    for (const b of [0, ...shapes, Infinity]) {
      for (const f of [logGammaP, logGammaQ]) expect(f(a, b), `${f.name}(${a}, ${b})`).toBeLessThanOrEqual(0)
      for (const f of [logGammaPByShape, logGammaQByShape]) expect(f(a, b), `${f.name}(${a}, ${b})`).not.toBeNaN()
      if (b === 0 || b === Infinity) continue
      for (const f of [logBeta, digammaGap]) expect(f(a, b), `${f.name}(${a}, ${b})`).not.toBeNaN()
      for (const l of places) {
        expect(logBetaI(a, b, l), `logBetaI(${a}, ${b}, ${l})`).toBeLessThanOrEqual(0)
        for (const f of [logBetaIByFirst, logBetaIBySecond]) expect(f(a, b, l), `${f.name}(${a}, ${b}, ${l})`).not.toBeNaN()
      }
    }
  }
})

test('of a shape that is none, NaN', () => {
  for (const bad of [0, -1, NaN, Infinity]) {
    for (const f of [logGammaP, logGammaQ, logGammaPByShape, logGammaQByShape]) expect(f(bad, 1)).toBeNaN()
    for (const f of [logBetaI, logBetaIByFirst, logBetaIBySecond])
      expect([f(bad, 1, 0), f(1, bad, 0), f(1, 1, NaN)].every(Number.isNaN)).toBe(true)
  }
  expect(logVonMisesMass(0, 1, -1)).toBeNaN()
  expect(logVonMisesMass(0, Infinity, 1)).toBeNaN()
  expect(logVonMisesMass(1, 1, 1)).toBe(-Infinity)
})
