import { describe, expect, test } from 'vitest'
import { type Loaded, load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { bind } from '../../src/bind/bind.ts'
import type { Given } from '../../src/bind/given.ts'
import { marginalise } from '../../src/compile/marginalise.ts'
import { draw as multiNormal } from '../../src/families/multi_normal.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import type { Sizes } from '../../src/ir/graph.ts'
import { madeSizes } from '../../src/middle/derived-sizes.ts'
import * as ports from '../../src/middle/ports.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { energyOf, samplingOf } from './reading.ts'

const loaded = (text: string): Loaded => {
  const { value, diagnostics } = load({ name: 'test.amp', text })
  return must(value, diagnostics.map((d) => d.message).join('\n'))
}

const given = (fixed: Readonly<Record<string, readonly [shape: readonly number[], data: ArrayLike<number>]>>) => ({
  fixed: Object.entries(fixed).map(
    ([name, [shape, data]]): Given => ({ name, from: 'the test', value: { kind: 'numbers', shape, data: Float64Array.from(data) } }),
  ),
  observed: [],
  cues: [],
})

/** The energy of a model at values of its states, on the user's scale. */
function energyAt(text: string, sizes: Sizes, values: Readonly<Record<string, readonly number[]>>): number {
  const energy = must(marginalise(energyOf(text), 'auto').value, 'energy')
  const all: Readonly<Record<string, readonly number[]>> = { [ports.temperature]: [1], ...values }
  const inputs = Object.fromEntries(energy.graph.inputs.map((p) => [p.name, Float64Array.from(must(all[p.name], p.name))]))
  const out = evaluate(energy.graph, madeSizes(energy.axes, sizes), inputs)
  return energy.terms.reduce((sum, t) => sum + must(out[`term:${t.name}`]?.[0], t.name), 0)
}

/** A sampling program as a function of all its coordinates together: the energy and its gradient. */
function density(text: string, open: Sizes, data: Readonly<Record<string, readonly number[]>> = {}) {
  const program = samplingOf(text)
  const sizes = madeSizes(program.axes, open)
  const { inputs, outputs, run } = kernel(program.graph, sizes)
  inputs.get(ports.temperature)?.fill(1)
  for (const [name, values] of Object.entries(data)) inputs.get(name)?.set(values)
  const buffers = program.states.map((s) => inputs.get(`coordinate:${s.name}`) ?? new Float64Array(0))
  const gradients = program.states.map((s) => must(outputs.get(`gradient:${s.name}`), s.name))
  const length = gradients.reduce((n, b) => n + b.length, 0)
  const at = (y: ArrayLike<number>): number => {
    let from = 0
    for (const b of buffers) {
      b.set(Array.from(y).slice(from, from + b.length))
      from += b.length
    }
    run()
    return must(outputs.get('energy')?.[0], 'energy')
  }
  return { length, at, gradient: () => gradients.flatMap((g) => [...g]) }
}

describe('states that are matrices', () => {
  const model = `model matrices
axis d = 3
axis e = size(d)
data psi[d, e] : covariance[d, e]
state S[e, k, d] : covariance[d, e] ~ wishart(4.5, psi)
state T[d, e] : covariance[d, e] ~ inverse_wishart(5.5, psi)
state L[k, d, e] : cholesky[d, e] ~ lkj_cholesky(1.7)
state F[d, e] : cholesky[d, e]
energy sum[d, e](F^2) / 2 - sum[d, e](where(index(d) == index(e), log(F), 0))
state R[d, e] : correlation[d, e]
x ~ multi_normal[d](0, R)
state x[k, d]
`
  const psi = [2, 0.3, -0.4, 0.3, 1, 0.2, -0.4, 0.2, 1.5]

  test('have the gradients of differences, batches and orders of axes notwithstanding', () => {
    const f = density(model, { k: 2 }, { psi })
    expect(f.length).toBe(2 * 6 + 6 + 2 * 3 + 6 + 3 + 6)
    const stream = new Stream(keyFromSeed(4))
    const y = Array.from({ length: f.length }, () => 0.7 * stream.normal())
    f.at(y)
    const found = f.gradient()
    y.forEach((v, i) => {
      const h = 1e-5
      const moved = (by: number): number => f.at(y.map((w, j) => (j === i ? v + by : w)))
      const wanted = (moved(h) - moved(-h)) / (2 * h)
      // h^2 = 1e-10 times third derivatives of quadratic forms in inverses; 1e-13 of rounding over h.
      expect(Math.abs((found[i] as number) - wanted), `coordinate ${i}`).toBeLessThan(1e-6 * (1 + Math.abs(wanted)))
    })
  })

  test('of one row are numbers', () => {
    const one = model.replace('axis d = 3', 'axis d = 1')
    const f = density(one, { k: 2 }, { psi: [2] })
    expect(f.length).toBe(2 + 1 + 0 + 1 + 0 + 2)
    const at = f.at([0.1, 0.2, 0.3, 0.4, 1, -1])
    for (const g of [at, ...f.gradient()]) expect(Number.isFinite(g)).toBe(true)
  })
})

describe('a normalised density stays normalised over the coordinates of', () => {
  // The trapezoid rule over n^d points: densities of logs and of inverse tanhs fall exponentially at least.
  function integral(text: string, sizes: Sizes, data: Readonly<Record<string, readonly number[]>>, from: number, to: number, h: number) {
    const f = density(text, sizes, data)
    const n = Math.round((to - from) / h)
    const y = new Float64Array(f.length)
    let sum = 0
    for (let k = 0; k < n ** f.length; k += 1) {
      for (let i = 0, rest = k; i < f.length; i += 1, rest = Math.floor(rest / n)) y[i] = from + h * ((rest % n) + 0.5)
      sum += Math.exp(-f.at(y))
    }
    return sum * h ** f.length
  }
  const declare = (n: number, rest: string): string => `model one\naxis d = ${n}\naxis e = size(d)\n${rest}\n`
  const psi = [0.9, 0.3, 0.3, 0.7]

  test.each([
    ['a correlation factor of two', 2, 'state L[d, e] : cholesky[d, e] ~ lkj_cholesky(0.8)', -18, 18, 0.1, 6],
    ['a correlation factor of three', 3, 'state L[d, e] : cholesky[d, e] ~ lkj_cholesky(2.5)', -5, 5, 0.25, 5],
    ['a covariance of one', 1, 'data psi[d, e]\nstate S[d, e] : covariance[d, e] ~ wishart(1.8, psi)', -20, 6, 0.05, 6],
    ['a covariance of two', 2, 'data psi[d, e]\nstate S[d, e] : covariance[d, e] ~ wishart(7, psi)', -4, 7, 0.17, 5],
    ['a covariance of two, inverted', 2, 'data psi[d, e]\nstate S[d, e] : covariance[d, e] ~ inverse_wishart(9, 5 * psi)', -4, 4, 0.16, 4],
  ] as const)('%s', (_, n, rest, from, to, h, digits) => {
    // The digits: what the tails cut off hold, by their exponents, and nothing else.
    expect(integral(declare(n, rest), {}, { psi: psi.slice(0, n * n) }, from, to, h)).toBeCloseTo(1, digits)
  })
})

describe('energies', () => {
  const text = 'model m\ndata S[d, e]\naxis e = size(d)\nstate x[d] ~ multi_normal[d](1, S)\n'

  test('are plus infinity, not NaN, where a matrix is no covariance', () => {
    const at = (S: readonly number[]): number => energyAt(text, { d: 2, e: 2 }, { S, x: [0.5, 3] })
    expect(at([1, 0, 0, 1])).toBeCloseTo(0.5 * (0.25 + 4) + Math.log(2 * Math.PI), 12)
    expect(at([1, 2, 2, 1])).toBe(Infinity)
    expect(at([0, 0, 0, 0])).toBe(Infinity)
  })

  test('of a mixture with covariances of its own are sums over the clusters', () => {
    const mixture = `model m
axis k = 2
axis e = size(d)
data y[row, d]
state z[row] : k
state mu[k, d] ~ normal(0, 3)
state S[k, d, e] : covariance[d, e] ~ inverse_wishart(4, psi)
data psi[d, e]
y ~ multi_normal[d](mu[z], S[z])
`
    const y = [0.3, 1, -2, 0.5, 1.5, -0.7]
    const mu = [0, 0.5, -1, 1]
    const S = [1, 0.4, 0.4, 0.9, 2, -0.8, -0.8, 1.1]
    const psi = [1, 0, 0, 1]
    const logNormal = (r: number, k: number): number => {
      const [a, b, , c] = S.slice(4 * k) as [number, number, number, number]
      const [u, v] = [0, 1].map((i) => (y[2 * r + i] as number) - (mu[2 * k + i] as number)) as [number, number]
      const det = a * c - b * b
      return -0.5 * ((c * u * u - 2 * b * u * v + a * v * v) / det + Math.log(det)) - Math.log(2 * Math.PI)
    }
    const rows = [0, 1, 2].map((r) => -Math.log(0.5 * Math.exp(logNormal(r, 0)) + 0.5 * Math.exp(logNormal(r, 1))))
    const sizes = { row: 3, d: 2, e: 2, k: 2 }
    const alone = energyAt(mixture.replace(/state z[^\n]*\n|y ~[^\n]*\n|data y[^\n]*\n/g, ''), sizes, { mu, S, psi })
    expect(energyAt(mixture, sizes, { y, mu, S, psi }) - alone).toBeCloseTo(
      rows.reduce((a, b) => a + b, 0),
      10,
    )
  })
})

/** Normal data with an inverse Wishart prior on their covariance: (psi + sum y y', nu + n) is the posterior's. */
describe('a conjugate covariance', () => {
  const model = loaded(`model covariances
data y[row, d]
axis e = size(d)
data psi[d, e] : covariance[d, e]
state S[d, e] : covariance[d, e] ~ inverse_wishart(5.5, psi)
y ~ multi_normal[d](0, S)
`)
  const data = given({
    y: [
      [3, 2],
      [1, 0.5, -1, 2, 0.3, -0.7],
    ],
    psi: [
      [2, 2],
      [2, 0.3, 0.3, 1],
    ],
  })
  const scale = [4.09, -1.41, -1.41, 5.74]

  test('is retrieved at its mode', async () => {
    const { value } = await retrieve(model, data)
    // nu + n + d + 1
    const mode = scale.map((v) => v / 11.5)
    const found = must(value?.retrievals[0]?.states.S, 'S').data
    // The descent stops at slopes of 1e-7 or so.
    for (const [i, v] of mode.entries()) expect(Math.abs((found[i] as number) - v)).toBeLessThan(1e-5)
  })

  test('is sampled around its mean', async () => {
    const { value } = await sample(model, data, { seed: 31, chains: 4, warmup: 500, draws: 2000 })
    // nu + n - d - 1
    const mean = scale.map((v) => v / 5.5)
    must(value, 'draws').summary.forEach((row, i) => {
      // 6 standard errors: a false alarm in 5e8.
      expect(Math.abs(row.mean - (mean[i] as number)), row.name).toBeLessThan(6 * row.mcse_mean)
      expect(row.mcse_mean).toBeLessThan(0.05)
    })
  })
})

describe('exact draws', () => {
  test('are laid out as declared', async () => {
    const text = `model front
axis d = 3
axis e = size(d)
axis c = 2
axis c2 = size(c)
axis k = 2
data psi[d, e] : covariance[d, e]
data V[c, c2] : covariance[c, c2]
data m[d, c]
state S[k, e, d] : covariance[d, e] ~ wishart(6, psi)
state x[d, k] ~ multi_normal[d](10 * index(k), S)
state M[c, d] ~ matrix_normal[d, c](m, psi, V)
state L[e, d] : cholesky[d, e] ~ lkj_cholesky(1.5)
`
    const psi = [1.2, 0.5, -0.3, 0.5, 0.8, 0.1, -0.3, 0.1, 0.5]
    const V = [0.6, -0.4, -0.4, 1.1]
    const m = [1, 2, 3, 4, 5, 6]
    const { value } = await sample(loaded(text), given({ psi: [[3, 3], psi], V: [[2, 2], V], m: [[3, 2], m] }), { seed: 8, draws: 4000 })
    const { draws } = must(value, 'draws')
    const column = (name: string): number[] => {
      const at = draws.names.indexOf(name)
      const width = draws.names.length
      return draws.chains.flatMap((c) => Array.from({ length: c.count }, (_, i) => c.values[i * width + at] as number))
    }
    /** 6 standard errors: a false alarm in 5e8. */
    const expectMean = (x: readonly number[], wanted: number, what: string): void => {
      const mean = x.reduce((a, b) => a + b, 0) / x.length
      const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length
      expect(Math.abs(mean - wanted), what).toBeLessThan(6 * Math.sqrt(variance / x.length))
    }
    const products = (a: string, b: string, by: number, of: number): number[] => {
      const second = column(b)
      return column(a).map((v, i) => (v - by) * ((second[i] as number) - of))
    }
    for (const [i, j] of [
      [0, 0],
      [1, 0],
      [2, 1],
      [0, 2],
    ] as const) {
      const wanted = 6 * (psi[3 * i + j] as number)
      expectMean(column(`S[2,${j + 1},${i + 1}]`), wanted, `S ${i} ${j}`)
      expectMean(products(`x[${i + 1},2]`, `x[${j + 1},2]`, 20, 20), wanted, `x ${i} ${j}`)
      const across = V[1] as number
      const [a, b] = [m[2 * i] as number, m[2 * j + 1] as number]
      expectMean(column(`M[1,${i + 1}]`), a, `M ${i}`)
      expectMean(products(`M[1,${i + 1}]`, `M[2,${j + 1}]`, a, b), (psi[3 * i + j] as number) * across, `M ${i} ${j}`)
    }
    // Upper and lower: the first row is 1, 0, 0; d is the row.
    expect(new Set(column('L[1,1]'))).toEqual(new Set([1]))
    expect(new Set(column('L[2,1]'))).toEqual(new Set([0]))
    expectMean(column('L[1,3]'), 0, 'L')
  })
})

describe('given matrices are looked at', () => {
  const codes = (type: string, shape: readonly number[], S: readonly number[], more = ''): readonly string[] => {
    const energy = energyOf(
      `model m\naxis e = size(d)\ndata S[d, e] : ${type}[d, e]\n${more}state x[d] ~ multi_normal[d](0, C)\nlet C = S\n`,
    )
    const data = given({ S: [shape, S] })
    return bind(energy, data)
      .diagnostics.filter((d) => d.severity === 'error')
      .map((d) => `${d.code} ${d.message}`)
  }

  test.each([
    ['covariance', [1, 0.5, 0.5, 2], undefined],
    ['covariance', [1, 0.5, 0.4, 2], '"S" holds 0.5, which is not part of a covariance: a symmetric, positive definite matrix.'],
    ['covariance', [1, 3, 3, 2], '"S" holds 2, which is not part of a covariance: a symmetric, positive definite matrix.'],
    ['correlation', [1, 0.5, 0.5, 1], undefined],
    ['correlation', [1, 0.5, 0.5, 1.1], '"S" holds 1.1, which is not part of a correlation matrix'],
    ['cholesky', [1, 0, -3, 2], undefined],
    ['cholesky', [1, 0.1, -3, 2], '"S" holds 0.1, which is not part of a Cholesky factor'],
    ['cholesky', [1, 0, -3, -2], '"S" holds -2, which is not part of a Cholesky factor'],
  ] as const)('%s %j', (type, S, trouble) => {
    const found = codes(type, [2, 2], S)
    if (trouble === undefined) expect(found).toEqual([])
    else expect(found).toEqual([expect.stringContaining(`AMP505 ${trouble}`)])
  })
})

test('scales and correlations of simulated vectors are recovered', async () => {
  const model = loaded(`model scales
data  y[row, d]
axis  e = size(d)
axis  other = size(d)
state mu[d] ~ normal(0, 5)
state tau[d] : positive ~ half_normal(3)
state L[d, e] : cholesky[d, e] ~ lkj_cholesky(2)
let F = tau * L
let S = sum[e](F * F[d -> other])
y ~ multi_normal[d](mu, S)
`)
  const [mu, tau] = [
    [1, -2, 0.5],
    [0.5, 1, 2],
  ] as const
  const R = [1, 0.6, -0.3, 0.6, 1, 0.2, -0.3, 0.2, 1]
  const sigma = Float64Array.from(R, (r, at) => r * (tau[Math.floor(at / 3)] as number) * (tau[at % 3] as number))
  const stream = new Stream(keyFromSeed(20240613))
  const y = Array.from({ length: 150 }, () => [...multiNormal.vector(stream, [Float64Array.from(mu), sigma], 3, 0)]).flat()
  const result = await sample(model, given({ y: [[150, 3], y] }), { seed: 9, chains: 2, warmup: 500, draws: 500, report: ['S'] })
  const rows = new Map(must(result.value, 'draws').summary.map((row) => [row.name, row]))
  const expectNear = (name: string, truth: number, most: number): void => {
    const row = must(rows.get(name), name)
    // Averaged over simulations, a truth lies 5.5 posterior deviations off once in 3e7.
    expect(Math.abs(row.mean - truth), `${name}: ${row.mean} +- ${row.sd}, drawn from ${truth}`).toBeLessThan(5.5 * row.sd)
    expect(row.sd, name).toBeLessThan(most)
    expect(row.r_hat, name).toBeLessThan(1.05)
  }
  for (const [i, v] of mu.entries()) expectNear(`mu[${i + 1}]`, v, 0.25)
  for (const [i, v] of tau.entries()) expectNear(`tau[${i + 1}]`, v, 0.2)
  for (let i = 0; i < 3; i += 1) for (let j = 0; j < 3; j += 1) expectNear(`S[${i + 1},${j + 1}]`, sigma[3 * i + j] as number, 0.8)
})
