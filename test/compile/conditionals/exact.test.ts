import { expect, test } from 'vitest'
import { hasForm } from '../../../src/compile/conditionals/conditional.ts'
import type { Conditional } from '../../../src/compile/conditionals/found.ts'
import type { Sizes } from '../../../src/ir/graph.ts'
import { energyOf, total, type Values } from '../models.ts'
import { coefficientsAt, formsOf, precisionMatrix } from './held.ts'
import { models } from './known.ts'

/** The form of a variable in one of the known models, and its coefficients at some values. */
function known(name: string, variable: string, open: Sizes = {}) {
  const model = models.find((m) => m.name === name)
  const energy = energyOf(`model m\n${model?.text}`)
  const form = formsOf(energy).get(variable)
  if (form === undefined || !hasForm(form)) throw new Error(`no form of ${variable}`)
  const sizes = { ...model?.sizes, ...open }
  return {
    form,
    at: (values: Values) => coefficientsAt(form, energy, sizes, values),
    matrix: (values: Values) => precisionMatrix(form, energy, sizes, values),
    energy: (values: Values) => total(energy, sizes, values),
  }
}

// 12 digits after the point: a few roundings of numbers of size 10.
function close(found: ArrayLike<number> | undefined, wanted: readonly number[]): void {
  expect(found?.length).toBe(wanted.length)
  wanted.forEach((w, i) => {
    expect(found?.[i]).toBeCloseTo(w, 12)
  })
}
const add = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0)
const axesOf = (c: Conditional, statistic: string): readonly string[] | undefined =>
  c.graph.outputs.find((o) => o.name.endsWith(`:${statistic}`))?.axes

const y = [0.4, -1.2, 2.3, 0.9]

test('normal with a normal prior: precisions and precision-weighted means add up', () => {
  const at = known('normal-normal', 'mu').at({ y })
  close(at.get('precision'), [1 / 4 + 4 / 0.25])
  close(at.get('linear'), [1 / 4 + add(y) / 0.25])
})

test("linear regression: X'X / sigma^2 + 1/9, and X'(y - a) / sigma^2; the mean is the least E", () => {
  const { matrix, at, energy } = known('linear regression', 'beta', { row: 3, feature: 2 })
  const X = [1, 2, 0.5, -1, 3, 0.2]
  const values = { X, y: [1, 2, 3], a: [0.3], sigma: [0.5], beta: [0, 0] }
  const column = (j: number): number[] => [0, 1, 2].map((r) => X[2 * r + j] as number)
  const dot = (u: readonly number[], v: readonly number[]): number => add(u.map((x, i) => x * (v[i] as number)))
  const P = [0, 1].map((i) => [0, 1].map((j) => dot(column(i), column(j)) / 0.25 + (i === j ? 1 / 9 : 0)))
  const h = [0, 1].map((i) => dot(column(i), [0.7, 1.7, 2.7]) / 0.25)
  matrix(values).forEach((row, i) => { close(row, P[i] as number[]) }) // biome-ignore format: one line
  close(at(values).get('linear'), h)
  const [[p, q], [, r]] = P as [[number, number], [number, number]]
  const [g, k] = h as [number, number]
  const det = p * r - q * q
  const mean = [(r * g - q * k) / det, (p * k - q * g) / det]
  const least = energy({ ...values, beta: mean })
  for (const d of [[1e-3, 0], [-1e-3, 0], [0, 1e-3], [1e-3, -2e-3]] as const) // biome-ignore format: one line
    expect(energy({ ...values, beta: mean.map((m, i) => m + (d[i] as number)) })).toBeGreaterThan(least)
})

test('a gamma prior on a precision: shape a + n/2, rate b + half the squared distances', () => {
  const five = [...y, 0.1]
  const at = known('unknown precision', 'tau').at({ mu: [0.5], y: five })
  close(at.get('log x'), [-(2 + 5 / 2 - 1)])
  close(at.get('x'), [3 + add(five.map((v) => (v - 0.5) ** 2)) / 2])
})

test('an inverse gamma prior on a variance: the same of its inverse', () => {
  const five = [...y, 0.1]
  const at = known('unknown variance', 'v').at({ mu: [0.5], y: five })
  close(at.get('log x'), [2 + 5 / 2 + 1])
  close(at.get('1/x'), [3 + add(five.map((v) => (v - 0.5) ** 2)) / 2])
})

test('scale mixtures: a gamma for each element', () => {
  const five = [...y, 0.1]
  const at = known('scale mixture', 'w').at({ mu: [0.5], y: five })
  close(
    at.get('log x'),
    five.map(() => -(2 + 1 / 2 - 1)),
  )
  close(at.get('x'), five.map((v) => 2 + (v - 0.5) ** 2 / 2)) // biome-ignore format: one line
})

test('Poisson rates of groups: shape 2 + counts, rate b + exposures, each in its group', () => {
  const [n, t, group] = [[1, 0, 4, 2, 3, 1, 5], [1, 2, 0.5, 1, 3, 2, 1], [0, 1, 0, 2, 2, 0, 0]] as const // biome-ignore format: one line
  const of = (x: readonly number[], g: number): number => add(x.filter((_, i) => group[i] === g))
  const at = known('Poisson and gamma', 'rate').at({ n, t, group, b: [0.7] })
  close(at.get('log x'), [0, 1, 2].map((g) => -(2 + of(n, g) - 1))) // biome-ignore format: one line
  close(at.get('x'), [0, 1, 2].map((g) => 0.7 + of(t, g))) // biome-ignore format: one line
})

test('binomial and Bernoulli data: a beta of successes and failures', () => {
  const at = known('binomial and beta', 'p').at({ k: [1, 3, 10, 0], c: [1, 1, 0, 1] })
  close(at.get('log x'), [-(2 + 14 + 3 - 1)])
  close(at.get('log(1 - x)'), [-(3 + 26 + 1 - 1)])
})

test('a Dirichlet counts what is drawn from it', () => {
  const { at, form } = known('multinomial, categorical and Dirichlet', 'th')
  close(
    at({ z: [0, 0, 2, 1, 0, 2, 2, 2, 2, 1] }).get('log x'),
    [3, 1, 1, 0, 1, 4].map((n) => -(1.5 + n - 1)),
  )
  expect(form.apart).toContain('row')
})

test('a mixture: each mean by the rows of its cluster; responsibilities by log weights and log densities', () => {
  const values = {
    y: [...y, 1, 2, 3, 4, 5, 6, 7, 8],
    z: [0, 2, 0, 1, 2, 0],
    tau: [1, 2, 0.5],
    mu: [0, 1, 2, 3, 4, 5],
    'weight(cluster)': [0.2, 0.3, 0.5],
  }
  const mu = known('mixture', 'mu')
  close(mu.at(values).get('precision'), [3, 1, 2].map((n, k) => 1 / 25 + n * (values.tau[k] as number))) // biome-ignore format: one line
  expect(axesOf(mu.form, 'precision')).toEqual(['cluster'])
  const level = known('mixture', 'z').at(values).get('level') ?? []
  const joint = (i: number, k: number): number => {
    const tau = values.tau[k] as number
    const distance = add([0, 1].map((d) => ((values.y[2 * i + d] as number) - (values.mu[2 * k + d] as number)) ** 2))
    // Without log(2 pi), which is the same at all levels.
    return (tau * distance) / 2 - Math.log(tau) - Math.log(values['weight(cluster)'][k] as number)
  }
  close(level, [0, 1, 2, 3, 4, 5].flatMap((i) => [0, 1, 2].map((k) => joint(i, k)))) // biome-ignore format: one line
})

test('units of a restricted Boltzmann machine: their fields', () => {
  const W = [0.5, -1, 2, 0.3, 0.1, -0.7, 1, 1, -2, 0.4, 0.6, 0.2]
  const { at, form } = known('restricted Boltzmann machine', 'h')
  const v = [1, 0, 1, 1]
  const field = [0, 1, 2].map((j) => add(v.map((x, i) => x * (W[3 * i + j] as number))))
  close(at({ W, v }).get('level'), field.flatMap((f) => [0, -f])) // biome-ignore format: one line
  expect([...form.dependsOn].sort()).toEqual(['W', 'v'])
})

test('directions of clusters: the sum of what points to them', () => {
  const { at } = known('directions', 'mu', { i: 2 })
  const [m, rows] = [[0, 0, 1], [1, 0, 0, 0, 0.6, 0.8]] as const // biome-ignore format: one line
  close(at({ m, y: rows, z: [1, 1] }).get('x'), [0, 0, -2, -5, -3, -2 - 4]) // biome-ignore format: one line
})

test("weights of a layer have one matrix over hidden for all pixels: 1 + h h' / sigma^2", () => {
  const { form, at } = known('two layers, weights shared by all pixels', 'W', { hidden: 64, pixel: 784 })
  const h = Array.from({ length: 64 }, (_, i) => Math.sin(i))
  const x = Array.from({ length: 784 }, (_, i) => Math.cos(i))
  expect(form.apart).toEqual(['pixel'])
  expect(form.mixing.map((m) => m.axis)).toEqual(['hidden'])
  expect(axesOf(form, 'precision')?.length).toBe(2)
  const coefficients = at({ h, x })
  close(coefficients.get('precision'), h.flatMap((a, i) => h.map((b, j) => 4 * a * b + (i === j ? 1 : 0)))) // biome-ignore format: one line
  expect(coefficients.get('linear')?.length).toBe(64 * 784)
})

test('a chain has a tridiagonal precision', () => {
  const { matrix, at } = known('AR(1) chain', 'x')
  const [phi, s] = [0.6, 1 / 0.49]
  const P = matrix({ phi: [phi], y: [1, 2, 3, 4, 5] })
  P.forEach((row, i) => {
    const own = 1 + (i > 0 ? s : 0) + (i < 4 ? s * phi * phi : 0)
    close(row, [0, 1, 2, 3, 4].map((j) => (i === j ? own : Math.abs(i - j) === 1 ? -s * phi : 0))) // biome-ignore format: one line
  })
  close(at({ phi: [phi], y: [1, 2, 3, 4, 5] }).get('linear'), [1, 2, 3, 4, 5])
})

test('a covariance is inverted', () => {
  const P = known('correlated normal', 'x', { d: 2, e: 2 }).matrix({ S: [2, 0.6, 0.6, 1], y: [0, 0] })
  const det = 2 - 0.36
  close(P.flat(), [1 / det + 1, -0.6 / det, -0.6 / det, 2 / det + 1])
})
