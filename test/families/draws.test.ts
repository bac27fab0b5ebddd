import { describe, expect, it } from 'vitest'
import { fold, keyFromSeed, Stream } from '../../src/base/random.ts'
import { betaI, gammaQ } from '../../src/base/special/incomplete.ts'
import { logGammaP } from '../../src/base/special/log-incomplete-gamma.ts'
import { drawBinomial } from '../../src/families/numbers/binomial.ts'
import { drawIndex } from '../../src/families/numbers/categories.ts'
import { drawBeta, drawLogGamma } from '../../src/families/numbers/gamma.ts'
import { drawPoisson } from '../../src/families/numbers/poisson.ts'
import { drawVonMises } from '../../src/families/numbers/von-mises.ts'
import { drawVonMisesFisher } from '../../src/families/numbers/von-mises-fisher.ts'
import { expectCounts } from '../base/counts.ts'

/** Draws where one way of drawing gives way to another, on either side of it: a million, so that a draw in a thousand shows. */
const N = 1_000_000

const at = (name: string): Stream => new Stream(fold(keyFromSeed(20250302), name))
const tails = [1e-4, 1e-3]
const levels = [...tails, ...Array.from({ length: 49 }, (_, k) => (k + 1) / 50), ...tails.map((p) => 1 - p).reverse()]

/** Where an increasing function reaches each level, by bisection. */
function quantiles(cdf: (x: number) => number, from: number, to: number): readonly number[] {
  return levels.map((p) => {
    let [low, high] = [from, to]
    for (let i = 0; i < 100; i += 1) {
      const middle = (low + high) / 2
      if (cdf(middle) < p) low = middle
      else high = middle
    }
    return (low + high) / 2
  })
}

/** Whole numbers: parts between those where the distribution function passes a level. */
function expectWhole(draw: () => number, cdf: (k: number) => number, most: number, n = N): void {
  const ends = [...new Set(quantiles((x) => cdf(Math.floor(x)), -1, most).map(Math.floor))].filter((k) => k >= 0)
  expectCounts(
    draw,
    ends.map((k) => k + 0.5),
    ends.map(cdf),
    n,
  )
}

describe('gamma', () => {
  it.each([0.02, 0.4, 0.999, 1, 1.001, 3.3, 150])('of shape %d', (shape) => {
    const stream = at(`gamma ${shape}`)
    // The log of a draw: below shape 1 most draws are nearer to 0 than a number can be.
    const edges = quantiles((x) => Math.exp(logGammaP(shape, Math.exp(x))), -2000, 6)
    expectCounts(() => drawLogGamma(stream, shape), edges, levels, N / 2)
  })
})

describe('beta', () => {
  it.each([
    [0.3, 0.3],
    [1, 0.5],
    [0.9, 4],
    [60, 2],
  ])('of %d and %d', (a, b) => {
    const stream = at(`beta ${a} ${b}`)
    const edges = quantiles((x) => betaI(a, b, x), 0, 1)
    expectCounts(() => drawBeta(stream, a, b), edges, levels, N / 4)
  })
})

describe('poisson', () => {
  // Below 10 uniforms are multiplied; from 10 on draws are accepted at once, after a look or after a comparison.
  it.each([0.05, 2, 9.99, 10, 10.5, 17, 60, 1000, 1e6])('of rate %d', (rate) => {
    const stream = at(`poisson ${rate}`)
    expectWhole(
      () => drawPoisson(stream, rate),
      (k) => (k < 0 ? 0 : gammaQ(k + 1, rate)),
      rate + 12 * Math.sqrt(rate) + 20,
    )
  })
  it('of rate 0 is 0', () => {
    expect(drawPoisson(at('poisson 0'), 0)).toBe(0)
  })
})

describe('binomial', () => {
  // Waiting times below 10 expected successes, rejection from there on; beyond a half, failures are counted.
  // Waiting times are right or wrong as a whole, and slow: fewer draws will do.
  it.each([
    [1, 0.3, N],
    [20, 0.4999, N / 5],
    [20, 0.5, N],
    [20, 0.5001, N / 5],
    [21, 0.4761, N / 5],
    [21, 0.4762, N],
    [40, 0.75, N],
    [1000, 0.00999, N / 5],
    [1000, 0.01, N],
    [1000, 0.99, N],
    [300, 0.3, N],
    [1e6, 0.37, N],
    [1e9, 2e-9, N / 5],
  ])('of %d at %d', (n, p, draws) => {
    const stream = at(`binomial ${n} ${p}`)
    expectWhole(
      () => drawBinomial(stream, n, p),
      (k) => (k < 0 ? 0 : k >= n ? 1 : betaI(n - k, k + 1, 1 - p)),
      Math.min(n, n * p + 12 * Math.sqrt(n * p * (1 - p)) + 20),
      draws,
    )
  })
  it('of what is certain is certain', () => {
    const stream = at('binomial certain')
    expect([drawBinomial(stream, 9, 0), drawBinomial(stream, 9, 1), drawBinomial(stream, 0, 0.4)]).toEqual([0, 9, 0])
  })
})

describe('von Mises', () => {
  // Below 1e-8 uniform, above 1e8 normal; between, by rejection.
  it.each([0, 0.99e-8, 1.01e-8, 2e-8, 1e-6, 0.01, 0.7, 1.5, 6, 300, 1e5, 0.99e8, 1.01e8])('of concentration %d', (kappa) => {
    const stream = at(`von mises ${kappa}`)
    const half = Math.min(Math.PI, 14 / Math.sqrt(kappa))
    const density = (x: number): number => Math.exp(-2 * kappa * Math.sin(x / 2) ** 2)
    const edges = quantiles(integrated(density, -half, half), -half, half)
    // 1 - cos x, whose mean shows a concentration that is wrong by a hundredth.
    const gap = (x: number): number => 2 * Math.sin(x / 2) ** 2
    const [mass, first, second] = [0, 1, 2].map((k) => integral((x) => gap(x) ** k * density(x), -half, half)) as [number, number, number]
    const [mean, variance] = [first / mass, second / mass - (first / mass) ** 2]
    let sum = 0
    const draw = (): number => {
      const x = drawVonMises(stream, 0, kappa)
      sum += gap(x)
      return x
    }
    expectCounts(draw, edges, levels, N)
    // 5.6 standard deviations: 2e-8.
    expect(Math.abs(sum / N - mean)).toBeLessThan(5.6 * Math.sqrt(variance / N))
  })
  it('lies around its mean, within pi of it', () => {
    const stream = at('von mises around')
    for (const kappa of [0, 0.1, 3, 1e9]) {
      for (let i = 0; i < 1000; i += 1) expect(Math.abs(drawVonMises(stream, 2.5, kappa) - 2.5)).toBeLessThanOrEqual(Math.PI)
    }
    expect(Math.abs(drawVonMises(stream, 2.5, 1e12) - 2.5)).toBeLessThan(1e-5)
  })
})

describe('von Mises and Fisher', () => {
  it.each([1e-9, 0.3, 4, 200, 1e7])('in three dimensions with concentration %d, along the mean and across it', (kappa) => {
    const stream = at(`fisher ${kappa}`)
    const mu = [2 / 3, -1 / 3, 2 / 3]
    const across = [1 / Math.sqrt(5), 2 / Math.sqrt(5), 0]
    const other = [-4 / Math.sqrt(45), 2 / Math.sqrt(45), 5 / Math.sqrt(45)]
    const angles: number[] = []
    const dot = (x: ArrayLike<number>, y: readonly number[]): number => y.reduce((s, v, i) => s + v * (x[i] as number), 0)
    // 1 - w is exponential of rate kappa, cut at 2: digits stay where w is nearly 1.
    const cdf = (gap: number): number => Math.expm1(-kappa * gap) / Math.expm1(-2 * kappa)
    const draw = (): number => {
      const x = drawVonMisesFisher(stream, mu, kappa)
      const [a, b] = [dot(x, across), dot(x, other)]
      angles.push(Math.atan2(b, a))
      const sine = a * a + b * b
      return dot(x, mu) > 0 ? sine / (1 + Math.sqrt(Math.max(0, 1 - sine))) : 1 - dot(x, mu)
    }
    expectCounts(draw, quantiles(cdf, 0, Math.min(2, 40 / kappa)), levels, N / 8)
    let next = 0
    const round = levels.map((p) => Math.PI * (2 * p - 1))
    expectCounts(() => angles[next++] as number, round, levels, angles.length)
  })
  it('in one dimension is a coin', () => {
    const stream = at('fisher coin')
    const up = 1 / (1 + Math.exp(-2 * 0.4))
    expectCounts(() => drawVonMisesFisher(stream, [1], 0.4)[0] as number, [0], [1 - up], N / 4)
  })
})

it('an index has the probability of its weight', () => {
  const stream = at('index')
  const weights = [0.5, 3, 1e-3, 1.2, 0, 7]
  const all = weights.reduce((a, b) => a + b)
  const running = weights.map((_, k) => weights.slice(0, k + 1).reduce((a, b) => a + b) / all)
  const inner = running.slice(0, -1)
  expectCounts(
    () => drawIndex(stream, weights.map(Math.log)),
    inner.map((_, k) => k + 0.5),
    inner,
    N / 4,
  )
})

/** Simpson's rule on 2000 intervals. */
function integral(f: (x: number) => number, from: number, to: number): number {
  const h = (to - from) / 2000
  let sum = 0
  for (let i = 0; i < 2000; i += 1) {
    const x = from + i * h
    sum += (h / 6) * (f(x) + 4 * f(x + h / 2) + f(x + h))
  }
  return sum
}

/** The distribution function of a density that is not normalised: Simpson's rule on a grid, cubic accuracy in between. */
function integrated(density: (x: number) => number, from: number, to: number): (x: number) => number {
  const steps = 20_000
  const h = (to - from) / steps
  const table = new Float64Array(steps + 1)
  for (let i = 0; i < steps; i += 1) {
    const x = from + i * h
    table[i + 1] = (table[i] as number) + (h / 6) * (density(x) + 4 * density(x + h / 2) + density(x + h))
  }
  const total = table[steps] as number
  return (x) => {
    const at = Math.min(steps - 1, Math.max(0, Math.floor((x - from) / h)))
    const x0 = from + at * h
    const rest = ((x - x0) / 6) * (density(x0) + 4 * density((x0 + x) / 2) + density(x))
    return ((table[at] as number) + rest) / total
  }
}
