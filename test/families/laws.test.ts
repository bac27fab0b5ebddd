import { describe, expect, test } from 'vitest'
import { endAmong, endsOf, isWhole } from '../../src/families/parts/support.ts'
import { type FamilyName, type NumberFamily, signatures } from '../../src/families/tables/signatures.ts'
import { numbers } from './cases.ts'
import { scalarFormula } from './formula.ts'
import type { FamilyRule } from './rules.ts'
import { familyRules } from './rules.ts'

const families = (Object.keys(numbers) as NumberFamily[]).flatMap((name) => numbers[name].map((args) => [name, args] as const))
/** With the ends of their support. */
const continuous = families.flatMap(([name, args]) => {
  const { support, parameters } = signatures[name]
  if (isWhole(support)) return []
  const turn = 'turn' in support ? [(args[0] as number) - Math.PI, (args[0] as number) + Math.PI] : undefined
  const [from = 0, to = 0] = turn ?? (endsOf(support) ?? []).map((end) => endAmong(end, parameters, args))
  return [[name, args, from, to] as const]
})
const discrete = families.filter(([name]) => isWhole(signatures[name].support))

function ruleOf(name: FamilyName): FamilyRule {
  return familyRules[name]
}

/** log p and its gradient by (x, ...args). */
function density(name: FamilyName, inside = false) {
  const n = signatures[name].parameters.length
  return scalarFormula(n + 1, (m, [x = 0, ...args]) => ruleOf(name).logDensity(m, x, args, { over: [], inside }))
}

/** Double exponential quadrature (Takahasi and Mori 1974): ends where f is infinite or kinked cost nothing. */
function integral(f: (x: number) => number, from: number, to: number): number {
  if (from === -Infinity) return integral((x) => f(to - x), 0, Infinity)
  const h = 1 / 64
  let sum = 0
  for (let k = -400; k <= 400; k += 1) {
    const s = 0.5 * Math.PI * Math.sinh(k * h)
    const ds = 0.5 * Math.PI * Math.cosh(k * h)
    const share = 1 / (1 + Math.exp(-2 * s))
    const x = to === Infinity ? from + Math.exp(s) : s < 0 ? from + (to - from) * share : to - (to - from) / (1 + Math.exp(2 * s))
    const dx = to === Infinity ? Math.exp(s) * ds : ((to - from) * ds) / (2 * Math.cosh(s) ** 2)
    if (x !== from && x !== to && dx > 1e-300 && dx < 1e150) sum += h * dx * f(x)
  }
  return sum
}

describe.each(continuous)('%s(%j)', (name, args, from, to) => {
  const f = density(name)
  const p = (x: number): number => Math.exp(f([x, ...args]).value)
  // Kinks are at the median, so the line is cut there.
  const middle = from === -Infinity ? (ruleOf(name).quantile?.(0.5, args) as number) : from
  const total = (g: (x: number) => number): number =>
    (from === middle ? 0 : integral((x) => g(x) * p(x), from, middle)) + integral((x) => g(x) * p(x), middle, to)

  test('has total probability 1 and the stated moments', () => {
    // 1e-6: half a digit of 1e-300 is lost where a density is infinite at the end of its support.
    expect(total(() => 1)).toBeCloseTo(1, 6)
    const { mean, variance } = ruleOf(name)
    const [mu, v] = [mean?.(args) ?? Number.NaN, variance?.(args) ?? Number.NaN]
    if (Number.isFinite(mu)) expect(total((x) => x)).toBeCloseTo(mu, 5)
    if (Number.isFinite(v)) expect(total((x) => (x - mu) ** 2) / v).toBeCloseTo(1, 3)
  })

  test('has a distribution function that integrates the density and whose inverse is the quantile', () => {
    const { cdf, quantile } = ruleOf(name)
    if (cdf === undefined || quantile === undefined) return
    const shares = [1e-6, 0.02, 0.3, 0.5, 0.77, 0.99, 1 - 1e-6]
    shares.forEach((u, i) => {
      const x = quantile(u, args)
      expect(cdf(x, args)).toBeCloseTo(u, 12)
      if (i > 0) expect(integral(p, quantile(shares[i - 1] as number, args), x)).toBeCloseTo(u - (shares[i - 1] as number), 10)
    })
  })
})

describe.each(discrete)('%s(%j)', (name, args) => {
  test('has total probability 1, the stated moments and distribution function', () => {
    const f = density(name)
    const { mean, variance, cdf, quantile } = ruleOf(name)
    const p = Array.from({ length: 400 }, (_, x) => Math.exp(f([x, ...args]).value))
    const moment = (g: (x: number) => number): number => p.reduce((sum, q, x) => sum + q * g(x), 0)
    const mu = mean?.(args) as number
    expect(moment(() => 1)).toBeCloseTo(1, 12)
    expect(moment((x) => x)).toBeCloseTo(mu, 10)
    expect(moment((x) => (x - mu) ** 2)).toBeCloseTo(variance?.(args) as number, 9)
    let below = 0
    for (let x = 0; x < 12; x += 1) {
      const before = below
      below += p[x] as number
      expect(cdf?.(x + 0.5, args)).toBeCloseTo(below, 12)
      if ((p[x] as number) > 1e-9) expect(quantile?.(0.5 * (before + below), args)).toBe(x)
    }
  })
})

describe('gradients', () => {
  test.each([
    ...continuous,
    ...discrete.map(([name, args]) => [name, args, 0, Infinity] as const),
  ])('of %s(%j) are those of differences', (name, args, from, to) => {
    const whole = discrete.some(([d]) => d === name)
    const last = name.startsWith('bernoulli') ? 1 : 4
    const xs = whole
      ? [0, 1, last]
      : [0.31, 0.52, 0.93].map((u) => (to === Infinity ? (from === -Infinity ? 6 * (u - 0.5) : from + 2 * u) : from + u * (to - from)))
    for (const inside of [false, true]) {
      const f = density(name, inside)
      for (const x of xs) {
        const at = [x, ...args]
        const { gradient } = f(at)
        at.forEach((v, i) => {
          // A count does not move, nor does the number of trials.
          if ((whole && i === 0) || (name.startsWith('binomial') && i === 1)) return
          const h = 1e-5 * Math.max(1, Math.abs(v))
          const shifted = (step: number): number => f(at.map((w, j) => (j === i ? w + step : w))).value
          const wanted = (shifted(h) - shifted(-h)) / (2 * h)
          // h^2 = 1e-10 times a third derivative, and 1e-15 / h of rounding.
          expect(Math.abs((gradient[i] as number) - wanted), `d/d${i} at ${at}: ${gradient[i]}, wanted ${wanted}`).toBeLessThan(
            1e-6 * (1 + Math.abs(wanted)),
          )
        })
      }
    }
  })
})

describe('outside and at the edge', () => {
  const outside: Partial<Record<FamilyName, readonly number[]>> = {
    half_normal: [-1e-9, -5, Infinity],
    half_cauchy: [-1e-9, -5, Infinity],
    lognormal: [0, -1, Infinity],
    exponential: [-1e-9, Infinity],
    gamma: [-1, Infinity],
    inverse_gamma: [0, -1, Infinity],
    chi_square: [-1, Infinity],
    weibull: [-0.5, Infinity],
    pareto: [1.4999, -3, Infinity],
    beta: [-1e-9, 1.0001],
    uniform: [-1.3, 3.2],
    bernoulli: [2, -1, 0.5],
    bernoulli_logit: [2, -1, 0.5],
    binomial: [10, -1, 1.5],
    binomial_logit: [10, -1, 1.5],
    poisson: [-1, 0.5, Infinity],
    poisson_log: [-1, 0.5],
    negative_binomial: [-1, 2.5],
    geometric: [-1, 0.1],
  }

  test.each(Object.entries(outside))('%s is minus infinity with gradients 0 outside its support', (name, points) => {
    const args = [...continuous, ...discrete].find(([n]) => n === name)?.[1] as readonly number[]
    for (const x of points) {
      const { value, gradient } = density(name as FamilyName)([x, ...args])
      expect(value, `${x}`).toBe(-Infinity)
      // At an infinite x (which no data may hold) a gradient is 0 times it.
      if (Number.isFinite(x)) for (const g of gradient) expect(g === 0, `gradient ${gradient} at ${x}`).toBe(true)
    }
  })

  test.each([
    ['half_normal', [0, 1.5]],
    ['half_cauchy', [0, 1.5]],
    ['exponential', [0, 2]],
    ['gamma', [0, 1, 2]],
    ['gamma', [0, 3, 2]],
    ['gamma', [0, 0.5, 2]],
    ['weibull', [0, 1, 2]],
    ['weibull', [0, 2.5, 2]],
    ['beta', [0, 1, 3]],
    ['beta', [1, 3, 1]],
    ['beta', [0, 2, 2]],
    ['uniform', [0, 0, 3]],
    ['laplace', [0.3, 0.3, 1]],
    ['pareto', [2, 2, 1.5]],
    ['bernoulli', [0, 0]],
    ['bernoulli', [1, 1]],
    ['binomial', [0, 4, 0]],
    ['binomial', [4, 4, 1]],
    ['binomial', [0, 0, 0.5]],
    ['geometric', [0, 1]],
  ] as const)('%s at the legal edge %j has no NaN', (name, at) => {
    const { value, gradient } = density(name)(at)
    expect(value).not.toBeNaN()
    for (const g of gradient) expect(g, `${gradient}`).not.toBeNaN()
  })

  test.each(
    [...continuous, ...discrete].map(([name, args]) => ({ name, args })),
  )('$name($args) is never NaN, however large or small x is', ({ name, args }) => {
    const f = density(name)
    for (const x of [-1e300, -1e10, -1, -1e-300, 0, 1e-310, 1e-300, 1, 1e10, 1e300, -Infinity, Infinity]) {
      // An infinite angle has no direction.
      if (name === 'von_mises' && !Number.isFinite(x)) continue
      expect(f([x, ...args]).value, `${x}`).not.toBeNaN()
    }
  })
})
