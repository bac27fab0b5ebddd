import { describe, expect, it } from 'vitest'
import { energies } from '../../../src/api/energy.ts'
import { type Loaded, load } from '../../../src/api/load.ts'
import { retrieve } from '../../../src/api/retrieve.ts'
import { sample } from '../../../src/api/sample.ts'
import { must } from '../../../src/base/internal-error.ts'
import { keyFromSeed, Stream } from '../../../src/base/random.ts'
import { series } from '../../../src/inference/draws/draws.ts'
import { givenOf } from '../../../src/run/inputs.ts'

const open = (text: string): Loaded => must(load({ name: 'm.amp', text }).value, 'model')
const given = (inputs: Parameters<typeof givenOf>[0]) => must(givenOf(inputs).value, 'inputs')
const random = (n: number, seed: number) => {
  const stream = new Stream(keyFromSeed(seed))
  return Array.from({ length: n }, () => stream.normal())
}

/** log of the normal density of y at mean 0 and this covariance, by Gauss elimination: no factor of anybody else's. */
function logNormal(y: readonly number[], covariance: readonly (readonly number[])[]): number {
  const rows = covariance.map((row, i) => [...row, y[i] as number])
  let logDeterminant = 0
  rows.forEach((row, i) => {
    const pivot = row[i] as number
    logDeterminant += Math.log(pivot)
    for (const below of rows.slice(i + 1)) {
      const factor = (below[i] as number) / pivot
      row.forEach((v, k) => {
        below[k] = (below[k] as number) - factor * v
      })
    }
  })
  const n = y.length
  const x = new Array<number>(n).fill(0)
  for (let i = n - 1; i >= 0; i -= 1) {
    const row = rows[i] as number[]
    const rest = x.reduce((sum, v, k) => (k > i ? sum - (row[k] as number) * v : sum), row[n] as number)
    x[i] = rest / (row[i] as number)
  }
  const square = x.reduce((sum, v, i) => sum + v * (y[i] as number), 0)
  return -0.5 * (n * Math.log(2 * Math.PI) + logDeterminant + square)
}

describe('Bayesian linear regression', () => {
  const text = `
    data X[row, feature]
    data y[row]
    param w[feature] ~ normal(0, 2)
    param b ~ normal(1, 3)
    y ~ normal(sum[feature](X * w) + b, 0.5)
  `
  const X = Array.from({ length: 12 }, (_, i) => random(3, 100 + i))
  const y = random(12, 7).map((e, i) => e + 2 * ((X[i] as number[])[0] as number))
  const inputs = given({ data: { X, y } })
  const model = open(text)
  const covariance = X.map((a, i) => X.map((b, j) => 4 * a.reduce((s, v, k) => s + v * (b[k] as number), 0) + 9 + (i === j ? 0.25 : 0)))
  const evidence = logNormal(y.map((v) => v - 1), covariance) // biome-ignore format: one thought

  it.each([
    ['one after the other', { integrate: ['w', 'b'] }],
    ['in the other order', { treatments: [{ kind: 'integrate', name: 'b' }, { kind: 'integrate', name: 'w' }] as const }], // biome-ignore format: one thought
  ])('has its evidence in closed form where all weights are integrated: %s', (_, options) => {
    const [point] = must(energies(model, inputs, options).value, 'energies').points
    expect(Math.abs(must(point, 'point').energy + evidence)).toBeLessThan(1e-10 * Math.abs(evidence))
  })

  it('tells means and covariances given the rest, and draws from them', async () => {
    const both = open(text.replace('param w', 'state w').replace('param b', 'state b'))
    const { value } = await retrieve(both, inputs, { integrate: ['w'], temperature: 1 })
    const [retrieved] = must(value, 'retrieved').retrievals
    // Without w the energy of b is minus its log posterior, a Gaussian: its mode is where all of it has its mode.
    const mode = must((await retrieve(both, inputs)).value, 'mode').retrievals[0]
    const mean = must(retrieved?.eliminated.w?.mean, 'mean')
    mean.data.forEach((m, k) => {
      expect(m).toBeCloseTo(must(mode?.states.w, 'w').data[k] as number, 6)
    })
    expect(retrieved?.states.b?.data[0]).toBeCloseTo(mode?.states.b?.data[0] as number, 6)
    const drawn = must((await sample(both, inputs, { integrate: ['w', 'b'], draws: 2000, chains: 1, seed: 5 })).value, 'draws')
    expect(drawn.eliminated.map((e) => e.name)).toEqual(['b', 'w'])
    const all = must(energies(both, inputs, { integrate: ['w', 'b'] }).value, 'energies').points[0]?.eliminated
    for (const [name, i] of [
      ['w[1]', 0],
      ['w[3]', 2],
      ['b', 0],
    ] as const) {
      // biome-ignore format: one thought
      const told = must(all?.[name[0] as string], name)
      const [m, s] = [told.mean?.data[i], told.sd?.data[i]] as [number, number]
      const xs = series(drawn.draws, name).flatMap((c) => Array.from(c))
      const found = xs.reduce((sum, v) => sum + v, 0) / xs.length
      const variance = xs.reduce((sum, v) => sum + (v - m) ** 2, 0) / xs.length
      // Draws are independent: means within 5.5 standard errors and variances likewise (relative sd sqrt(2 / n)), 4e-8 each.
      expect(Math.abs(found - m)).toBeLessThan((5.5 * s) / Math.sqrt(xs.length))
      expect(Math.abs(variance / (s * s) - 1)).toBeLessThan(5.5 * Math.sqrt(2 / xs.length))
    }
  })
})
