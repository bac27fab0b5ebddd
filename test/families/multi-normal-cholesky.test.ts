import { describe, expect, test } from 'vitest'
import { load } from '../../src/api/load.ts'
import { density } from './matrices.ts'

const factor = density('multi_normal_cholesky')
const whole = density('multi_normal')
const lower = [
  [1.4, 0, 0],
  [-0.5, 1.1, 0],
  [0.3, 0.6, 0.8],
]
const covariance = lower.map((a) => lower.map((b) => a.reduce((sum, v, i) => sum + v * (b[i] as number), 0)))
const [x, mu] = [
  [0.2, -1.3, 2.5],
  [0.4, 0.1, -0.7],
]

describe('multi_normal_cholesky', () => {
  test('is multi_normal with the covariance L L transposed', () => {
    const [a, b] = [factor(x, [mu, lower]), whole(x, [mu, covariance])]
    expect(a.value).toBeCloseTo(b.value, 12)
    for (const k of [0, 1])
      expect([...(a.gradient[k] ?? [])].map((v, i) => Math.abs(v - (b.gradient[k]?.[i] as number)) < 1e-12)).toEqual([true, true, true])
  })

  test('has the gradient of its differences in every element of the factor', () => {
    const { gradient } = factor(x, [mu, lower])
    const step = 1e-5
    for (let i = 0; i < 3; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        const moved = (by: number) => lower.map((row, r) => row.map((v, c) => (r === i && c === j ? v + by : v)))
        const slope = (factor(x, [mu, moved(step)]).value - factor(x, [mu, moved(-step)]).value) / (2 * step)
        expect(gradient[2]?.[3 * i + j]).toBeCloseTo(slope, 6)
      }
    }
  })

  test.each([
    ['a covariance', covariance],
    ['a negative diagonal', [[1, 0, 0], [0, -1, 0], [0, 0, 1]]], // biome-ignore format: a matrix
    ['a zero diagonal', [[1, 0, 0], [0, 0, 0], [0, 0, 1]]], // biome-ignore format: a matrix
    ['NaN', [[Number.NaN, 0, 0], [0, 1, 0], [0, 0, 1]]], // biome-ignore format: a matrix
  ])('is impossible for %s, and its gradient is no NaN', (_, bad) => {
    const { value, gradient } = factor(x, [mu, bad])
    expect(value).toBe(Number.NEGATIVE_INFINITY)
    for (const g of gradient) expect(g.some(Number.isNaN)).toBe(false)
  })

  const said = (family: string): readonly string[] =>
    load({
      name: 'm.amp',
      text: `axis e = size(d)\ndata y[row, d]\nstate s[d] : positive ~ half_normal(1)\nstate L[d, e] : cholesky[d, e] ~ lkj_cholesky[d](2)\ny ~ ${family}`,
    }).diagnostics.map((d) => `${d.code} ${d.message}`)

  test('takes a scaled factor, which multi_normal refuses', () => {
    expect(said('multi_normal_cholesky[d](0, s * L)')).toEqual([])
    for (const wrong of ['L', 's * L', 'L * 2 / s']) {
      expect(said(`multi_normal[d](0, ${wrong})`)).toEqual([
        "AMP404 'sigma' of multi_normal must be a covariance, not the Cholesky factor of one",
      ])
    }
    expect(said('multi_normal[d](0, sum[e](L * L[d -> d2]))').some((m) => m.startsWith('AMP404'))).toBe(false)
  })
})
