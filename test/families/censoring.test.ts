import { describe, expect, test } from 'vitest'
import { fold, keyFromSeed } from '../../src/base/random.ts'
import { generativeProgram } from '../../src/compile/ancestral.ts'
import { isWhole as isWholeSupport } from '../../src/families/parts/support.ts'
import { signatures } from '../../src/families/tables/signatures.ts'
import { drawOnce } from '../../src/inference/samplers/ancestral.ts'
import { reference } from '../../src/targets/reference.ts'
import { codesOf, energyOf, total } from '../compile/models.ts'
import { compileGradient, density } from './modified.ts'
import type { FamilyRule } from './rules.ts'
import { familyRules } from './rules.ts'

/** Arguments that are not special, and two limits inside the support. */
const scalar: readonly (readonly [string, readonly number[], number, number])[] = [
  ['normal', [0.7, 1.3], -0.5, 2.2],
  ['student_t', [3.5, -0.4, 1.7], -3, 1.1],
  ['cauchy', [0.7, 1.3], -2, 1],
  ['laplace', [0.7, 1.3], -1, 2],
  ['logistic', [0.7, 1.3], -1, 2],
  ['gumbel', [0.7, 1.3], -1, 2],
  ['half_normal', [1.4], 0.5, 2],
  ['half_cauchy', [1.4], 0.5, 2],
  ['lognormal', [0.4, 0.8], 0.5, 2],
  ['exponential', [2.2], 0.1, 2],
  ['gamma', [2.6, 1.9], 0.3, 2],
  ['inverse_gamma', [2.6, 1.9], 0.3, 2],
  ['chi_square', [3.3], 0.3, 4],
  ['weibull', [1.7, 2.3], 0.3, 4],
  ['pareto', [1.5, 2.5], 1.7, 4],
  ['beta', [2.3, 1.6], 0.2, 0.7],
  ['uniform', [-1.2, 3.1], -0.5, 2],
  ['binomial', [9, 0.35], 2, 6],
  ['binomial_logit', [9, -0.6], 2, 6],
  ['poisson', [4.2], 1.5, 6.5],
  ['poisson_log', [1.3], 1, 6],
  ['negative_binomial', [2.4, 0.7], 1, 6],
  ['geometric', [0.3], 1, 6],
]

const isWhole = (name: string): boolean => isWholeSupport(signatures[name as 'poisson'].support)

describe.each(scalar)('%s(%j) censored (%d, %d)', (name, args, lo, hi) => {
  const { cdf } = familyRules[name as 'normal'] as FamilyRule
  const below = (x: number): number => cdf?.(x, args) as number

  test('is its distribution function at and beyond the limits, and its density between', () => {
    const [plain, censored] = [density(name, args.length, ''), density(name, args.length, 'censored (lo, hi)')]
    const ends: [number, number] = [lo, hi]
    // 1e-9: the tails are tested beside mpmath; this is about which of them stands where.
    for (const x of [lo, lo - 1, isWhole(name) ? Math.floor(lo) : lo]) expect(censored(x, args, ends)).toBeCloseTo(Math.log(below(lo)), 9)
    const atLeast = 1 - below(isWhole(name) ? Math.ceil(hi) - 1 : hi)
    for (const x of [hi, hi + 1]) expect(censored(x, args, ends)).toBeCloseTo(Math.log(atLeast), 9)
    const middle = isWhole(name) ? Math.floor(lo) + 1 : 0.5 * (lo + hi)
    expect(censored(middle, args, ends)).toBe(plain(middle, args, ends))
    expect(censored(middle, args, [hi, lo])).toBe(-Infinity)
  })

  test('has no limit where it is infinite', () => {
    const [plain, censored] = [density(name, args.length, ''), density(name, args.length, 'censored (lo, hi)')]
    const far = isWhole(name) ? 8 : hi
    expect(censored(far, args, [-Infinity, Infinity])).toBe(plain(far, args, [0, 0]))
  })

  test('has the gradients of differences at the limits', () => {
    const f = compileGradient(name, args.length, 'censored (lo, hi)')
    for (const x of [lo - 0.25, hi + 0.25]) {
      const at = [...args, lo, hi]
      const { gradient } = f(x, at)
      at.forEach((v, i) => {
        if ((isWhole(name) && i >= args.length) || (name.startsWith('binomial') && i === 0)) return
        const h = 1e-5 * Math.max(1e-2, Math.abs(v))
        const value = (step: number): number =>
          f(
            x,
            at.map((w, j) => (j === i ? w + step : w)),
          ).value
        const wanted = (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h)
        expect(Math.abs((gradient[i] as number) - wanted), `d/d${i}: ${gradient[i]}, wanted ${wanted}`).toBeLessThan(
          1e-7 * (1 + Math.abs(wanted)),
        )
      })
    }
  })
})

test('of a truncated family, the shares are those of what is left', () => {
  const f = density('exponential', 1, 'in (1, 5) censored (lo, hi)')
  const [rate, whole] = [0.4, Math.exp(-0.4) - Math.exp(-2)]
  expect(f(2, [rate], [1.5, 4])).toBeCloseTo(Math.log((rate * Math.exp(-0.8)) / whole), 12)
  expect(f(1.5, [rate], [1.5, 4])).toBeCloseTo(Math.log((Math.exp(-0.4) - Math.exp(-0.6)) / whole), 12)
  expect(f(4, [rate], [1.5, 4])).toBeCloseTo(Math.log((Math.exp(-1.6) - Math.exp(-2)) / whole), 12)
  // Limits outside of the range: nothing lies beyond them.
  expect(f(2, [rate], [0, 9])).toBeCloseTo(Math.log((rate * Math.exp(-0.8)) / whole), 12)
  expect([f(0, [rate], [0, 9]), f(9, [rate], [0, 9])]).toEqual([-Infinity, -Infinity])
})

test('an exponential with a limit a row has a gamma posterior', () => {
  const text =
    'model t\ndata t[row] : positive\ndata limit[row] : positive\nstate rate : positive ~ gamma(2, 3)\nt ~ exponential(rate) censored (0, limit)\n'
  const e = energyOf(text)
  const [t, limit] = [
    [3.1, 10, 7.4, 6],
    [10, 10, 12, 6],
  ]
  const energy = (rate: number): number => total(e, { row: 4 }, { t, limit, rate: [rate] })
  // Two ended: gamma(2 + 2, 3 + 26.5).
  const posterior = (rate: number): number => 3 * Math.log(rate) - 29.5 * rate
  for (const rate of [0.01, 0.2, 3]) expect(energy(rate) - energy(1)).toBeCloseTo(posterior(1) - posterior(rate), 10)
})

test('draws are recorded at the limits, and as often as they should be', () => {
  const energy = energyOf('data t[row]\ndata limit[row]\nparam mu = 0\nt ~ normal(mu, 1) in (-2, 9) censored (-1, limit)\n')
  const program = generativeProgram(energy, new Set(['t']))
  if ('reason' in program) throw new Error(program.reason)
  const n = 20_000
  const executable = reference(program.graph, { row: n })
  executable.inputs.get('limit')?.set(Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 0.5 : 1)))
  executable.inputs.get('mu')?.set([0])
  const { t } = drawOnce(program, executable, { row: n }, fold(keyFromSeed(7), 'censored')) as { t: Float64Array }
  const share = (test: (v: number, i: number) => boolean): number => t.filter(test).length / n
  const whole = 0.9772498680518208
  // Six standard deviations of a share of 20000, 0.5 / sqrt(20000) each at most: false alarms below 1e-8.
  const near = (got: number, wanted: number) => expect(Math.abs(got - wanted)).toBeLessThan(0.0212)
  near(
    share((v) => v === -1),
    (0.15865525393145707 - 0.022750131948179195) / whole,
  )
  near(2 * share((v, i) => i % 2 === 0 && v === 0.5), 0.3085375387259869 / whole)
  near(2 * share((v, i) => i % 2 === 1 && v === 1), 0.15865525393145707 / whole)
  expect(share((v, i) => v < -1 || v > (i % 2 === 0 ? 0.5 : 1))).toBe(0)
})

test('a memory may be censored', () => {
  expect(codesOf('model t\nmemory y[row]\nstate mu\ny ~ normal(mu, 1) censored (0, inf)\n')).toEqual([])
})

test('a limit that is shifted leaves out the elements without one', () => {
  const e = energyOf('model t\ndata y[t]\nparam mu = 0\ny ~ normal(mu, 1) censored (y[t = t - 1], inf)\n')
  const normal = (x: number): number => -0.5 * x * x - 0.5 * Math.log(2 * Math.PI)
  // The second value lies above the first; the third below the second, Phi(1) = 0.8413447460685429.
  expect(total(e, { t: 3 }, { y: [0.2, 1, 0.4], mu: [0] })).toBeCloseTo(-normal(1) - Math.log(0.8413447460685429), 12)
})
