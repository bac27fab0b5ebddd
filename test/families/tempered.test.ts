import { describe, expect, test } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import { fold, keyFromSeed } from '../../src/base/random.ts'
import { readAncestral } from '../../src/compile/ancestral.ts'
import type { Tempering } from '../../src/families/parts/power.ts'
import { powers } from '../../src/families/tables/powers.ts'
import { type FamilyName, signatures } from '../../src/families/tables/signatures.ts'
import { series } from '../../src/inference/draws/draws.ts'
import { drawAncestral } from '../../src/inference/samplers/ancestral.ts'
import type { Sizes } from '../../src/ir/graph.ts'
import * as ports from '../../src/middle/ports.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { energyOf } from '../compile/models.ts'
import { formula, scalarFormula } from './formula.ts'
import { expectDistribution } from './goodness.ts'
import { type FamilyRule, familyRules } from './rules.ts'

type Numbers = readonly number[]

/** A family at points of its support, with each argument and another value of it. */
interface Case {
  readonly x: readonly Numbers[]
  readonly args: readonly (readonly [Numbers, Numbers])[]
  readonly axes?: { readonly x?: readonly string[]; readonly args?: readonly (readonly string[])[] }
  readonly own?: readonly (string | undefined)[]
  readonly element?: string
}

const line = [[-2.1], [0.3], [0.9], [4]]
const above = [[0.1], [0.8], [1.9], [7]]
const share = [[0.05], [0.4], [0.7], [0.99]]
const levels = [[0], [1], [2]]
const numbers = (...args: readonly (readonly [number, number])[]) => args.map(([a, b]) => [[a], [b]] as const)
const square = [2, 0.3, 0.3, 1]
const other = [1, -0.2, -0.2, 3]
const points = [[0, 0], [1, -2], [3, 0.5]] // biome-ignore format: a table
const positives = [[1, 0, 0, 1], [2, 0.5, 0.5, 1], [0.4, -0.1, -0.1, 3]] // biome-ignore format: a table
const matrixAxes = { x: ['d', 'e'], args: [[], ['d', 'e']] }

/** Written by hand: what the table says must follow from the densities alone. */
const cases: Partial<Record<FamilyName, Case>> = {
  normal: { x: line, args: numbers([0.4, -1], [1.3, 0.6]) },
  student_t: { x: line, args: numbers([5, 7], [0.4, -1], [1.3, 0.6]) },
  cauchy: { x: line, args: numbers([0.4, -1], [1.3, 0.6]) },
  half_normal: { x: above, args: numbers([1.3, 0.6]) },
  half_cauchy: { x: above, args: numbers([1.3, 0.6]) },
  laplace: { x: line, args: numbers([0.4, -1], [1.3, 0.6]) },
  lognormal: { x: above, args: numbers([0.4, -1], [1.3, 0.6]) },
  exponential: { x: above, args: numbers([1.3, 0.6]) },
  gamma: { x: above, args: numbers([2.5, 4], [1.3, 0.6]) },
  chi_square: { x: above, args: numbers([5, 7]) },
  inverse_gamma: { x: above, args: numbers([2.5, 4], [1.3, 0.6]) },
  pareto: { x: [[0.3], [0.8], [4]], args: numbers([0.2, 0.25], [3, 2]) },
  beta: { x: share, args: numbers([2.5, 4], [1.3, 1.8]) },
  uniform: { x: share, args: numbers([-1, -0.5], [1.5, 2]) },
  von_mises: { x: [[-1], [0.2], [2]], args: numbers([0.4, -1], [1.3, 0.6]) },
  bernoulli: { x: [[0], [1]], args: numbers([0.2, 0.7]) },
  bernoulli_logit: { x: [[0], [1]], args: numbers([0.9, -0.3]) },
  geometric: { x: [[0], [1], [5], [30]], args: numbers([0.2, 0.7]) },
  categorical: { x: levels, args: [[[0.2, 0.7, 0.1], [0.5, 0.3, 0.2]]], axes: { args: [['k']] }, element: 'k' }, // biome-ignore format: a table
  categorical_logit: { x: levels, args: [[[0.2, 2, -1], [0.5, 0.3, 1]]], axes: { args: [['k']] }, element: 'k' }, // biome-ignore format: a table
  ordered_logistic: {
    x: levels,
    args: [[[0.3], [-1]], [[-0.4, 1.2], [0.1, 0.9]]], // biome-ignore format: a table
    axes: { args: [[], ['cut']] },
    element: 'k',
  },
  multi_normal: {
    x: points,
    args: [[[1, 2], [0, 0.4]], [square, other]], // biome-ignore format: a table
    axes: { x: ['d'], args: [['d'], ['d', 'd2']] },
    own: [undefined, 'd2'],
  },
  multi_normal_cholesky: {
    x: points,
    args: [[[1, 2], [0, 0.4]], [[2, 0, 0.3, 1], [1, 0, -0.2, 3]]], // biome-ignore format: a table
    axes: { x: ['d'], args: [['d'], ['d', 'd2']] },
    own: [undefined, 'd2'],
  },
  multi_student_t: {
    x: points,
    args: [[[6], [9]], [[1, 2], [0, 0.4]], [square, other]], // biome-ignore format: a table
    axes: { x: ['d'], args: [[], ['d'], ['d', 'd2']] },
    own: [undefined, undefined, 'd2'],
  },
  dirichlet: { x: [[0.2, 0.8], [0.5, 0.5], [0.99, 0.01]], args: [[[2, 3.5], [1.2, 4]]], axes: { x: ['d'], args: [['d']] } }, // biome-ignore format: a table
  wishart: { x: positives, args: [[[6], [7]], [square, other]], axes: matrixAxes }, // biome-ignore format: a table
  inverse_wishart: { x: positives, args: [[[6], [7]], [square, other]], axes: matrixAxes }, // biome-ignore format: a table
  matrix_normal: {
    x: [[0, 0, 0, 0], [1, 2, -1, 0], [3, 0.5, 0.1, -4]], // biome-ignore format: a table
    args: [[[1, 2, 3, 4], [0, 0, 1, -1]], [square, other], [other, square]], // biome-ignore format: a table
    axes: {
      x: ['d', 'e'],
      args: [
        ['d', 'e'],
        ['d', 'd2'],
        ['e', 'e2'],
      ],
    },
    own: [undefined, 'd2', 'e2'],
  },
  von_mises_fisher: {
    x: [[1, 0], [0.6, 0.8], [-0.8, 0.6]], // biome-ignore format: a table
    args: [[[0.6, -0.8], [0, 1]], [[1.3], [0.6]]], // biome-ignore format: a table
    axes: { x: ['d'], args: [['d'], []] },
  },
}

const sizes = { k: 3, cut: 2, d: 2, e: 2, d2: 2, e2: 2 }
const closed = Object.keys(powers).filter((name) => !('never' in powers[name as FamilyName])) as FamilyName[]
const ruleOf = (name: FamilyName): FamilyRule => familyRules[name]

/** log p of the tempered family less log p / T of the family itself. */
function leftOver(name: FamilyName, at: Numbers, args: readonly Numbers[], T: number): number {
  const { axes, own, element } = must(cases[name], name)
  const inputs = [at, ...args].map((data, i) => [`v${i}`, { axes: (i === 0 ? axes?.x : axes?.args?.[i - 1]) ?? [], data }] as const)
  const [value] = formula(Object.fromEntries(inputs), sizes, (m, ids) => {
    const [x, ...given] = inputs.map(([label]) => must(ids[label], label))
    const over = signatures[name].over === 0 ? [] : must(axes?.x, 'axes')
    const context = { over, ...(own && { own }), ...(element !== undefined && { element }) }
    const now = (powers[name] as Tempering).at(m, given, m.k(T), context)
    const power = m.div(ruleOf(name).logDensity(m, must(x, 'x'), given, context), m.k(T))
    return m.sub(ruleOf(now.family).logDensity(m, must(x, 'x'), now.args, context), power)
  })
  return must(value, 'value')
}

describe.each(closed)('%s to the power 1/T', (name) => {
  const { x, args } = must(cases[name], `a case of ${name}`)
  const usual = args.map(([a]) => a)

  // The left-overs are differences of logs of a few nats: 1e-11 is their rounding.
  test.each([0.6, 1, 1.7])('is the family named, but for a factor, at T = %d', (T) => {
    const [first, ...rest] = x.map((at) => leftOver(name, at, usual, T))
    for (const value of rest) expect(value).toBeCloseTo(must(first, 'value'), 11)
    // Of student_t a half_cauchy is the upper half.
    if (T === 1) expect(first).toBeCloseTo(name === 'half_cauchy' ? -Math.LN2 : 0, 11)
  })

  test('has a factor that depends on the arguments said, and on no other', () => {
    const { weighs } = powers[name] as Tempering
    const at = must(x[1], 'a point')
    const factor = leftOver(name, at, usual, 1.7)
    args.forEach(([, changed], i) => {
      const now = leftOver(
        name,
        at,
        usual.map((a, j) => (j === i ? changed : a)),
        1.7,
      )
      if (weighs.includes(i)) expect(Math.abs(now - factor)).toBeGreaterThan(1e-3)
      else expect(now).toBeCloseTo(factor, 11)
    })
  })
})

/** Exact draws of a model's states at a temperature. */
function draws(text: string, T: number, sizes: Sizes, given: Readonly<Record<string, Numbers>>, n: number) {
  const program = readAncestral(energyOf(`model m\n${text}\n`)).tempered
  if ('reason' in program) throw new Error(program.reason)
  const executable = kernel(program.graph, sizes)
  for (const [name, values] of Object.entries({ ...given, [ports.temperature]: [T] })) executable.inputs.get(name)?.set(values)
  const drawn = drawAncestral(program, executable, sizes, fold(keyFromSeed(9), `${text} at ${T}`), { chains: 1, draws: n })
  return (name: string): number[] => [...must(series(drawn, name)[0], name)]
}

/** The distribution function of a density known up to a factor, by midpoints; its error is far below 2.9 / sqrt(N). */
function running(p: (x: number) => number, from: number, to: number, steps = 4000): (x: number) => number {
  const table = new Float64Array(steps + 1)
  for (let i = 1; i <= steps; i += 1) table[i] = (table[i - 1] as number) + p(from + ((i - 0.5) * (to - from)) / steps)
  const total = table[steps] as number
  return (x) => (table[Math.max(0, Math.min(steps, Math.round(((x - from) * steps) / (to - from))))] as number) / total
}

const N = 10_000

/** Type, family, arguments, temperature, and ends beyond which p^(1/T) has less than 1e-3 of its mass. */
const scalar: readonly (readonly [string, FamilyName, Numbers, number, number, number])[] = [
  ['real', 'normal', [0.4, 1.3], 3, -12, 12],
  ['real', 'normal', [0.4, 1.3], 0.3, -6, 6],
  ['real', 'student_t', [5, 0.4, 1.3], 1.7, -60, 60],
  ['real', 'cauchy', [0.4, 1.3], 0.5, -60, 60],
  ['nonnegative', 'half_cauchy', [1.3], 0.5, 0, 60],
  ['nonnegative', 'half_normal', [1.3], 4, 0, 14],
  ['real', 'laplace', [0.4, 1.3], 2, -40, 40],
  ['positive', 'lognormal', [0.4, 0.5], 2, 0, 60],
  ['positive', 'lognormal', [0.4, 0.5], 0.5, 0, 12],
  ['nonnegative', 'exponential', [1.3], 3, 0, 30],
  ['positive', 'gamma', [2.5, 1.3], 2, 0, 30],
  ['positive', 'gamma', [2.5, 1.3], 0.5, 0, 12],
  ['positive', 'chi_square', [5], 2, 0, 80],
  ['positive', 'inverse_gamma', [4, 1.3], 0.5, 0, 10],
  ['real(lower = 0.2)', 'pareto', [0.2, 3], 0.7, 0.2, 4],
  ['probability', 'beta', [2.5, 1.3], 2, 0, 1],
  ['probability', 'beta', [2.5, 1.3], 0.3, 0, 1],
  ['real(lower = -1, upper = 2)', 'uniform', [-1, 2], 5, -1, 2],
  ['real', 'von_mises', [0.4, 1.3], 3, 0.4 - Math.PI, 0.4 + Math.PI],
]

describe('exact draws are those of p^(1/T), by quadrature', () => {
  test.each(scalar)('%s %s(%j) at T = %d', (type, name, args, T, from, to) => {
    const density = scalarFormula(1, (m, [x = 0]) =>
      ruleOf(name).logDensity(
        m,
        x,
        args.map((a) => m.k(a)),
        { over: [] },
      ),
    )
    const x = draws(`state x : ${type} ~ ${name}(${args.join(', ')})`, T, {}, {}, N)('x')
    expectDistribution(
      x,
      running((v) => Math.exp(density([v]).value / T), from, to),
    )
  })

  test.each([0.5, 3])('restricted to a part, at T = %d', (T) => {
    const x = draws('state x : real(lower = 0.5, upper = 3) ~ normal(1, 1.5) in (0.5, 3)', T, {}, {}, N)('x')
    expectDistribution(
      x,
      running((v) => Math.exp(-((v - 1) ** 2) / (2 * 1.5 ** 2 * T)), 0.5, 3),
    )
    const y = draws('state y : real(lower = 0, upper = 2) ~ half_cauchy(1) in (0, 2)', T / 2, {}, {}, N)('y')
    expectDistribution(
      y,
      running((v) => (1 + v * v) ** (-2 / T), 0, 2),
    )
  })

  test('bits, elements and ordered levels', () => {
    const among = (weights: Numbers) => (level: number) =>
      weights.slice(0, Math.max(0, level)).reduce((a, b) => a + b, 0) / weights.reduce((a, b) => a + b, 0)
    for (const T of [0.5, 3]) {
      const powers = (p: Numbers) => p.map((v) => v ** (1 / T))
      const bit = draws('state b : bit ~ bernoulli(0.2)\nstate c : bit ~ bernoulli_logit(0.9)', T, {}, {}, N)
      expectDistribution(
        bit('b').map((v) => v + 1),
        among(powers([0.8, 0.2])),
        true,
      )
      expectDistribution(
        bit('c').map((v) => v + 1),
        among(powers([1, Math.exp(0.9)])),
        true,
      )
      const text =
        'axis k = 3\nparam p[k]\nparam eta[k]\nparam c[cut]\nstate u : k\nstate v : k ~ categorical(p)\nstate w : k ~ categorical_logit(eta)\nstate o[i] : k ~ ordered_logistic(index(i) - 1, c)'
      const level = draws(text, T, { k: 3, cut: 2, i: 2 }, { p: [0.2, 0.7, 0.1], eta: [0.2, 2, -1], c: [-0.4, 1.2] }, N)
      expectDistribution(level('u'), among([1, 1, 1]), true)
      expectDistribution(level('v'), among(powers([0.2, 0.7, 0.1])), true)
      expectDistribution(level('w'), among(powers([0.2, 2, -1].map(Math.exp))), true)
      const below = (x: number) => 1 / (1 + Math.exp(-x))
      for (const eta of [0, 1]) {
        const [a, b] = [below(-0.4 - eta), below(1.2 - eta)]
        expectDistribution(level(`o[${eta + 1}]`), among(powers([a, b - a, 1 - b])), true)
      }
    }
  })

  test('vectors and simplexes, site by site', () => {
    const T = 2.5
    const text =
      'axis other = size(d)\nparam s[d, other]\nstate x[i, d] ~ multi_normal[d](index(i) * index(d), s)\nstate p[d, i] : simplex[d] ~ dirichlet[d](index(i) + index(d))\nparam mu[e]\nstate u[e] : unit[e] ~ von_mises_fisher[e](mu, 4)'
    const drawn = draws(text, T, { i: 2, d: 2, other: 2, e: 3 }, { s: square, mu: [0, 0.6, 0.8] }, N)
    const normal = (mean: number, variance: number) =>
      running((v) => Math.exp(-((v - mean) ** 2) / (2 * variance * T)), mean - 15, mean + 15)
    for (const i of [1, 2]) {
      expectDistribution(drawn(`x[${i},1]`), normal(i, 2))
      expectDistribution(drawn(`x[${i},2]`), normal(2 * i, 1))
      // Of (1, 1): 2 + 1 + 2 * 0.3.
      const [a, b] = [drawn(`x[${i},1]`), drawn(`x[${i},2]`)]
      expectDistribution(
        a.map((v, n) => v + (b[n] as number)),
        normal(3 * i, 3.6),
      )
      expectDistribution(
        drawn(`p[1,${i}]`),
        running((v) => (v ** i * (1 - v) ** (i + 1)) ** (1 / T), 0, 1),
      )
    }
    // On the sphere in three dimensions the part along mu has density exp(kappa t), an interval being a zone of equal area.
    const third = drawn('u[3]')
    const along = drawn('u[2]').map((v, n) => 0.6 * v + 0.8 * (third[n] as number))
    expectDistribution(
      along,
      running((t) => Math.exp((4 * t) / T), -1, 1),
    )
  })
})
