import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { runChain } from '../../src/inference/chains/chain.ts'
import { mcseMean } from '../../src/inference/diagnostics/mcse.ts'
import { mean } from '../../src/inference/diagnostics/moments.ts'
import { boltzmann, type DiscreteField, gibbs, pick } from '../../src/inference/samplers/gibbs.ts'
import { gibbsSampler } from '../../src/inference/samplers/gibbs-sampler.ts'
import { gate } from './targets.ts'

/** Three spins and two three-level sites, every pair coupled differently, none symmetric. */
function energy(s: Float64Array, z: Float64Array): number {
  const [a = 0, b = 0, c = 0] = s
  const [k = 0, l = 0] = z
  return 0.3 * a - 0.7 * b * c + 0.4 * a * c - 0.2 * b + 0.5 * k * a - 0.9 * (k === l ? 1 : 0) + 0.35 * l * b - 0.6 * (k === 2 ? 1 : 0)
}

/** Both fields, by evaluating the whole energy; `prepare` takes a snapshot, as caches do, so a missing one shows. */
function fields(): [DiscreteField, DiscreteField] {
  const values = [new Float64Array(3).fill(-1), new Float64Array(2)] as const
  const make = (name: string, which: 0 | 1, levels: Float64Array): DiscreteField => {
    const own = values[which]
    let other = values[1 - which]?.slice() as Float64Array
    const at = () => (which === 0 ? energy(own, other) : energy(other, own))
    return {
      name,
      values: own,
      levels,
      prepare() {
        other = values[1 - which]?.slice() as Float64Array
      },
      change(site, level) {
        const old = own[site] as number
        const before = at()
        own[site] = level
        const after = at()
        own[site] = old
        return after - before
      },
      commit(site, level) {
        own[site] = level
      },
    }
  }
  return [make('s', 0, Float64Array.of(-1, 1)), make('z', 1, Float64Array.of(0, 1, 2))]
}

/** All 72 states, as positions (spins first). */
const states = Array.from({ length: 72 }, (_, n) =>
  Float64Array.of(n & 1 ? 1 : -1, n & 2 ? 1 : -1, n & 4 ? 1 : -1, Math.floor(n / 8) % 3, Math.floor(n / 24)),
)
const number = (q: ArrayLike<number>) => states.findIndex((s) => s.every((x, i) => x === q[i]))

function target(temperature: number): number[] {
  const weights = states.map((q) => Math.exp(-energy(q.subarray(0, 3), q.subarray(3)) / temperature))
  const total = weights.reduce((a, b) => a + b)
  return weights.map((w) => w / total)
}

/** The exact transition matrix of one site's move, from the probabilities the sampler itself computes. */
function kernel(temperature: number, which: 0 | 1, site: number): number[][] {
  return states.map((q) => {
    const both = fields()
    both[0].values.set(q.subarray(0, 3))
    both[1].values.set(q.subarray(3))
    const field = both[which]
    const p = new Float64Array(field.levels.length)
    gibbs(both, { temperature }).conditional(field, site, p)
    const row = states.map(() => 0)
    field.levels.forEach((level, l) => {
      const next: Float64Array = q.slice()
      next[which * 3 + site] = level
      row[number(next)] = p[l] as number
    })
    return row
  })
}

const apply = (p: number[], k: number[][]) => p.map((_, j) => p.reduce((s, x, i) => s + x * (k[i]?.[j] as number), 0))

describe.each([1, 0.4, 3])('the exact kernels at T = %s', (temperature) => {
  const pi = target(temperature)
  const sites = [0, 1, 2, 3, 4].map((i) => kernel(temperature, i < 3 ? 0 : 1, i % 3))

  it('leave the target invariant, site by site and so over every sweep', () => {
    for (const k of sites) {
      apply(pi, k).forEach((x, j) => {
        // Sums of 72 products.
        expect(Math.abs(x - (pi[j] as number))).toBeLessThan(1e-14)
      })
    }
  })

  it('are reversible', () => {
    for (const k of sites) {
      for (let i = 0; i < 72; i += 1) {
        for (let j = 0; j < 72; j += 1) {
          expect(Math.abs((pi[i] as number) * (k[i]?.[j] as number) - (pi[j] as number) * (k[j]?.[i] as number))).toBeLessThan(1e-15)
        }
      }
    }
  })

  it('forget where they started', () => {
    let p: number[] = pi.map((_, i) => (i === 17 ? 1 : 0))
    for (let sweep = 0; sweep < 400; sweep += 1) p = sites.reduce(apply, p)
    p.forEach((x, i) => {
      expect(Math.abs(x - (pi[i] as number))).toBeLessThan(1e-9)
    })
  })
})

describe('a move', () => {
  it('takes each level for a share of the uniform numbers equal to its probability', () => {
    const both = fields()
    const [s, z] = both
    s.values.set([1, -1, 1])
    const sampler = gibbs(both)
    const p = new Float64Array(3)
    sampler.conditional(z, 1, p)
    const bounds = [0, p[0] as number, (p[0] as number) + (p[1] as number), 1]
    for (const l of [0, 1, 2]) {
      for (const u of [(bounds[l] as number) + 1e-12, (bounds[l + 1] as number) - 1e-12]) {
        z.values[1] = 0
        sampler.move(z, 1, { uniform: () => u })
        expect(z.values[1]).toBe(l)
      }
    }
  })

  it('at temperature 0 goes to the least energy', () => {
    const both = fields()
    const p = new Float64Array(3)
    gibbs(both, { temperature: 0 }).conditional(both[1], 0, p)
    const energies = [0, 1, 2].map((k) => energy(both[0].values, Float64Array.of(k, 0)))
    expect([...p]).toEqual(energies.map((e) => (e === Math.min(...energies) ? 1 : 0)))
  })

  it.each([
    [
      [0, Number.POSITIVE_INFINITY],
      [1, 0],
    ],
    [
      [0, Number.NEGATIVE_INFINITY],
      [0, 1],
    ],
    [
      [0, Number.NaN],
      [1, 0],
    ],
    [
      [0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
      [0, 0.5, 0.5],
    ],
  ])('weighs energies of %s as %s', (energies, want) => {
    const p = Float64Array.from(energies)
    boltzmann(p, 1)
    expect([...p]).toEqual(want)
  })

  it('never takes a level of probability 0', () => {
    expect(pick(Float64Array.of(0.5, 0.5, 0), 1 - 1e-17)).toBe(1)
    expect(pick(Float64Array.of(0, 1), 1e-300)).toBe(1)
  })
})

describe.each(['systematic', 'random'] as const)('a chain with a %s scan', (scan) => {
  it('visits every state as often as its probability says', () => {
    const chain = runChain(gibbsSampler(fields(), { scan }), keyFromSeed(77), 0, { warmup: 50, draws: 20_000 })
    const visited = Array.from({ length: chain.count }, (_, d) => number(chain.draws.subarray(5 * d, 5 * d + 5)))
    const pi = target(1)
    // Only states that are seen often enough for a normal error; 5 standard errors.
    pi.forEach((p, i) => {
      if (p < 0.005) return
      const series = [Float64Array.from(visited, (v) => (v === i ? 1 : 0))]
      expect(Math.abs(mean(series[0] as Float64Array) - p)).toBeLessThan(gate * mcseMean(series))
    })
  })

  it('starts anywhere, or where it is told', () => {
    const sampler = gibbsSampler(fields(), { scan, at: Float64Array.of(1, -1, 1, 2, 1) })
    sampler.begin(0, new Stream(keyFromSeed(1)))
    expect([...sampler.position]).toEqual([1, -1, 1, 2, 1])
  })
})
