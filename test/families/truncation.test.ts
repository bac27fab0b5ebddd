import { describe, expect, test } from 'vitest'
import { fold, keyFromSeed, Stream } from '../../src/base/random.ts'
import { truncatedQuantile } from '../../src/families/numbers/truncated.ts'
import type { FamilyName } from '../../src/families/tables/signatures.ts'
import { expectDistribution } from './goodness.ts'
import { compileGradient, density } from './modified.ts'

/** Arguments that are not special, an interval around the middle, and one far out where the mass is small. */
const continuous: readonly (readonly [FamilyName, readonly number[], readonly (readonly [number, number])[]])[] = [
  [
    'normal',
    [0.7, 1.3],
    [
      [-0.5, 2.2],
      [9, 11],
    ],
  ],
  [
    'student_t',
    [3.5, -0.4, 1.7],
    [
      [-3, 1.1],
      [0.2, 5],
      [40, 90],
    ],
  ],
  [
    'cauchy',
    [0.7, 1.3],
    [
      [-2, 1],
      [50, 80],
    ],
  ],
  [
    'laplace',
    [0.7, 1.3],
    [
      [-1, 2.4],
      [30, 33],
    ],
  ],
  [
    'logistic',
    [0.7, 1.3],
    [
      [-1, 2],
      [30, 33],
    ],
  ],
  [
    'gumbel',
    [0.7, 1.3],
    [
      [-1, 2],
      [30, 33],
    ],
  ],
  [
    'half_normal',
    [1.4],
    [
      [0.5, 2],
      [10, 11],
    ],
  ],
  [
    'half_cauchy',
    [1.4],
    [
      [0.5, 2],
      [100, 150],
    ],
  ],
  [
    'lognormal',
    [0.4, 0.8],
    [
      [0.5, 2],
      [60, 90],
    ],
  ],
  [
    'exponential',
    [2.2],
    [
      [0.1, 2],
      [30, 31],
    ],
  ],
  [
    'gamma',
    [2.6, 1.9],
    [
      [0.3, 2],
      [20, 25],
      [1e-4, 2e-4],
    ],
  ],
  [
    'gamma',
    [0.6, 1.9],
    [
      [0.1, 2],
      [20, 25],
    ],
  ],
  [
    'inverse_gamma',
    [2.6, 1.9],
    [
      [0.3, 2],
      [200, 300],
      [0.02, 0.04],
    ],
  ],
  [
    'chi_square',
    [3.3],
    [
      [0.3, 4],
      [60, 70],
    ],
  ],
  [
    'weibull',
    [1.7, 2.3],
    [
      [0.3, 4],
      [20, 22],
    ],
  ],
  [
    'pareto',
    [1.5, 2.5],
    [
      [1.7, 4],
      [100, 200],
    ],
  ],
  [
    'beta',
    [2.3, 1.6],
    [
      [0.2, 0.7],
      [0.001, 0.002],
      [0.998, 0.999],
    ],
  ],
  [
    'beta',
    [0.6, 0.8],
    [
      [0.2, 0.7],
      [1e-6, 1e-5],
    ],
  ],
  ['uniform', [-1.2, 3.1], [[-0.5, 2]]],
  [
    'von_mises',
    [0.5, 2.5],
    [
      [-0.4, 1.3],
      [2.5, 4.1],
      [-3, 5],
    ],
  ],
]

const discrete: readonly (readonly [FamilyName, readonly number[], readonly (readonly [number, number])[]])[] = [
  [
    'bernoulli',
    [0.3],
    [
      [0, 1],
      [1, 1.5],
      [-1, 0.5],
    ],
  ],
  [
    'bernoulli_logit',
    [-0.8],
    [
      [0, 1],
      [1, 1.5],
    ],
  ],
  [
    'binomial',
    [9, 0.35],
    [
      [1, 9],
      [1, Infinity],
      [7.5, 8.2],
      [0, 3],
    ],
  ],
  [
    'binomial_logit',
    [9, -0.6],
    [
      [1, 9],
      [6, 12],
    ],
  ],
  [
    'poisson',
    [4.2],
    [
      [1, Infinity],
      [0.5, 3],
      [20, 25],
      [-Infinity, 2],
    ],
  ],
  [
    'poisson_log',
    [1.3],
    [
      [1, Infinity],
      [20, 25],
    ],
  ],
  [
    'negative_binomial',
    [2.4, 0.7],
    [
      [1, Infinity],
      [2, 5],
      [60, 70],
    ],
  ],
  [
    'geometric',
    [0.3],
    [
      [1, Infinity],
      [30, 33],
    ],
  ],
]

/** Composite Gauss-Legendre with 10 nodes on each of 40 parts. */
function integral(f: (x: number) => number, from: number, to: number): number {
  const nodes = [0.1488743389816312, 0.4333953941292472, 0.6794095682990244, 0.8650633666889845, 0.9739065285171717]
  const weights = [0.2955242247147529, 0.2692667193099963, 0.219086362515982, 0.1494513491505806, 0.0666713443086881]
  const half = (to - from) / 80
  let sum = 0
  for (let i = 0; i < 40; i += 1) {
    const middle = from + (2 * i + 1) * half
    nodes.forEach((x, k) => {
      sum += (weights[k] as number) * half * (f(middle - half * x) + f(middle + half * x))
    })
  }
  return sum
}

describe.each(continuous)('%s(%j)', (name, args, ranges) => {
  const f = density(name, args.length, 'in (lo, hi)')
  test.each(ranges)('has total probability 1 in (%d, %d), and none outside', (lo, hi) => {
    // 1e-9: of the quadrature, and of differences of tails that are alike to a digit or two.
    expect(integral((x) => Math.exp(f(x, args, [lo, hi])), lo, hi)).toBeCloseTo(1, 9)
    expect([f(lo - 0.01, args, [lo, hi]), f(hi + 0.01, args, [lo, hi])]).toEqual([-Infinity, -Infinity])
    expect(f((lo + hi) / 2, args, [hi, lo])).toBe(-Infinity)
  })
})

describe.each(discrete)('%s(%j)', (name, args, ranges) => {
  const f = density(name, args.length, 'in (lo, hi)')
  test.each(ranges)('has total probability 1 in (%d, %d), and none outside', (lo, hi) => {
    const total = Array.from({ length: 300 }, (_, x) => Math.exp(f(x, args, [lo, hi]))).reduce((a, b) => a + b, 0)
    expect(total).toBeCloseTo(1, 11)
    if (lo > 0) expect(f(Math.ceil(lo) - 1, args, [lo, hi])).toBe(-Infinity)
    if (hi < 100) expect(f(Math.floor(hi) + 1, args, [lo, hi])).toBe(-Infinity)
    // The whole number at an end belongs to the range.
    if (lo >= 0) expect(f(Math.ceil(lo), args, [lo, hi])).toBeGreaterThan(-Infinity)
  })
})

describe('gradients by arguments and ends are those of differences', () => {
  test.each([...continuous, ...discrete])('%s(%j)', (name, args, ranges) => {
    const f = compileGradient(name, args.length, 'in (lo, hi)')
    const whole = discrete.some(([d]) => d === name)
    for (const [lo, hi] of ranges) {
      const x = whole ? Math.max(0, Math.ceil(lo)) : lo + 0.4 * (hi - lo)
      const at = [...args, lo, hi]
      const { gradient } = f(x, at)
      at.forEach((v, i) => {
        if (!Number.isFinite(v) || (whole && i >= args.length) || (name.startsWith('binomial') && i === 0)) return
        const h = 1e-5 * Math.max(1e-3, Math.abs(v))
        const shifted = (step: number): number =>
          f(
            x,
            at.map((w, j) => (j === i ? w + step : w)),
          ).value
        // Fourth order, so that what is left is the rounding of values of some hundreds over h.
        const wanted = (8 * (shifted(h) - shifted(-h)) - (shifted(2 * h) - shifted(-2 * h))) / (12 * h)
        const allowed = 1e-6 * (1 + Math.abs(wanted)) + (1e-13 * Math.abs(f(x, at).value)) / h
        expect(
          Math.abs((gradient[i] as number) - wanted),
          `d/d${i} of ${name}(${args}) in (${lo}, ${hi}): ${gradient[i]}, wanted ${wanted}`,
        ).toBeLessThan(allowed)
      })
    }
  })
})

describe('draws', () => {
  test.each([...continuous, ...discrete])('of %s(%j) lie in the range and have its distribution', (name, args, ranges) => {
    const f = density(name, args.length, 'in (lo, hi)')
    const quantile = truncatedQuantile(name)
    const whole = discrete.some(([d]) => d === name)
    for (const [lo, hi] of ranges) {
      const stream = new Stream(fold(keyFromSeed(20250311), `${name}${args}${lo}${hi}`))
      const draws = Array.from({ length: 120 }, () => quantile(stream.uniform(), args, lo, hi))
      const cells = whole
        ? Array.from({ length: 300 }, (_, k) => k)
        : Array.from({ length: 100 }, (_, k) => lo + ((k + 0.5) * (hi - lo)) / 100)
      const width = whole ? 1 : (hi - lo) / 100
      const masses = cells.map((x) => width * Math.exp(f(x, args, [lo, hi])))
      const cdf = (x: number): number =>
        masses.reduce((sum, p, k) => sum + p * Math.max(0, Math.min(1, whole ? x - k + 1 : (x - lo) / width - k)), 0)
      expect(Math.min(...draws)).toBeGreaterThanOrEqual(lo)
      expect(Math.max(...draws)).toBeLessThanOrEqual(hi)
      // 100 cells are off by less than 1e-2, far below 2.9 / sqrt(120).
      expectDistribution(draws, cdf, whole)
    }
  })

  test('far out, with one end or the other', () => {
    const quantile = truncatedQuantile('normal')
    // Beyond 40 the excess is exponential with rate 40 but for terms of order 1 / 40^2.
    expect(quantile(0.5, [0, 1], 40, Infinity) - 40).toBeCloseTo(Math.LN2 / 40, 4)
    expect(quantile(0.5, [0, 1], -Infinity, -40) + 40).toBeCloseTo(-Math.LN2 / 40, 4)
    expect(quantile(0.5, [0, 1], 2, 1)).toBeNaN()
  })
})

test('far out, a truncated gamma is what its leading terms say', () => {
  // P(X > a) = a^(k-1) e^-a / Gamma(k) (1 + (k-1)/a + (k-1)(k-2)/a^2 + ...), so beyond 800 the excess is nearly exponential.
  const f = density('gamma', 2, 'in (lo, hi)')
  const [k, a] = [3, 800]
  const wanted = -Math.log(1 + 2 / a + 2 / (a * a))
  expect(f(a, [k, 1], [a, Infinity])).toBeCloseTo(wanted, 12)
})

test('a zero-truncated Poisson', () => {
  const f = density('poisson', 1, 'in (1, inf)')
  for (const rate of [1e-9, 0.3, 5, 60]) {
    const wanted = (x: number): number => x * Math.log(rate) - rate - (x === 3 ? Math.log(6) : 0) - Math.log(-Math.expm1(-rate))
    expect(f(1, [rate], [0, 0])).toBeCloseTo(wanted(1), 11)
    expect(f(3, [rate], [0, 0])).toBeCloseTo(wanted(3), 11)
    expect(f(0, [rate], [0, 0])).toBe(-Infinity)
  }
})
