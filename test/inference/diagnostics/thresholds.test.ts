import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../../src/base/random.ts'
import { eBfmi } from '../../../src/inference/diagnostics/bfmi.ts'
import { differentModes } from '../../../src/inference/diagnostics/modes.ts'
import type { SummaryRow } from '../../../src/inference/diagnostics/summary.ts'
import { warnings } from '../../../src/inference/diagnostics/warnings.ts'
import type { Draws } from '../../../src/inference/draws/draws.ts'

const fine: SummaryRow = {
  ...{ name: 'x', mean: 0, sd: 1, mcse_mean: 0.01, mcse_sd: 0.01, q5: -1.6, q50: 0, q95: 1.6 },
  ...{ ess_bulk: 4000, ess_tail: 4000, r_hat: 1 },
}

/** Chains of one quantity with one of the sampler's numbers. */
function drawsOf(column: string, chains: readonly (readonly number[])[], values: readonly (readonly number[])[] = chains): Draws {
  return {
    variables: [{ name: 'x', axes: [], shape: [] }],
    names: ['x'],
    chains: chains.map((numbers, chain) => ({
      chain,
      count: numbers.length,
      values: Float64Array.from(values[chain] as readonly number[]),
      columns: [column],
      statistics: Float64Array.from(numbers),
    })),
  }
}

const four = drawsOf('lp__', [[0], [0], [0], [0]])
const kinds = (draws: Draws, rows: readonly SummaryRow[], depth?: number): readonly string[] =>
  warnings(draws, rows, depth).map((w) => w.kind)

describe('on either side of its threshold, there is a warning or none', () => {
  it('of R-hat: above 1.01', () => {
    for (const [r_hat, expected] of [
      [1.01, []],
      [1.01 - 1e-12, []],
      [1.01 + 1e-12, ['r_hat']],
      [Number.POSITIVE_INFINITY, ['r_hat']],
      [Number.NaN, []],
    ] as const) {
      expect(kinds(four, [fine, { ...fine, r_hat }])).toEqual(expected)
    }
  })

  it.each([1, 2, 4])('of effective draws: fewer than 100 for each of %d chains, of the bulk or of the tail', (count) => {
    const draws = drawsOf(
      'lp__',
      Array.from({ length: count }, () => [0]),
    )
    for (const which of ['ess_bulk', 'ess_tail'] as const) {
      expect(kinds(draws, [{ ...fine, [which]: 100 * count }])).toEqual([])
      expect(kinds(draws, [{ ...fine, [which]: 100 * count - 1e-9 }])).toEqual(['ess'])
      expect(kinds(draws, [{ ...fine, [which]: Number.NaN }])).toEqual([])
    }
  })

  it('of divergences: one is enough', () => {
    expect(
      kinds(
        drawsOf('divergent__', [
          [0, 0],
          [0, 0],
        ]),
        [],
      ),
    ).toEqual([])
    expect(
      kinds(
        drawsOf('divergent__', [
          [0, 0],
          [0, 1],
        ]),
        [],
      ),
    ).toEqual(['divergences'])
  })

  it.each([undefined, 3, 10, 12])('of deep trees: the greatest depth, %s', (depth) => {
    const most = depth ?? 10
    expect(
      kinds(
        drawsOf('treedepth__', [
          [most - 1, 1],
          [1, most - 1],
        ]),
        [],
        depth,
      ),
    ).toEqual([])
    expect(
      kinds(
        drawsOf('treedepth__', [
          [most - 1, 1],
          [1, most],
        ]),
        [],
        depth,
      ),
    ).toEqual(['tree_depth'])
  })

  it('of the energy: E-BFMI below 0.3, in any chain', () => {
    const stream = new Stream(keyFromSeed(4))
    const quick = Array.from({ length: 400 }, () => stream.normal())
    const slow = quick.map((_, i) => Math.sin(i / 60))
    const mixed = (share: number): readonly number[] => quick.map((e, i) => e + share * (slow[i] as number))
    // The share of slow movement at which the fraction is 0.3: it falls as the share grows.
    let [low, high] = [0, 100]
    for (let k = 0; k < 60; k += 1) {
      const middle = (low + high) / 2
      if (fraction(mixed(middle)) > 0.3) low = middle
      else high = middle
    }
    const [above, below] = [mixed(low * 0.999), mixed(low * 1.001)]
    for (const e of [above, below, quick, slow]) expect(eBfmi(Float64Array.from(e))).toBeCloseTo(fraction(e), 10)
    expect(kinds(drawsOf('energy__', [quick, above]), [])).toEqual([])
    expect(kinds(drawsOf('energy__', [quick, below]), [])).toEqual(['low_e_bfmi'])
    expect(warnings(drawsOf('energy__', [quick, below]), [])[0]?.sentence).toContain('chain 2: 0.30')
  })
})

/** Squared steps over squared deviations, each averaged (Betancourt 2016, equation 3), with the unbiased variance. */
function fraction(energies: readonly number[]): number {
  const average = energies.reduce((a, b) => a + b) / energies.length
  const spread = energies.reduce((s, e) => s + (e - average) ** 2, 0) / (energies.length - 1)
  const steps = energies.slice(1).map((e, i) => (e - (energies[i] as number)) ** 2)
  return steps.reduce((a, b) => a + b) / steps.length / spread
}

describe('chains are in different modes', () => {
  /** Two values around a centre; the standard deviation of 200 of them is 1.0025 times the distance. */
  const around = (centre: number, sd: number): readonly number[] => Array.from({ length: 200 }, (_, i) => centre + (i % 2 === 0 ? sd : -sd))
  const sd = Math.sqrt(200 / 199)

  it.each([
    ['the first', [2, 0.1]],
    ['the second', [0.1, 2]],
  ] as const)('where their means are farther apart than four times the spread of %s, the larger', (_, [a, b]) => {
    const gap = 4 * 2 * sd
    const at = (distance: number): string => {
      const values = [around(0, a), around(distance, b)]
      return differentModes(drawsOf('other__', values), [{ ...fine, r_hat: 2 }])
    }
    expect(at(gap * 0.999)).toBe('')
    expect(at(gap * 1.001)).toContain('The chains are in different modes: x is near')
  })
})

describe('an R-hat is told with the digits that tell it from 1.01', () => {
  it.each([
    [1.0149, '1.015'],
    [1.0996, '1.100'],
    [1.1004, '1.10'],
    [999.5, '999.50'],
    [1000, 'above 1000'],
    [Number.POSITIVE_INFINITY, 'infinite: no chain moves'],
  ])('%d', (r_hat, text) => {
    expect(warnings(four, [{ ...fine, r_hat }])[0]?.sentence).toContain(`worst x, ${text})`)
  })
})
