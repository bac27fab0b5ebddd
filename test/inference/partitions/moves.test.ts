import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../../src/base/random.ts'
import { auxiliarySweep } from '../../../src/inference/partitions/auxiliary.ts'
import { addUp, type Collapsed, collapsedGibbs, emptyCollapsed } from '../../../src/inference/partitions/collapsed.ts'
import { naturalOf } from '../../../src/inference/partitions/natural.ts'
import { emptySeats, type Seats, seatAll } from '../../../src/inference/partitions/seats.ts'
import { splitMerge } from '../../../src/inference/partitions/split-merge.ts'
import { blocksOf, canonical, logSeating, marginals, normalised, partitionsOf, posterior, totalVariation } from './enumeration.ts'

const y = [-2.1, -1.2, 0.1, 1.4, 2.3]
const [SIGMA, TAU] = [0.8, 2]
const laws = [
  { d: 0, alpha: 1.3 },
  { d: 0.5, alpha: 0.4 },
] as const

/** y ~ normal(mu, SIGMA), mu ~ normal(0, TAU), to the power 1/T. */
function collapsed(temperature: number, known = new Int32Array(y.length).fill(-1)): Collapsed {
  const c = emptyCollapsed(naturalOf('gaussian', { groups: 1, members: 1 }), emptySeats(known, y.length))
  c.prior.set([1 / (TAU * TAU * temperature), 0])
  for (const [i, v] of y.entries()) c.own.set([1 / (SIGMA * SIGMA * temperature), v / (SIGMA * SIGMA * temperature)], 2 * i)
  seatAll(
    c.seats,
    known.map((slot) => Math.max(slot, 0)),
  )
  addUp(c)
  return c
}

const at = (things: readonly number[]): number[] => things.map((i) => y[i] as number)
const block = (things: readonly number[]): number => marginals.normal(at(things), SIGMA, TAU)

/** The partitions after each step. */
function walked(seats: Seats, steps: number, step: () => void): readonly string[] {
  return Array.from({ length: steps }, () => {
    step()
    return canonical(seats.slots)
  })
}

/**
 * Shares of 52 partitions in draws worth 10000 independent ones are 0.029 or less from their probabilities on average, and more than
 * 0.027 above that with a probability below 1e-6 (McDiarmid's inequality).
 */
const BOUND = 0.056

describe.each(laws)('moves of partitions under %o, each by itself', (law) => {
  const process = { discount: law.d, concentration: law.alpha }
  const truth = posterior(y.length, law, block)

  it('of Gibbs sampling with parameters integrated out leave the posterior as it is', () => {
    const c = collapsed(1)
    const [gibbs, stream] = [collapsedGibbs(c, 1), new Stream(keyFromSeed(1))]
    expect(
      totalVariation(
        truth,
        walked(c.seats, 20_000, () => gibbs.sweep(process, stream)),
      ),
    ).toBeLessThan(BOUND)
  })

  it('by splitting and merging alone', () => {
    const c = collapsed(1)
    const [jumps, stream] = [splitMerge(c, 1), new Stream(keyFromSeed(2))]
    expect(
      totalVariation(
        truth,
        walked(c.seats, 60_000, () => jumps.step(process, stream)),
      ),
    ).toBeLessThan(BOUND)
  })

  it.each([
    { known: [0, -1, -1, -1, -1], sweeps: 1 },
    { known: [-1, -1, 0, 1, -1], sweeps: 2 },
  ])('by splitting and merging beside things that stay where they are: $known', ({ known, sweeps }) => {
    const c = collapsed(1, Int32Array.from(known))
    const [jumps, gibbs, stream] = [splitMerge(c, 1), collapsedGibbs(c, 1), new Stream(keyFromSeed(6))]
    const apart = new Map([...truth].filter(([key]) => known[3] !== 1 || key[2] !== key[3]))
    const all = [...apart.values()].reduce((sum, p) => sum + p, 0)
    const step = (): void => {
      for (let k = 0; k < 8; k += 1) jumps.step(process, stream)
      for (let k = 0; k < sweeps; k += 1) gibbs.sweep(process, stream)
    }
    const walk = walked(c.seats, 20_000, step)
    expect(totalVariation(new Map([...apart].map(([key, p]) => [key, p / all])), walk)).toBeLessThan(BOUND)
    expect(known.every((slot, i) => slot < 0 || c.seats.slots[i] === slot)).toBe(true)
  })

  it('by splitting and merging keep sums up to date', () => {
    const c = collapsed(1)
    const [jumps, gibbs, stream] = [splitMerge(c, 1), collapsedGibbs(c, 1), new Stream(keyFromSeed(3))]
    for (let k = 0; k < 200; k += 1) {
      jumps.step(process, stream)
      gibbs.sweep(process, stream)
    }
    const taken = Array.from(c.seats.order.subarray(0, c.seats.blocks))
    const kept = taken.map((slot) => c.logIntegrals[slot] as number)
    addUp(c)
    taken.forEach((slot, b) => {
      expect(kept[b]).toBeCloseTo(c.logIntegrals[slot] as number, 10)
    })
  })

  it('beside parameters that are drawn', () => {
    const seats = emptySeats(new Int32Array(y.length).fill(-1), y.length)
    const stream = new Stream(keyFromSeed(4))
    seatAll(seats, new Int32Array(y.length))
    const [numbers, weights] = [new Float64Array(y.length * y.length), new Float64Array(y.length)]
    const step = (): void => {
      for (let slot = 0; slot < y.length; slot += 1) {
        const own = y.filter((_, i) => seats.slots[i] === slot)
        const precision = 1 / (TAU * TAU) + own.length / (SIGMA * SIGMA)
        const mu = own.reduce((sum, v) => sum + v, 0) / (SIGMA * SIGMA) / precision + stream.normal() / Math.sqrt(precision)
        for (const [i, v] of y.entries()) numbers[i * y.length + slot] = (0.5 * (v - mu) * (v - mu)) / (SIGMA * SIGMA)
      }
      auxiliarySweep(seats, process, { numbers, byThing: y.length, bySlot: 1 }, { temperature: 1, weights, stream })
    }
    expect(totalVariation(truth, walked(seats, 25_000, step))).toBeLessThan(BOUND)
  })

  it('by Gibbs sampling, splits and merges at another temperature', () => {
    // exp(-E/T) has normal densities with T times the variances, and the law of partitions to the power 1/T.
    const temperature = 2
    const c = collapsed(temperature)
    const [sigma, tau] = [SIGMA * Math.sqrt(temperature), TAU * Math.sqrt(temperature)]
    const logs = partitionsOf(y.length).map((labels): [string, number] => {
      const seen = blocksOf(labels).reduce((sum, things) => sum + marginals.normal(at(things), sigma, tau), 0)
      return [canonical(labels), logSeating(labels, law.d, law.alpha) / temperature + seen]
    })
    const [gibbs, jumps, stream] = [collapsedGibbs(c, temperature), splitMerge(c, temperature), new Stream(keyFromSeed(5))]
    const both = (): void => {
      jumps.step(process, stream)
      gibbs.sweep(process, stream)
    }
    expect(totalVariation(normalised(new Map(logs)), walked(c.seats, 20_000, both))).toBeLessThan(BOUND)
  })
})

it('takes slots again once they are empty', () => {
  const seats = emptySeats(new Int32Array(4).fill(-1), 3)
  seatAll(seats, [0, 1, 1, 2])
  expect(seats.blocks).toBe(3)
  seatAll(seats, [2, 2, 2, 2])
  expect([seats.blocks, seats.order[0], seats.counts[2]]).toEqual([1, 2, 4])
})
