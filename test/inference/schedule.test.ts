import { expect, it } from 'vitest'
import { keyFromSeed } from '../../src/base/random.ts'
import { joined, openChain, runChain } from '../../src/inference/chains/chain.ts'
import type { LogDensity } from '../../src/inference/density/density.ts'
import { langevinSampler } from '../../src/inference/samplers/adaptive-langevin.ts'
import { nutsSampler } from '../../src/inference/samplers/adaptive-nuts.ts'
import type { DiscreteField } from '../../src/inference/samplers/gibbs.ts'
import { gibbsSampler } from '../../src/inference/samplers/gibbs-sampler.ts'
import { schedule } from '../../src/inference/samplers/schedule.ts'
import { sampleChains } from './sample-chains.ts'
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
      return schedule([nutsSampler(density), gibbsSampler([field])])
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
  const [chain] = sampleChains(() => schedule([nutsSampler(density), gibbsSampler([field])]), keyFromSeed(56), {
    chains: 1,
    warmup: 50,
    draws: 50,
  })
  if (chain === undefined) throw new Error('no chain')
  expect(chain.columns).toContain('moved__')
  const joint = Array.from({ length: 50 }, (_, d) => -energy(chain.draws[2 * d + 1] as number, chain.draws[2 * d] as number))
  expect([...statisticOf(chain, 'lp__')]).toEqual(joint)
})

/** A third variable beside them: l, 1 with these probabilities given k. */
const likely = [0.2, 0.9, 0.5]

function threefold() {
  const { density, field } = mixture()
  const l = new Float64Array(1)
  const own = (k: number, level: number) => -Math.log(level === 1 ? (likely[k] as number) : 1 - (likely[k] as number))
  const now = () => field.values[0] as number
  const other: DiscreteField = {
    name: 'l',
    values: l,
    levels: Float64Array.of(0, 1),
    prepare: () => undefined,
    change: (_, level) => own(now(), level) - own(now(), l[0] as number),
    commit(_, level) {
      l[0] = level
    },
  }
  const first: DiscreteField = {
    ...field,
    change: (site, level) => field.change(site, level) + own(level, l[0] as number) - own(now(), l[0] as number),
  }
  return { density, first, other }
}

it.each([
  ['NUTS', (density: LogDensity) => nutsSampler(density, { moves: ['x'] })],
  ['Langevin', (density: LogDensity) => langevinSampler(density, { moves: ['x'] })],
])('%s and two Gibbs blocks in turn draw from the joint density, each seeing what the others moved', (_, continuous) => {
  const chains = sampleChains(
    () => {
      const { density, first, other } = threefold()
      return schedule([continuous(density), gibbsSampler([first]), gibbsSampler([other])])
    },
    keyFromSeed(57),
    { chains: 4, warmup: 500, draws: 6000 },
  )
  expect(chains[0]?.columns.filter((c) => c.startsWith('moved__'))).toEqual(['moved__', 'moved__(l)'])
  weight.forEach((w, k) => {
    const p = likely[k] as number
    expect(Math.abs(deviation(chains, (q) => (q[1] === k && q[2] === 1 ? 1 : 0), w * p))).toBeLessThan(gate)
    const mean = w * (centre[k] as number) * p
    expect(Math.abs(deviation(chains, (q) => (q[1] === k && q[2] === 1 ? (q[0] as number) : 0), mean))).toBeLessThan(gate)
  })
})

it('goes on bit for bit from the state of all its blocks', () => {
  const make = () => {
    const { density, first, other } = threefold()
    return schedule([nutsSampler(density, { moves: ['x'] }), gibbsSampler([first]), gibbsSampler([other])])
  }
  const whole = runChain(make(), keyFromSeed(58), 0, { warmup: 30, draws: 40 })
  const begun = openChain(make(), keyFromSeed(58), 0, { warmup: 30, draws: 40 })
  begun.advance(45)
  const start = begun.take()
  const rest = runChain(make(), keyFromSeed(58), 0, { warmup: 30, draws: 40 }, start.state)
  expect(joined([start, rest]).draws).toEqual(whole.draws)
  expect(Object.keys(start.state?.sampler ?? {})).toEqual(expect.arrayContaining(['position', 'discrete', 'discrete(l)']))
})

it('does not take two blocks that move one variable', () => {
  const { density, first } = threefold()
  expect(() => schedule([nutsSampler(density, { moves: ['k'] }), gibbsSampler([first])])).toThrow('two blocks that move one variable')
})
