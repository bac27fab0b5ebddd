import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { eBfmi } from '../../../src/inference/diagnostics/bfmi.ts'
import { essBulk, essMean, essSd, essTail } from '../../../src/inference/diagnostics/ess.ts'
import { mcseMean, mcseQuantile, mcseSd } from '../../../src/inference/diagnostics/mcse.ts'
import { rHat } from '../../../src/inference/diagnostics/r-hat.ts'
import { summaryRow } from '../../../src/inference/diagnostics/summary.ts'

interface Fixture {
  readonly cases: readonly {
    readonly name: string
    readonly chains: readonly (readonly number[])[]
    readonly expected: Readonly<Record<string, number | null>> & { readonly bfmi: readonly number[] }
  }[]
}

const fixture: Fixture = JSON.parse(readFileSync(new URL('../fixtures/arviz.json', import.meta.url), 'utf8'))

const mine: Record<string, (chains: readonly Float64Array[]) => number> = {
  r_hat: rHat,
  ess_bulk: essBulk,
  ess_tail: essTail,
  ess_mean: essMean,
  ess_sd: essSd,
  mcse_mean: mcseMean,
  mcse_sd: mcseSd,
  mcse_q5: (c) => mcseQuantile(c, 0.05),
  mcse_q50: (c) => mcseQuantile(c, 0.5),
}

describe.each(fixture.cases)('diagnostics of $name equal those of ArviZ', ({ chains, expected }) => {
  const series = chains.map((c) => Float64Array.from(c))

  it.each(Object.keys(mine))('%s', (name) => {
    const want = expected[name]
    // Both compute in float64 by different orders of summation (ArviZ by FFT); sums of a few hundred terms.
    if (typeof want === 'number') expect(Math.abs((mine[name]?.(series) ?? Number.NaN) - want)).toBeLessThanOrEqual(1e-10 * want)
  })

  it('E-BFMI', () => {
    series.forEach((c, i) => {
      expect(eBfmi(c)).toBeCloseTo(expected.bfmi[i] as number, 11)
    })
  })
})

describe('diagnostics without a value', () => {
  const draws = (f: (i: number) => number) => [0, 1].map((c) => Float64Array.from({ length: 20 }, (_, i) => f(i + 20 * c)))

  it('are NaN for draws that are not finite', () => {
    const broken = draws((i) => (i === 3 ? Number.NaN : Math.sin(i)))
    for (const f of Object.values(mine)) expect(f(broken)).toBeNaN()
  })

  it('R-hat of a constant is NaN, and its draws count in full', () => {
    const constant = draws(() => 2)
    expect(rHat(constant)).toBeNaN()
    expect(essBulk(constant)).toBe(40)
  })

  it('a constant has no spread, and is its own mean', () => {
    const row = summaryRow(
      'x',
      draws(() => 0.1),
    )
    expect([row.mean, row.sd, row.mcse_mean]).toEqual([0.1, 0, 0])
  })
})

describe('R-hat of two values', () => {
  const chains = (...values: readonly ((i: number) => number)[]) => values.map((f) => Float64Array.from({ length: 20 }, (_, i) => f(i)))

  it('is infinite where chains keep to different ones, two up and two down as well as one and three', () => {
    const [up, down] = [() => 1, () => -1]
    expect(rHat(chains(up, down, up, down))).toBe(Number.POSITIVE_INFINITY)
    expect(rHat(chains(up, down, down, down))).toBe(Number.POSITIVE_INFINITY)
  })

  it("is the bulk's where all draws are equally far from the median", () => {
    const [even, odd] = [(i: number) => (i % 2 === 0 ? 1 : -1), (i: number) => (i % 2 === 0 ? -1 : 1)]
    // Half chains of ten with the mean 0 each: no variance between them, so sqrt((n - 1) / n).
    expect(rHat(chains(even, odd))).toBeCloseTo(Math.sqrt(9 / 10), 12)
    const slow = (i: number) => (i % 10 < 7 ? 1 : -1)
    const fast = (i: number) => (i % 10 < 3 ? 1 : -1)
    // Scores are a and -a, so in units of a: means 0.4 and -0.4, between = 10 * 4 * 0.16 / 3, within = 10 * (1 - 0.16) / 9.
    const [between, within] = [(10 * 4 * 0.16) / 3, (10 * 0.84) / 9]
    expect(rHat(chains(slow, fast))).toBeCloseTo(Math.sqrt((between / within + 9) / 10), 12)
  })
})
