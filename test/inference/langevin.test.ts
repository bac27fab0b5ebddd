import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import type { LogDensity } from '../../src/inference/density/density.ts'
import { langevinSampler } from '../../src/inference/samplers/adaptive-langevin.ts'
import { langevin } from '../../src/inference/samplers/langevin.ts'
import { sampleChains } from './sample-chains.ts'
import { banana, bananaMoments, deviation, gate, logExponential, statisticOf } from './targets.ts'

const stream = () => new Stream(keyFromSeed(12))

/** A stream whose normals are given and whose uniforms are 0.5. */
const scripted = (...normals: readonly number[]) => {
  const left = [...normals]
  return { normal: () => left.shift() as number, uniform: () => 0.5 }
}

describe('without noise', () => {
  it('a Langevin step with P = 1/U is the fixed-point step g/U', () => {
    // E = sum of log cosh: curvature at most 1, so U = 1; scaled coordinates make it 4 and 0.25.
    const scale = [2, 0.5]
    const density: LogDensity = {
      dimension: 2,
      evaluate(q, g) {
        scale.forEach((s, i) => {
          g[i] = -s * Math.tanh(s * (q[i] as number))
        })
        return -scale.reduce((e, s, i) => e + Math.log(Math.cosh(s * (q[i] as number))), 0)
      },
    }
    const curvature = scale.map((s) => s * s)
    const algorithm = langevin(density, { adjusted: false, temperature: 0, preconditioner: Float64Array.from(curvature, (u) => 1 / u) })
    const x = [0.7, -1.3]
    const state = algorithm.init(Float64Array.from(x))
    algorithm.step(state, 1, stream())
    scale.forEach((s, i) => {
      expect(state.x[i]).toBeCloseTo((x[i] as number) - (s * Math.tanh(s * (x[i] as number))) / (curvature[i] as number), 14)
    })
  })
})

describe('the adjusted step', () => {
  const cases = [
    { temperature: 1, size: 0.7, preconditioner: 1 },
    { temperature: 2.5, size: 0.3, preconditioner: 0.4 },
  ]

  it.each(cases)('is in detailed balance with exp(-E/T) on a skewed density (T = $temperature)', ({
    temperature,
    size,
    preconditioner,
  }) => {
    const algorithm = langevin(logExponential, { temperature, preconditioner: Float64Array.of(preconditioner) })
    const spread = Math.sqrt(2 * temperature * size * preconditioner)
    const energy = (x: number) => Math.exp(x) - x
    const drift = (x: number) => x - size * preconditioner * (Math.exp(x) - 1)
    /** The density of moving from x to y times the target at x, with the acceptance that the algorithm itself computes. */
    const flow = (x: number, y: number) => {
      const noise = (y - drift(x)) / spread
      const state = algorithm.init(Float64Array.of(x))
      const { acceptance } = algorithm.step(state, size, scripted(noise))
      return Math.exp(-energy(x) / temperature - 0.5 * noise * noise) * acceptance
    }
    for (const [x, y] of [
      [0, 0.5],
      [-2, 0.3],
      [1.2, -0.7],
      [-3, -2.5],
    ] as const) {
      // Closed forms on both sides; a few rounding errors.
      expect(flow(x, y) / flow(y, x)).toBeCloseTo(1, 12)
      expect(flow(x, y)).toBeGreaterThan(0)
    }
  })

  it('stays where a proposal has no finite energy', () => {
    const wall: LogDensity = {
      dimension: 1,
      evaluate(q, g) {
        g[0] = 0
        return (q[0] as number) > 0 ? 0 : Number.NaN
      },
    }
    for (const adjusted of [true, false]) {
      const algorithm = langevin(wall, { adjusted })
      const state = algorithm.init(Float64Array.of(0.1))
      const info = algorithm.step(state, 1, scripted(-3))
      expect([info.accepted, info.divergent, state.x[0], state.energy]).toEqual([false, true, 0.1, -0])
    }
  })

  it('does not move a coordinate whose preconditioner is 0', () => {
    const algorithm = langevin(banana, { preconditioner: Float64Array.of(0, 1) })
    const state = algorithm.init(Float64Array.of(0.3, 0.2))
    const s = stream()
    for (let i = 0; i < 50; i += 1) algorithm.step(state, 0.5, s)
    expect(state.x[0]).toBe(0.3)
    expect(state.x[1]).not.toBe(0.2)
  })
})

describe('chains', () => {
  it('of the adjusted sampler have the right moments, at the acceptance aimed at', () => {
    const chains = sampleChains(() => langevinSampler(banana), keyFromSeed(41), { chains: 4, warmup: 1000, draws: 20_000 })
    const x = (q: Float64Array) => (q[0] as number) - 0.5
    const y = (q: Float64Array) => (q[1] as number) - bananaMoments.y
    expect(Math.abs(deviation(chains, x, 0))).toBeLessThan(gate)
    expect(Math.abs(deviation(chains, y, 0))).toBeLessThan(gate)
    expect(Math.abs(deviation(chains, (q) => x(q) ** 2, 1))).toBeLessThan(gate)
    expect(Math.abs(deviation(chains, (q) => x(q) * y(q), bananaMoments.xy))).toBeLessThan(gate)
    expect(Math.abs(deviation(chains, (q) => y(q) ** 2, bananaMoments.yy))).toBeLessThan(gate)
    for (const c of chains) {
      const acceptance = statisticOf(c, 'accept_stat__').reduce((s, a) => s + a, 0) / c.count
      // Dual averaging leaves the step size with the noise of its last hundreds of steps.
      expect(Math.abs(acceptance - 0.574)).toBeLessThan(0.08)
    }
  })

  it('at another temperature draw from exp(-E/T)', () => {
    const temperature = 0.25
    const normal: LogDensity = {
      dimension: 1,
      evaluate(q, g) {
        g[0] = -((q[0] as number) - 3) / 4
        return -(((q[0] as number) - 3) ** 2) / 8
      },
    }
    const chains = sampleChains(() => langevinSampler(normal, { temperature }), keyFromSeed(43), { chains: 4, warmup: 500, draws: 5000 })
    expect(Math.abs(deviation(chains, (q) => ((q[0] as number) - 3) ** 2, 4 * temperature))).toBeLessThan(gate)
  })

  it('of the unadjusted sampler have the variance of the discretised dynamics', () => {
    const normal: LogDensity = {
      dimension: 1,
      evaluate(q, g) {
        g[0] = -(q[0] as number)
        return -0.5 * (q[0] as number) ** 2
      },
    }
    const stepSize = 0.5
    const options = { adjusted: false, stepSize }
    const chains = sampleChains(() => langevinSampler(normal, options), keyFromSeed(44), { chains: 4, warmup: 100, draws: 20_000 })
    // x' = (1 - s) x + sqrt(2 s) xi is stationary with variance 2 s / (1 - (1 - s)^2) = 1 / (1 - s / 2).
    expect(Math.abs(deviation(chains, (q) => (q[0] as number) ** 2, 1 / (1 - stepSize / 2)))).toBeLessThan(gate)
  })
})
