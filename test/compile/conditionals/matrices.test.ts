import { describe, expect, it, test } from 'vitest'
import { load } from '../../../src/api/load.ts'
import { retrieve } from '../../../src/api/retrieve.ts'
import { sample } from '../../../src/api/sample.ts'
import { must } from '../../../src/base/internal-error.ts'
import { conditionalOf, hasForm } from '../../../src/compile/conditionals/conditional.ts'
import { treatAsAsked } from '../../../src/compile/treat.ts'
import * as ports from '../../../src/middle/ports.ts'
import { situationOf } from '../../../src/middle/situation.ts'
import { givenOf, type Inputs } from '../../../src/run/inputs.ts'
import { energyOf, sizesOf, total } from '../models.ts'
import { type Numbers, randomValues } from './held.ts'

const head = 'axis d = 3\naxis e = size(d)\ndata V[d, e] : covariance[d, e]\ndata y[i, d]\ndata m[d]\n'
const covariance = `${head}state S[d, e] : covariance[d, e] ~ inverse_wishart[d](6.5, V)\ny ~ multi_normal[d](m, S)\n`
const precision = `${head}state W[d, e] : covariance[d, e] ~ wishart[d](4.5, V)
let r = y - m
energy sum[i, d, e](r * W * r[d -> e]) / 2 - size(i) * log_det[d, e](W) / 2\n`

type Matrix = readonly (readonly number[])[]

/** By elimination. */
function inverse(a: Matrix): { readonly inverse: Matrix; readonly logDeterminant: number } {
  const rows = a.map((row, i) => [...row, ...a.map((_, j) => (i === j ? 1 : 0))])
  let logDeterminant = 0
  for (const [k, row] of rows.entries()) {
    const pivot = row[k] as number
    logDeterminant += Math.log(pivot)
    row.forEach((v, j) => { row[j] = v / pivot }) // biome-ignore format: one thought
    for (const other of rows) if (other !== row) { const f = other[k] as number; row.forEach((v, j) => { other[j] = (other[j] as number) - f * v }) } // biome-ignore format: one thought
  }
  return { inverse: rows.map((row) => row.slice(a.length)), logDeterminant }
}

describe('the energy of what is integrated out is that of the joint, less that of the posterior by its textbook', () => {
  it.each([
    { name: 'a covariance', text: covariance, variable: 'S', family: 'inverse_wishart' },
    { name: 'a precision', text: precision, variable: 'W', family: 'wishart' },
  ])('$name of three rows', ({ text, variable, family }) => {
    const energy = energyOf(`model m\n${text}`)
    const integrated = must(treatAsAsked(energy, situationOf(energy, { integrate: [variable] })).value, 'integrated')
    for (const seed of [1, 2, 3]) {
      const values: Numbers = { ...randomValues(energy, sizesOf(energy.axes, { i: 5 }), seed), [ports.temperature]: [1] }
      const [V, y, m] = ['V', 'y', 'm'].map((name) => must(values[name], name)) as [readonly number[], readonly number[], readonly number[]]
      const prior = [0, 1, 2].map((i) => V.slice(3 * i, 3 * i + 3))
      const before = family === 'wishart' ? inverse(prior).inverse : prior
      const scatter = before.map((row, j) =>
        row.map(
          (v, k) =>
            v +
            [0, 1, 2, 3, 4].reduce(
              (sum, r) => sum + ((y[3 * r + j] as number) - (m[j] as number)) * ((y[3 * r + k] as number) - (m[k] as number)),
              0,
            ),
        ),
      )
      const scale = family === 'wishart' ? inverse(scatter).inverse : scatter
      // The posterior as a density of the same family, whose numbers other tests hold to references.
      const posterior = energyOf(
        `model p\naxis d = 3\naxis e = size(d)\ndata U[d, e] : covariance[d, e]\nstate ${variable}[d, e] : covariance[d, e] ~ ${family}[d](${family === 'wishart' ? 9.5 : 11.5}, U)\n`,
      )
      const at = total(energy, { i: 5 }, values) - total(posterior, {}, { [variable]: must(values[variable], variable), U: scale.flat() })
      // 1e-9: inverses of matrices with condition numbers in the hundreds.
      expect(Math.abs(total(integrated, { i: 5 }, values) - at)).toBeLessThan(1e-9 * Math.max(1, Math.abs(at)))
    }
  })
})

test('a predictive density is a multivariate t', () => {
  const energy = energyOf(
    'model m\naxis d = 2\naxis e = size(d)\ndata V[d, e] : covariance[d, e]\nstate x[d]\nstate S[d, e] : covariance[d, e] ~ inverse_wishart[d](4.5, V)\nx ~ multi_normal[d](0, S)\n',
  )
  const integrated = must(treatAsAsked(energy, situationOf(energy, { integrate: ['S'] })).value, 'integrated')
  const V = [2, 0.6, 0.6, 1.1]
  // nu - d + 1 degrees of freedom, scale V / (nu - d + 1) (Gelman et al. 2013, section 3.6).
  const t = energyOf(
    'model t\naxis d = 2\naxis e = size(d)\ndata V[d, e] : covariance[d, e]\nstate x[d] ~ multi_student_t[d](3.5, 0, V / 3.5)\n',
  )
  for (const x of [[0, 0], [1, -2], [7, 3]]) // biome-ignore format: points
    expect(total(integrated, {}, { x, V, [ports.temperature]: [1] })).toBeCloseTo(total(t, {}, { x, V }), 10)
})

const V = [[2, 0.5, 0.1], [0.5, 1, -0.3], [0.1, -0.3, 1.5]] // biome-ignore format: a matrix
const y = [[1, 0.2, -1], [-1, 0.7, 0.4], [0.3, 2, 0], [0, -1.5, 1]] // biome-ignore format: rows
const m = [0.1, 0, -0.2]

describe('what is drawn, and where E is least', () => {
  const before = V
  const scatter = before.map((row, j) =>
    row.map((v, k) => v + y.reduce((sum, r) => sum + ((r[j] as number) - (m[j] as number)) * ((r[k] as number) - (m[k] as number)), 0)),
  )
  const loaded = must(load({ name: 'm', text: covariance }).value, 'model')
  const given = must(givenOf({ data: { V, y, m } } as Inputs).value, 'inputs')

  it('has the mean of its family', async () => {
    const { value } = await sample(loaded, given, { chains: 1, draws: 8000, warmup: 0, seed: 5 })
    const { summary, sampler } = must(value, 'draws')
    expect(sampler).toBe('exact')
    // Independent draws with 10.5 degrees of freedom: a mean is 6 standard errors off with a probability below 1e-6 (tails of power 4.75).
    for (const [j, row] of scatter.entries())
      for (const [k, v] of row.entries()) {
        const own = must(summary.find((r) => r.name === `S[${j + 1},${k + 1}]`), 'row') // biome-ignore format: one thought
        expect(Math.abs(own.mean - v / (10.5 - 4))).toBeLessThan(6 * own.mcse_mean)
      }
  })

  it('is the scale over its degrees of freedom', async () => {
    const { value } = await retrieve(loaded, given, {})
    const at = must(value?.retrievals[0]?.states.S, 'S').data
    // The density of S, whose numbers are those of a covariance, is largest at scale / (nu + d + 1).
    scatter.flat().forEach((v, i) => { expect(at[i]).toBeCloseTo(v / (10.5 + 4), 5) }) // biome-ignore format: one thought
  })
})

test('a coefficient is of the symmetric part alone, and a matrix that enters in another way has no form', () => {
  const skew = energyOf(
    'model m\naxis d = 2\naxis e = size(d)\ndata A[d, e]\nstate W[d, e] : covariance[d, e]\nenergy sum[d, e](A * W) - 2 * log_det[d, e](W)\n',
  )
  const integrated = must(treatAsAsked(skew, situationOf(skew, { integrate: ['W'] })).value, 'integrated')
  const at = (A: readonly number[]): number => total(integrated, {}, { A, [ports.temperature]: [1] })
  expect(at([2, 0.8, -0.2, 1])).toBeCloseTo(at([2, 0.3, 0.3, 1]), 12)
  // log Gamma_2(nu / 2) - nu / 2 log|A| with nu / 2 = (d + 1 + 4) / 2 = 3.5.
  const gamma = 0.5 * Math.log(Math.PI) + Math.log(3.323350970447843) + Math.log(2)
  expect(at([2, 0.3, 0.3, 1])).toBeCloseTo(-(gamma - 3.5 * Math.log(1.91)), 10)
  for (const bad of ['sum[d, e](W^2)', 'sum[d, e](exp(W))', 'log_det[d, e](W)^2', 'sum[d, e](cholesky[d, e](W))']) {
    const energy = energyOf(`model m\naxis d = 2\naxis e = size(d)\nstate W[d, e] : covariance[d, e]\nenergy ${bad}\n`)
    expect(hasForm(conditionalOf(energy, must(energy.variables[0], 'W')))).toBe(false)
  }
})
