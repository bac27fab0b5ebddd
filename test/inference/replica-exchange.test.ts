import { describe, expect, it } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { swapWarnings } from '../../src/inference/diagnostics/swaps.ts'
import { evenedLadder, geometricLadder, ladderRounds } from '../../src/inference/samplers/ladder.ts'
import { replicaExchange } from '../../src/inference/samplers/replica-exchange.ts'
import type { LadderReport, Sampler } from '../../src/inference/samplers/sampler.ts'

/** A rung that stays where it is put, with these log weights of the points 0, 1, ... */
function still(weights: readonly number[], start: number) {
  const position = Float64Array.of(start)
  const sampler: Sampler = {
    position,
    columns: [],
    statistics: new Float64Array(0),
    begin: () => undefined,
    step: () => undefined,
    state: () => ({ position: [...position] }),
    resume: (saved) => position.set(must(saved.position, 'position')),
    place: (point) => position.set(point),
    tuning: () => ({}),
  }
  return { sampler, logDensity: () => weights[position[0] as number] as number, heat() {} }
}

/** Two rungs whose densities are not powers of each other. */
const [cold, hot] = [
  [0.3, -1.2, 2, -0.4],
  [0.1, 0.2, -0.9, 0.5],
]

/** The probability with which x and y on the two rungs are swapped, and where they are then. */
function chance(x: number, y: number): { readonly p: number; readonly after: readonly number[] } {
  const rungs = [still(must(cold, 'weights'), x), still(must(hot, 'weights'), y)]
  const both = replicaExchange(rungs, { temperatures: Float64Array.of(1, 2), adapts: false, kept: [0, 1] })
  both.begin(0, new Stream(keyFromSeed(1)))
  both.step(false, new Stream(keyFromSeed(7)))
  const p = must(both.tuning().ladder?.swapRates[0], 'rate')
  return { p, after: [...both.position] }
}

describe('the swap of neighbours', () => {
  const points = [0, 1, 2, 3]
  const weight = (x: number, y: number): number => Math.exp((cold?.[x] as number) + (hot?.[y] as number))

  it('is in detailed balance with the product of any two densities', () => {
    for (const x of points) {
      for (const y of points) expect(weight(x, y) * chance(x, y).p).toBeCloseTo(weight(y, x) * chance(y, x).p, 12)
    }
  })

  it('is as likely as Metropolis allows, and is done where the uniform number is below', () => {
    const u = new Stream(keyFromSeed(7)).uniform()
    for (const x of points) {
      for (const y of points) {
        const { p, after } = chance(x, y)
        expect(p).toBeCloseTo(Math.min(1, weight(y, x) / weight(x, y)), 12)
        expect(after).toEqual(u < p ? [y, x] : [x, y])
      }
    }
    // Both kinds are among them.
    expect(points.some((x) => chance(x, 3 - x).p < u)).toBe(true)
  })

  it('is refused where a density has no number', () => {
    const rungs = [still([Number.NaN, 0], 1), still([0, 0], 0)]
    const both = replicaExchange(rungs, { temperatures: Float64Array.of(1, 2), adapts: false, kept: [0] })
    both.begin(0, new Stream(keyFromSeed(1)))
    both.step(false, new Stream(keyFromSeed(1)))
    expect([...both.position, both.tuning().ladder?.swapRates]).toEqual([1, [0]])
  })

  it('takes turns, so that replicas that always swap go round in twice as many steps as there are rungs', () => {
    const rungs = [0, 1, 2, 3].map((k) => still([0, 0, 0, 0], k))
    const all = replicaExchange(rungs, { temperatures: Float64Array.of(1, 2, 3, 4), adapts: false, kept: [0, 1, 2, 3] })
    all.begin(0, new Stream(keyFromSeed(1)))
    const places = Array.from({ length: 8 }, () => {
      all.step(false, new Stream(keyFromSeed(1)))
      return [...all.position].indexOf(0)
    })
    expect(places).toEqual([1, 2, 3, 3, 2, 1, 0, 0])
    // The others were at the hottest end first.
    expect(all.tuning().ladder?.roundTrips).toBe(1)
    expect(all.columns).toContain('replica__[4]')
  })
})

describe('the ladder', () => {
  it('begins with equal ratios', () => {
    expect([...geometricLadder(0.5, 8, 5)].map((t) => t.toFixed(12))).toEqual([0.5, 1, 2, 4, 8].map((t) => t.toFixed(12)))
  })

  it('keeps its ends, and temperatures that refuse alike', () => {
    const even = geometricLadder(1, 16, 5)
    evenedLadder(even, [0.3, 0.3, 0.3, 0.3]).forEach((t, k) => {
      expect(t).toBeCloseTo(even[k] as number, 12)
    })
    const moved = evenedLadder(even, [0.9, 0.1, 0.1, 0.1])
    expect([moved[0], moved[4]]).toEqual([1, 16])
    // A quarter of 1.2 is a third of the first step.
    expect(moved[1]).toBeCloseTo(2 ** (1 / 3), 12)
    expect(moved[3]).toBeCloseTo(2, 12)
  })

  it('is made anew in rounds that double, and left alone in the second half', () => {
    expect(ladderRounds(1000)).toEqual([62, 125, 250, 500])
    expect(ladderRounds(40)).toEqual([10, 20])
    expect(ladderRounds(4)).toEqual([])
  })
})

describe('the warning about swaps', () => {
  const ladder = (rates: readonly number[], roundTrips: number): LadderReport => ({
    temperatures: rates.map((_, k) => 1 + k).concat(9),
    swapRates: rates,
    roundTrips,
    barrier: rates.reduce((sum, r) => sum + 1 - r, 0),
  })

  it('is given where some neighbours hardly swap, with how many temperatures would do', () => {
    expect(swapWarnings([ladder([0.5, 0.6], 4), ladder([0.5, 0.03], 1)])[0]?.sentence).toContain(
      'chain 2: 3.0 % between T = 2 and 9; 5 round trips',
    )
  })

  it('is given where no replica came down, and not where all is well or nothing was tried', () => {
    expect(swapWarnings([ladder([0.5, 0.6], 0)]).map((w) => w.kind)).toEqual(['swaps'])
    expect(swapWarnings([ladder([0.5, 0.6], 1)])).toEqual([])
    expect(swapWarnings([ladder([Number.NaN, Number.NaN], 0)])).toEqual([])
  })
})
