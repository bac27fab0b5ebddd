import { describe, expect, it } from 'vitest'
import { type Key, Stream } from '../../src/base/random.ts'
import { scalar } from '../../src/ir/scalar.ts'
import { findCapacity, type LoadTest, measureLoad } from '../../src/memory/capacity.ts'
import type { RelaxOptions } from '../../src/memory/options.ts'
import { retrieve } from '../../src/memory/retrieve.ts'
import { compiled, modernHopfield, open, write } from './programs.ts'

const coins = (key: Key, count: number, n: number): Float64Array[] => {
  const stream = new Stream(key)
  return Array.from({ length: count }, () => Float64Array.from({ length: n }, () => (stream.uniform() < 0.5 ? -1 : 1)))
}

/** A network of spins with this energy over its memories `xi`, from the text on. */
const spinNetwork = (n: number, energy: string, options: RelaxOptions): LoadTest => {
  const program = compiled(`model spins\nmemory xi[pattern, neuron] : spin\nstate s[neuron] : spin\nenergy ${energy}\n`)
  return {
    patterns: (key, count) => coins(key, count, n),
    recall: (patterns, cues) => {
      const machine = open(program, { pattern: patterns.length, neuron: n }, { xi: Float64Array.from(patterns.flatMap((p) => [...p])) })
      return cues.map((s) => retrieve(machine, { s }, options).states.s?.data as Float64Array)
    },
  }
}

describe('the classical network of 1000 neurons', () => {
  // Thresholds of the sheet on foundations, section 1: 8 patterns of 2 memories, to a fixed point.
  const test = spinNetwork(1000, '-sum[pattern](sum[neuron](xi * s)^2) / (2 * size(neuron))', {})
  const at = (load: number): number => measureLoad(test, load * 1000, { seed: 1, memories: 2, cues: 8 }).overlap

  it('recalls below the critical load 0.138 and fails above', () => {
    expect(at(0.05)).toBeGreaterThanOrEqual(0.999)
    expect(at(0.1)).toBeGreaterThanOrEqual(0.98)
    expect(at(0.12)).toBeGreaterThanOrEqual(0.98)
    expect(at(0.16)).toBeLessThanOrEqual(0.8)
    expect(at(0.2)).toBeLessThanOrEqual(0.55)
  })
})

describe('dense memories', () => {
  // Seen from a stored pattern, the gain of a flip is its own pattern's 2 n N^(n-1) against noise of variance
  // 4 n^2 (2n-3)!! N^(n-1) K (Krotov & Hopfield 2016): at K = c N^(n-1) / (2 (2n-3)!! ln N) a share Q(sqrt(2 ln N / c)) of
  // the bits is wrong after one synchronous step, whatever n.
  it.each([
    [2, 50, 1],
    [3, 50, 3],
    [4, 30, 15],
  ])('of power %i fail as one law says for all powers', (n, N, doubleFactorial) => {
    const wrong = (c: number): number => scalar.erfc(Math.sqrt(Math.log(N) / c)) / 2
    const formula = N ** (n - 1) / (2 * doubleFactorial * Math.log(N))
    const test = spinNetwork(N, `-sum[pattern](sum[neuron](xi * s)^${n})`, { update: 'synchronous', maxSteps: 1 })
    const errors = (c: number, memories: number): number =>
      measureLoad(test, Math.round(c * formula), { seed: 2, memories, cues: 40 }).errors
    // Corrections to the normal noise are of order 1/N; the counts (7, 14, 56 patterns for n = 2) round by up to 7 %.
    expect(errors(0.5, n === 2 ? 40 : 4)).toBeLessThan(0.002)
    expect(Math.abs(errors(2, n === 2 ? 40 : 4) / wrong(2) - 1)).toBeLessThan(0.4)
    expect(Math.abs(errors(8, n === 2 ? 20 : 4) / wrong(8) - 1)).toBeLessThan(0.15)
  })

  it('with an exponential hold 2^(N/2) patterns', () => {
    const test = spinNetwork(16, '-sum[pattern](exp(sum[neuron](xi * s) - size(neuron)))', { maxSteps: 1 })
    const { errors } = measureLoad(test, 2 ** 8, { seed: 4, memories: 4, cues: 64 })
    expect(errors).toBeLessThan(0.002)
    expect(measureLoad(test, 2 ** 12, { seed: 5, memories: 1, cues: 64 }).errors).toBeGreaterThan(errors)
  })
})

describe('kernel density estimates as memories', () => {
  // On a sphere a Gaussian kernel density is the modern Hopfield network with beta = 1/h^2; the sheet on bridging, 1d.
  const lambda = 0.5
  const program = write(modernHopfield)
  const test = (d: number): LoadTest => ({
    patterns: (key, count) => {
      const stream = new Stream(key)
      return Array.from({ length: count }, () => {
        const v = Float64Array.from({ length: d }, () => stream.normal())
        const scale = Math.sqrt(d) / Math.hypot(...v)
        return v.map((x) => x * scale)
      })
    },
    recall: (patterns, cues) => {
      const xi = Float64Array.from(patterns.flatMap((p) => [...p]))
      const machine = open(program, { pattern: patterns.length, pixel: d }, { xi, beta: Float64Array.of(lambda) })
      return cues.map((x) => retrieve(machine, { x }, { maxSteps: 60 }).coordinates.x as Float64Array)
    },
  })

  it('hold exponentially many patterns in the dimension', () => {
    const count = (d: number): number =>
      findCapacity(test(d), { seed: 6, memories: 8, cues: 32, from: 3, to: 4000, ratio: 1.2 }).count as number
    const [small, middle, large] = [8, 12, 16].map(count) as [number, number, number]
    expect(large).toBeGreaterThan(50)
    expect(large).toBeLessThan(110)
    // log N_c grows by 0.75 to 1 times 0.387 a dimension for large d; less before that.
    const slope = Math.log(large / small) / 8
    expect(slope).toBeGreaterThan(0.2)
    expect(slope).toBeLessThan(0.387)
    expect(middle).toBeGreaterThan(small)
    expect(middle).toBeLessThan(large)
  })
})
