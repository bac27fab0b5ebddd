import { expect, it } from 'vitest'
import { keyFromSeed } from '../../src/base/random.ts'
import { nutsSampler } from '../../src/inference/adaptive-nuts.ts'
import { sampleChains } from '../../src/inference/chains.ts'
import type { LogDensity } from '../../src/inference/density.ts'
import type { DiscreteField } from '../../src/inference/gibbs.ts'
import { gibbsSampler } from '../../src/inference/gibbs-sampler.ts'
import { mixedSampler } from '../../src/inference/mixed.ts'
import { deviation, gate, statisticOf } from './targets.ts'

/** k with probabilities 0.5, 0.3, 0.2; x given k normal with these means and scales. */
const weight = [0.5, 0.3, 0.2]
const centre = [0, 1.5, -2]
const scale = [1, 0.5, 1.5]
const energy = (k: number, x: number) => {
  const r = (x - (centre[k] as number)) / (scale[k] as number)
  return 0.5 * r * r + Math.log(scale[k] as number) - Math.log(weight[k] as number)
}

function mixture(): { density: LogDensity; field: DiscreteField } {
  const z = new Float64Array(1)
  /** What a program's output would hold: the value at the last point evaluated. */
  const seen = new Float64Array(1)
  let x = 0
  return {
    density: {
      dimension: 1,
      evaluate(q, gradient) {
        const k = z[0] as number
        seen[0] = q[0] as number
        gradient[0] = -((q[0] as number) - (centre[k] as number)) / (scale[k] as number) ** 2
        return -energy(k, q[0] as number)
      },
    },
    field: {
      name: 'k',
      values: z,
      levels: Float64Array.of(0, 1, 2),
      prepare() {
        x = seen[0] as number
      },
      change: (_, level) => energy(level, x) - energy(z[0] as number, x),
      commit(_, level) {
        z[0] = level
      },
    },
  }
}

it('NUTS and Gibbs in turn draw from the joint density', () => {
  const chains = sampleChains(
    () => {
      const { density, field } = mixture()
      return mixedSampler(nutsSampler(density), gibbsSampler([field]))
    },
    keyFromSeed(55),
    { chains: 4, warmup: 500, draws: 5000 },
  )
  weight.forEach((w, k) => {
    expect(Math.abs(deviation(chains, (q) => (q[1] === k ? 1 : 0), w))).toBeLessThan(gate)
    // E(x; k) = w m.
    expect(Math.abs(deviation(chains, (q) => (q[1] === k ? (q[0] as number) : 0), w * (centre[k] as number)))).toBeLessThan(gate)
  })
  const second = weight.reduce((s, w, k) => s + w * ((centre[k] as number) ** 2 + (scale[k] as number) ** 2), 0)
  expect(Math.abs(deviation(chains, (q) => (q[0] as number) ** 2, second))).toBeLessThan(gate)
})

it('lp__ is that of the pair after both moved', () => {
  const { density, field } = mixture()
  const [chain] = sampleChains(() => mixedSampler(nutsSampler(density), gibbsSampler([field])), keyFromSeed(56), {
    chains: 1,
    warmup: 50,
    draws: 50,
  })
  if (chain === undefined) throw new Error('no chain')
  expect(chain.columns).toContain('moved__')
  const joint = Array.from({ length: 50 }, (_, d) => -energy(chain.draws[2 * d + 1] as number, chain.draws[2 * d] as number))
  expect([...statisticOf(chain, 'lp__')]).toEqual(joint)
})
