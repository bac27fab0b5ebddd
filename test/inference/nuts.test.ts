import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { type MetricKind, metric } from '../../src/inference/adaptation/metric.ts'
import type { ChainResult } from '../../src/inference/chains/chain.ts'
import type { LogDensity } from '../../src/inference/density/density.ts'
import { essBulk } from '../../src/inference/diagnostics/ess.ts'
import { rHat } from '../../src/inference/diagnostics/r-hat.ts'
import { nutsSampler } from '../../src/inference/samplers/adaptive-nuts.ts'
import type { PhasePoint } from '../../src/inference/samplers/leapfrog.ts'
import { nuts } from '../../src/inference/samplers/nuts.ts'
import { recursiveTrajectory } from './recursive-tree.ts'
import { sampleChains } from './sample-chains.ts'
import {
  banana,
  bananaMoments,
  deviation,
  expectation,
  flipped,
  gate,
  gaussian,
  logExponential,
  sharpBanana,
  statisticOf,
} from './targets.ts'

describe('the trajectory', () => {
  const targets: readonly [string, LogDensity, number, MetricKind][] = [
    ['a correlated normal, unit metric', gaussian.density, 0.15, 'unit'],
    ['a correlated normal, diagonal metric', gaussian.density, 0.2, 'diagonal'],
    ['a banana, dense metric', sharpBanana, 0.25, 'dense'],
    ['a banana whose steps diverge', sharpBanana, 1.6, 'unit'],
  ]

  it.each(targets)('is the one that recursion builds (%s)', (_, density, stepSize, kind) => {
    const m = metric(kind, density.dimension)
    const varied = Float64Array.from({ length: density.dimension }, (_, i) => 0.5 + 0.2 * i)
    m.update(kind === 'dense' ? Float64Array.of(1, 0.4, 0.4, 2) : varied)
    const watch = watched(density, 21)
    const algorithm = nuts(watch.density, m)
    const state = algorithm.init(new Float64Array(density.dimension).fill(0.3))
    const depths = new Set<number>()
    let divergent = 0
    for (let k = 0; k < 300; k += 1) {
      const start: PhasePoint = {
        q: state.q.slice(),
        gradient: state.gradient.slice(),
        logDensity: state.logDensity,
        p: new Float64Array(),
        v: new Float64Array(),
      }
      watch.begin()
      const info = algorithm.step(state, stepSize, watch.stream)
      start.p = watch.momentum(m)
      start.v = new Float64Array(density.dimension)
      m.velocity(start.p, start.v)
      expect(recursiveTrajectory(density, m, start, stepSize, watch.directions)).toEqual({ depth: info.depth, leapfrogs: info.leapfrogs })
      depths.add(info.depth)
      divergent += info.divergent ? 1 : 0
    }
    // The comparison means something only where trajectories differ.
    expect(depths.size).toBeGreaterThan(1)
    if (stepSize > 1) expect(divergent).toBeGreaterThan(10)
  })

  /** Listens to the numbers a step asks for: the momentum's normals, and the uniform before each doubling's first leapfrog. */
  function watched(density: LogDensity, seed: number) {
    const inner = new Stream(keyFromSeed(seed))
    let last = 0
    let evaluations = 0
    let normals: number[] = []
    const directions: boolean[] = []
    return {
      directions,
      begin() {
        evaluations = 0
        normals = []
        directions.length = 0
      },
      momentum(m: { draw(p: Float64Array, s: { normal(): number; uniform(): number }): void; readonly dimension: number }) {
        const p = new Float64Array(m.dimension)
        const script = [...normals]
        m.draw(p, { normal: () => script.shift() as number, uniform: () => Number.NaN })
        return p
      },
      stream: {
        uniform() {
          last = inner.uniform()
          return last
        },
        normal() {
          const x = inner.normal()
          normals.push(x)
          return x
        },
      },
      density: {
        dimension: density.dimension,
        evaluate(q: Float64Array, gradient: Float64Array) {
          evaluations += 1
          // Doubling number d begins with evaluation 2^d.
          if (Number.isInteger(Math.log2(evaluations))) directions.push(last > 0.5)
          return density.evaluate(q, gradient)
        },
      },
    }
  }
})

describe('NUTS draws from its target', () => {
  const run = (density: LogDensity, options: Parameters<typeof nutsSampler>[1], seed: number, draws = 4000) =>
    sampleChains(() => nutsSampler(density, options), keyFromSeed(seed), { chains: 4, warmup: 500, draws })

  it.each(['unit', 'diagonal', 'dense'] as const)('means and covariances of ten correlated normals (%s metric)', (kind) => {
    const { density, centre, covariance } = gaussian
    const chains = run(density, { metric: kind }, 1, 1500)
    for (let i = 0; i < 10; i += 1) {
      expect(Math.abs(deviation(chains, (q) => q[i] as number, centre[i] as number))).toBeLessThan(gate)
      for (let j = 0; j <= i; j += 1) {
        const product = (q: Float64Array) => ((q[i] as number) - (centre[i] as number)) * ((q[j] as number) - (centre[j] as number))
        expect(Math.abs(deviation(chains, product, covariance(i, j)))).toBeLessThan(gate)
      }
    }
    expect(rHat(expectation(chains, (q) => q[9] as number))).toBeLessThan(1.01)
  })

  // Steps so large that points differ in weight, and trees cut short: both must still be right.
  it.each([
    ['as it comes', {}],
    ['with large steps', { targetAcceptance: 0.4 }],
    ['with trees of at most four points', { maxDepth: 2 }],
    ['with one leapfrog step', { maxDepth: 1, targetAcceptance: 0.6 }],
  ])('moments and quantiles of a skewed density (%s)', (_, options) => {
    const chains = run(logExponential, options, 2)
    const [euler, variance] = [0.5772156649015329, Math.PI ** 2 / 6]
    expect(Math.abs(deviation(chains, (q) => q[0] as number, -euler))).toBeLessThan(gate)
    expect(Math.abs(deviation(chains, (q) => ((q[0] as number) + euler) ** 2, variance))).toBeLessThan(gate)
    for (const p of [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]) {
      const quantile = Math.log(-Math.log1p(-p))
      expect(Math.abs(deviation(chains, (q) => ((q[0] as number) <= quantile ? 1 : 0), p))).toBeLessThan(gate)
    }
  })

  it.each([
    ['as it comes', {}],
    ['with large steps', { targetAcceptance: 0.5 }],
  ])('moments of a banana (%s)', (_, options) => {
    const chains = run(banana, options, 3)
    const x = (q: Float64Array) => (q[0] as number) - 0.5
    const y = (q: Float64Array) => (q[1] as number) - bananaMoments.y
    expect(Math.abs(deviation(chains, x, 0))).toBeLessThan(gate)
    expect(Math.abs(deviation(chains, y, 0))).toBeLessThan(gate)
    expect(Math.abs(deviation(chains, (q) => x(q) ** 2, 1))).toBeLessThan(gate)
    expect(Math.abs(deviation(chains, (q) => x(q) * y(q), bananaMoments.xy))).toBeLessThan(gate)
    expect(Math.abs(deviation(chains, (q) => y(q) ** 2, bananaMoments.yy))).toBeLessThan(gate)
  })

  it('and a gradient of the wrong sign shows in every check', () => {
    // Leapfrog steps along any gradient preserve volume, so even these draws are right in the long run; they are just bad.
    const size = (chains: readonly ChainResult[]) => chains.map((c) => essBulk([c.draws]))
    const bad = run(flipped(logExponential), {}, 2, 1000)
    const [right, wrong] = [size(run(logExponential, {}, 2, 1000)), size(bad)]
    expect(Math.min(...right)).toBeGreaterThan(100)
    expect(Math.max(...wrong)).toBeLessThan(60)
    expect(rHat(expectation(bad, (q) => q[0] as number))).toBeGreaterThan(1.01)
  })
})

describe('where the density ends', () => {
  /** Half of a normal; outside, what broken models return. */
  const half = (outside: number): LogDensity => ({
    dimension: 1,
    evaluate(q, gradient) {
      const x = q[0] as number
      gradient[0] = x > 0 ? -x : Number.NaN
      return x > 0 ? -0.5 * x * x : outside
    },
  })

  it.each([Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])('draws turn back from a log density of %s', (outside) => {
    const chains = sampleChains(() => nutsSampler(half(outside)), keyFromSeed(6), { chains: 2, warmup: 300, draws: 3000 })
    for (const c of chains) {
      expect(c.outcome.kind).toBe('finished')
      expect(c.draws.every((x) => x > 0)).toBe(true)
      expect(c.statistics.every(Number.isFinite)).toBe(true)
      expect(statisticOf(c, 'divergent__').some((d) => d === 1)).toBe(true)
    }
    expect(Math.abs(deviation(chains, (q) => q[0] as number, Math.sqrt(2 / Math.PI)))).toBeLessThan(gate)
  })

  it('a density that is finite nowhere ends the chain with a sentence', () => {
    const nowhere = { dimension: 1, evaluate: () => Number.NaN }
    const [chain] = sampleChains(() => nutsSampler(nowhere), keyFromSeed(6), { chains: 1 }) as [ChainResult]
    expect(chain.outcome).toMatchObject({ kind: 'failed', sentence: expect.stringContaining('100 random starting points') })
    expect(chain.count).toBe(0)
  })
})

describe('what a step tells', () => {
  const [chain] = sampleChains(() => nutsSampler(banana), keyFromSeed(9), { chains: 1, warmup: 200, draws: 200 }) as [ChainResult]
  const of = (name: string) => statisticOf(chain, name)

  it('lp__ is the log density of the draw', () => {
    const values = expectation([chain], (q) => banana.evaluate(q, new Float64Array(2)))[0]
    expect([...of('lp__')]).toEqual([...(values as Float64Array)])
  })

  it('energy__ is at least -lp__, by a kinetic energy whose mean is half the dimension', () => {
    const kinetic = of('energy__').map((e, i) => e + (of('lp__')[i] as number))
    expect(kinetic.every((k) => k >= 0)).toBe(true)
    // Gamma(1, 1) for two dimensions; 200 nearly independent draws: standard error 0.07.
    expect(Math.abs(kinetic.reduce((s, k) => s + k, 0) / 200 - 1)).toBeLessThan(gate * 0.1)
  })

  it('leapfrog steps fit the tree depth', () => {
    of('n_leapfrog__').forEach((n, i) => {
      const depth = of('treedepth__')[i] as number
      expect(n).toBeGreaterThanOrEqual(2 ** depth - 1)
      expect(n).toBeLessThan(2 ** (depth + 1))
    })
  })

  it('the step size is that of the end of warm-up, throughout', () => {
    expect(new Set(of('stepsize__'))).toEqual(new Set([chain.tuning.stepSize]))
  })
})
