import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { eBfmi } from '../../../src/inference/diagnostics/bfmi.ts'
import { essBulk, essMean, essSd, essTail } from '../../../src/inference/diagnostics/ess.ts'
import { mcseMean, mcseQuantile, mcseSd } from '../../../src/inference/diagnostics/mcse.ts'
import { rHat } from '../../../src/inference/diagnostics/r-hat.ts'

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
})
