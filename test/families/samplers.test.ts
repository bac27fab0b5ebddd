import { describe, expect, test } from 'vitest'
import { fold, keyFromSeed, Stream } from '../../src/base/random.ts'
import { betaI } from '../../src/base/special/incomplete.ts'
import { isWhole } from '../../src/families/parts/support.ts'
import { type ElementFamily, type NumberFamily, signatures } from '../../src/families/tables/signatures.ts'
import { drawnNumbers, elements } from './cases.ts'
import { formula, scalarFormula } from './formula.ts'
import { expectDistribution } from './goodness.ts'
import { familyRules } from './rules.ts'

const { ordered_logistic, dirichlet, multinomial, von_mises_fisher } = familyRules

const stream = (name: string): Stream => new Stream(fold(keyFromSeed(20240607), name))
const times = <T>(n: number, f: () => T): T[] => Array.from({ length: n }, f)

const N = 10_000

describe('scalar families draw from their distribution', () => {
  const cases = (Object.keys(drawnNumbers) as NumberFamily[]).flatMap((name) => drawnNumbers[name].map((args) => ({ name, args })))
  test.each(cases)('$name($args)', ({ name, args }) => {
    const rule = familyRules[name]
    const source = stream(name + args)
    const draws = times(N, () => rule.sample?.(source, args) as number)
    expectDistribution(draws, (x) => rule.cdf?.(x, args) as number, isWhole(signatures[name].support))
  })

  test.each([[0], [1e-9], [0.4], [3], [90], [1e4], [1e10]])('von_mises with kappa %d', (kappa) => {
    const rule = familyRules.von_mises
    const density = scalarFormula(2, (m, [x = 0, k = 0]) => rule.logDensity(m, x, [m.k(0), k], { over: [] }))
    const draws = times(N, () => rule.sample?.(stream0, [0.5, kappa]) as number)
    const half = Math.min(Math.PI, 12 / Math.sqrt(kappa))
    // A running trapezoid over the part that holds the mass; its error is far below 2.9 / sqrt(N).
    const steps = 4000
    const table = new Float64Array(steps + 1)
    for (let i = 1; i <= steps; i += 1) {
      const p = (j: number) => (kappa === 0 ? 1 / (2 * Math.PI) : Math.exp(density([-half + (2 * half * j) / steps, kappa]).value))
      table[i] = (table[i - 1] as number) + ((p(i) + p(i - 1)) * half) / steps
    }
    expect(table[steps]).toBeCloseTo(1, 3)
    const cdf = (x: number) => table[Math.max(0, Math.min(steps, Math.round(((x - 0.5 + half) * steps) / (2 * half))))] as number
    expectDistribution(draws, cdf)
  })
})

const stream0 = stream('von_mises')

describe('families of elements', () => {
  const running = (p: readonly number[]) => (x: number) => p.slice(0, x + 1).reduce((a, b) => a + b, 0)
  const cases = (Object.keys(elements) as ElementFamily[]).flatMap((name) => elements[name].map((row) => ({ name, ...row })))

  test.each(cases)('$name has the probabilities of its levels, and draws by them', ({ name, args, probabilities }) => {
    const { logDensity, sampleElement } = familyRules[name]
    const inputs = Object.fromEntries(args.map((a, i) => [`a${i}`, a]))
    const found = formula({ x: { axes: ['row'], data: [0, 1, 2, 3] }, ...inputs }, { row: 4, k: 4, cut: 3 }, (m, ids) =>
      m.exp(
        logDensity(
          m,
          ids.x as number,
          args.map((_, i) => ids[`a${i}`] as number),
          { over: [], element: 'k' },
        ),
      ),
    )
    // What does not vary with the level is computed once.
    expect(probabilities.map((_, k) => found[k] ?? found[0])).toEqual(probabilities.map((p) => expect.closeTo(p, 14)))
    const source = stream(name)
    const given = args.map(({ data }) => Float64Array.from(data))
    const draws = times(N, () => sampleElement?.(source, given, 4) as number)
    expectDistribution(draws, running(probabilities), true)
  })

  test('ordered_logistic keeps its digits where a plain difference of sigmoids is 0', () => {
    const inputs = { x: { axes: ['row'], data: [0, 1, 2, 3] }, cutpoints: { axes: ['cut'], data: [-1, 0, 1] } }
    const logs = formula(inputs, { row: 4, cut: 3 }, (m, ids) =>
      ordered_logistic.logDensity(m, ids.x as number, [m.k(-800), ids.cutpoints as number], { over: [], element: 'k' }),
    )
    // So far below the cutpoints a sigmoid is an exponential: exp(-799) - exp(-800), and so on.
    const gap = Math.log(1 - Math.exp(-1))
    expect(logs).toEqual([0, -799 + gap, -800 + gap, -801].map((v) => expect.closeTo(v, 9)))
  })
})

describe('families over an axis', () => {
  test('dirichlet has beta marginals', () => {
    const alpha = [0.3, 2, 5, 0.7]
    const source = stream('dirichlet')
    const draws = times(N, () => dirichlet.sampleVector?.(source, [Float64Array.from(alpha)], 4) as Float64Array)
    alpha.forEach((a, i) => {
      expectDistribution(
        draws.map((x) => x[i] as number),
        (x) => betaI(a, 8 - a, x),
      )
    })
    expect(Math.max(...draws.map((x) => Math.abs(x.reduce((a, b) => a + b, 0) - 1)))).toBeLessThan(1e-14)
  })

  test('dirichlet with one number for all', () => {
    const source = stream('symmetric dirichlet')
    const draws = times(N, () => dirichlet.sampleVector?.(source, [Float64Array.of(0.05)], 3) as Float64Array)
    expectDistribution(
      draws.map((x) => x[2] as number),
      (x) => betaI(0.05, 0.1, x),
    )
  })

  test('multinomial has binomial marginals and adds up to n', () => {
    const theta = [0.1, 0.25, 0.05, 0.6]
    const source = stream('multinomial')
    const draws = times(N, () => multinomial.sampleVector?.(source, [Float64Array.of(50), Float64Array.from(theta)], 4) as Float64Array)
    const { cdf } = familyRules.binomial
    theta.forEach((p, i) => {
      expectDistribution(
        draws.map((x) => x[i] as number),
        (x) => cdf?.(x, [50, p]) as number,
        true,
      )
    })
    expect(draws.every((x) => x.reduce((a, b) => a + b, 0) === 50)).toBe(true)
  })

  const directions: readonly (readonly [number, number])[] = [
    [1, 0.7],
    [2, 0.3],
    [2, 20],
    [3, 4],
    [5, 0.01],
    [10, 30],
    [40, 1e5],
  ]

  test.each(directions)('von_mises_fisher in %d dimensions with kappa %d integrates to 1 and draws from that', (d, kappa) => {
    const mu = Array.from({ length: d }, (_, i) => (i % 2 === 0 ? 1 : -1) / Math.sqrt(d))
    const source = stream(`von_mises_fisher ${d} ${kappa}`)
    const draws = times(
      N,
      () => von_mises_fisher.sampleVector?.(source, [Float64Array.from(mu), Float64Array.of(kappa)], d) as Float64Array,
    )
    for (const x of draws) expect(x.reduce((s, v) => s + v * v, 0)).toBeCloseTo(1, 12)
    const along = draws.map((x) => x.reduce((s, v, i) => s + v * (mu[i] as number), 0))
    if (d === 1) expectDistribution(along.map(Math.round), (w) => (w < -1 ? 0 : w < 1 ? 1 / (1 + Math.exp(2 * kappa)) : 1), true)
    else expectAlong(d, kappa, along)
    // Across mu all directions are alike: a fixed one is as often on either side. 5.4 standard deviations: 1e-7.
    if (d > 2) {
      const across = draws.map((x) => Math.sign((x[0] as number) + (x[1] as number)))
      expect(Math.abs(across.reduce((a, b) => a + b, 0))).toBeLessThan(5.4 * Math.sqrt(N))
    }
  })

  /** The angle t to mu has the density exp(log p) times the area of the sphere of d - 2 dimensions of radius sin t. */
  function expectAlong(d: number, kappa: number, along: readonly number[]): void {
    const steps = 20_000
    const end = Math.min(Math.PI, 12 * Math.sqrt(d / kappa))
    const gammas = scalarFormula(1, (m, [x = 0]) => m.lgamma(x))
    const logArea = Math.LN2 + 0.5 * (d - 1) * Math.log(Math.PI) - gammas([0.5 * (d - 1)]).value
    const atZero = formula({ mu: { axes: ['d'], data: new Array<number>(d).fill(0) } }, { d }, (m, ids) =>
      von_mises_fisher.logDensity(m, ids.mu as number, [ids.mu as number, m.k(kappa)], { over: ['d'] }),
    )[0] as number
    const p = (t: number) => Math.exp(atZero + kappa * Math.cos(t) + (d - 2) * Math.log(Math.sin(t)) + logArea)
    const table = new Float64Array(steps + 1)
    for (let i = 1; i <= steps; i += 1) table[i] = (table[i - 1] as number) + (p(((i - 0.5) * end) / steps) * end) / steps
    expect(table[steps]).toBeCloseTo(1, 5)
    expectDistribution(
      along.map((w) => Math.acos(Math.min(1, w))),
      (t) => table[Math.min(steps, Math.round((t * steps) / end))] as number,
    )
  }
})
