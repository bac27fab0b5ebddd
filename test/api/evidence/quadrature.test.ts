import { expect, test } from 'vitest'
import { close } from '../points.ts'
import { evidenceOf } from './model.ts'

/** Trapezoids: of smooth functions that fall off at both ends they converge faster than any power of the step. */
function integral(f: (u: number) => number, [from, to]: readonly [number, number], step: number): number {
  let sum = 0
  for (let u = from; u <= to; u += step) sum += f(u)
  return sum * step
}

test('one number: a double well, an interval, a tail like that of 1/x^2', async () => {
  const well = await evidenceOf('state x\nenergy 8 * (x^2 - 1)^2 - x')
  const wellBy = integral((x) => Math.exp(x - 8 * (x * x - 1) ** 2), [-4, 4], 1e-3)
  close(well.logZ, Math.log(wellBy), 1e-9)
  expect(well.details).toMatchObject({ by: 'quadrature', dimension: 1 })
  const between = await evidenceOf('state x : real(lower = 1, upper = 3)\nenergy sin(5 * x)')
  // The transformation x = 2 + tanh(u) makes the ends smooth.
  close(between.logZ, Math.log(integral((u) => Math.exp(-Math.sin(5 * (2 + Math.tanh(u)))) / Math.cosh(u) ** 2, [-20, 20], 1e-3)), 1e-9)
  const tail = await evidenceOf('data y\nstate x ~ cauchy(0, 1)\ny ~ cauchy(x, 2)', { data: { y: 4 } })
  // Sums of Cauchy numbers are Cauchy.
  close(tail.logZ, -Math.log(Math.PI * 3 * (1 + (4 / 3) ** 2)), 1e-8)
  expect(tail.isEvidence).toBe(true)
})

test('two numbers that meet, beside a discrete one that is summed at each place', async () => {
  const text =
    'axis other = size(i)\nstate x\nstate v : positive\nstate s[i] : spin\naxis i = 2\nenergy x^2 * v + v + 1/v + 0.5 * sum[i, other](s * s[i -> other]) * sin(x) - 0.3 * sum[i](s)'
  const { logZ, details } = await evidenceOf(text, {}, { keep: ['s'] })
  expect(details).toMatchObject({ by: 'quadrature' })
  const at = (x: number, v: number): number =>
    [-1, 1].flatMap((a) => [-1, 1].map((b) => Math.exp(-(x * x * v + v + 1 / v + 0.5 * (a + b) * (a + b) * Math.sin(x) - 0.3 * (a + b))))).reduce((p, q) => p + q) // biome-ignore format: one sum
  const byHand = integral((w) => Math.exp(w) * integral((x) => at(x, Math.exp(w)), [-16, 16], 0.1), [-5, 5], 0.05)
  close(logZ, Math.log(byHand), 1e-8)
})

test('a density far away and narrow is found', async () => {
  const { logZ } = await evidenceOf('data y[i]\nstate s : positive ~ half_cauchy(1)\ny ~ normal(1000, s)', {
    data: { y: [1000.001, 999.998, 1000.002] },
  })
  const squares = [0.001, -0.002, 0.002].reduce((sum, d) => sum + d * d, 0)
  const at = (s: number): number => (2 / Math.PI / (1 + s * s)) * (2 * Math.PI) ** -1.5 * s ** -3 * Math.exp(-squares / (2 * s * s))
  close(logZ, Math.log(integral((u) => Math.exp(u) * at(Math.exp(u)), [-12, 6], 1e-3)), 1e-8)
})
