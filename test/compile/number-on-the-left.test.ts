import { describe, expect, test } from 'vitest'
import { energyOf, total } from './models.ts'

describe('a number on the left of ~', () => {
  test('has the axes of the right', () => {
    const declarations = 'model t\ndata y[row]\nstate mu[row, k]\nstate s[k] : positive\n'
    const values = { y: [1, 2], mu: [0, 1, 2, 3], s: [1, 2] }
    const number = energyOf(`${declarations}0 ~ normal(y - mu, s)\n`)
    const value = energyOf(`${declarations}energy -sum[row, k](normal_lpdf(y - mu, 0, s))\n`)
    // 1e-12: four terms, each rounded at 1e-16.
    expect(total(number, { row: 2, k: 2 }, values)).toBeCloseTo(total(value, { row: 2, k: 2 }, values), 12)
  })

  test('a count, and truncation', () => {
    const energy = energyOf('model t\nstate r[row] : positive\n2 ~ poisson(r)\n1.5 ~ exponential(r) in (1, 2)\n')
    const poisson = (r: number): number => 2 * Math.log(r) - r - Math.LN2
    const truncated = (r: number): number => Math.log(r) - 1.5 * r - Math.log(Math.exp(-r) - Math.exp(-2 * r))
    const right = [0.5, 3].reduce((s, r) => s - poisson(r) - truncated(r), 0)
    expect(total(energy, { row: 2 }, { r: [0.5, 3] })).toBeCloseTo(right, 12)
  })

  test('of a family along an axis is that number at each of its elements, as given data would be', () => {
    const declarations = 'data S[d, e]\naxis e = size(d)\nstate m[row, d]\n'
    const values = { S: [2, 0.5, 0.5, 1], m: [0.3, -1, 2, 0.25] }
    for (const z of [0, 1.5]) {
      const number = energyOf(`${declarations}${z} ~ multi_normal[d](m, S)\n`)
      const data = energyOf(`${declarations}data z[row, d]\nz ~ multi_normal[d](m, S)\n`)
      const right = total(data, { d: 2, row: 2 }, { ...values, z: [z, z, z, z] })
      expect(total(number, { d: 2, row: 2 }, values)).toBeCloseTo(right, 12)
    }
  })
})
