import { expect, it } from 'vitest'
import type { LogDensity } from '../../src/inference/density/density.ts'
import { type CoordinateKind, openTails } from '../../src/inference/density/tails.ts'

const density = (dimension: number, value: (q: Float64Array) => number): LogDensity => ({ dimension, evaluate: (q) => value(q) })
const tails = (value: (q: number) => number) =>
  openTails(
    density(1, (q) => value(q[0] as number)),
    new Float64Array(1),
  ).map((t) => t.sign)

it('finds the tails that have no integral, and no others', () => {
  expect(tails((q) => -q * q)).toEqual([])
  expect(tails((q) => q * q)).toEqual([1, -1])
  expect(tails(() => 0)).toEqual([1, -1])
  // A Cauchy density falls as the square; 1 / |q| is the border; Student's t of 0.1 degrees is just inside.
  expect(tails((q) => -Math.log(1 + q * q))).toEqual([])
  expect(tails((q) => -Math.log(1 + Math.abs(q)))).toEqual([1, -1])
  expect(tails((q) => -0.55 * Math.log(1 + q * q))).toEqual([])
  // The logistic regression of one positive case is flat on one side.
  expect(tails((q) => -Math.log1p(Math.exp(-q)))).toEqual([1])
  expect(tails((q) => -Math.log1p(Math.exp(q)))).toEqual([-1])
})

it('finds none in densities as wide as a million million', () => {
  expect(tails((q) => -((q / 1e12) ** 2) / 2)).toEqual([])
})

it('says nothing of what is not finite', () => {
  expect(tails((q) => (Math.abs(q) > 1e6 ? Number.NEGATIVE_INFINITY : 0))).toEqual([])
  expect(tails(() => Number.NaN)).toEqual([])
  // At a scale that has become 0 in rounding.
  expect(tails((q) => (q < -1e6 ? Number.POSITIVE_INFINITY : -q * q))).toEqual([])
  // The prior's part is lost in rounding beside an observation of 1e40.
  expect(tails((q) => -((1e40 - q) ** 2) / 2 - q ** 2 / 2)).toEqual([])
})

it('looks at logarithms where their exponentials are numbers, and at nothing else of no known kind', () => {
  const of = (value: (u: number) => number, kind: CoordinateKind) =>
    openTails(
      density(1, (q) => value(q[0] as number)),
      new Float64Array(1),
      () => kind,
    ).map((t) => t.sign)
  // gamma(0.001, 0.001), half_cauchy(1) and lognormal(0, 100) in the logarithm u, with its Jacobian; 1 / s, which has no integral.
  expect(of((u) => 0.001 * u - 0.001 * Math.exp(u), 'logarithm')).toEqual([])
  expect(of((u) => u - Math.log1p(Math.exp(2 * u)), 'logarithm')).toEqual([])
  expect(of((u) => -((u / 100) ** 2) / 2, 'logarithm')).toEqual([])
  expect(of(() => 0, 'logarithm')).toEqual([1, -1])
  expect(of((u) => -2 * Math.log1p(Math.exp(u)), 'logarithm')).toEqual([-1])
  expect(of(() => 0, undefined)).toEqual([])
})

it('says which coordinate, the others held where they are', () => {
  const found = openTails(
    density(3, ([a, b, c]) => -((a as number) ** 2) - ((c as number) - (b as number) ** 0) ** 2),
    Float64Array.of(1, 2, 3),
  )
  expect(found).toEqual([
    { coordinate: 1, sign: 1 },
    { coordinate: 1, sign: -1 },
  ])
})

it('looks at a share of many coordinates', () => {
  let looks = 0
  const found = openTails(
    density(1000, () => {
      looks += 1
      return 0
    }),
    new Float64Array(1000),
    () => 'line',
    10,
  )
  expect(found.length).toBe(20)
  expect(looks).toBe(40)
})
