import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { keyFromSeed } from '../../src/base/random.ts'
import type { LogDensity } from '../../src/inference/density/density.ts'
import { mcseMean, mcseSd } from '../../src/inference/diagnostics/mcse.ts'
import { mean, pooled, variance } from '../../src/inference/diagnostics/moments.ts'
import { rHat } from '../../src/inference/diagnostics/r-hat.ts'
import { nutsSampler } from '../../src/inference/samplers/adaptive-nuts.ts'
import { sampleChains } from './sample-chains.ts'
import { expectation } from './targets.ts'

interface Reference {
  readonly summary: Record<string, { readonly mean: number; readonly sd: number; readonly mcse_mean: number; readonly mcse_sd: number }>
  readonly log_density_points: { readonly points: readonly { readonly params: Record<string, number>; readonly log_density: number }[] }
}

const read = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'))
const { y, sigma }: { y: number[]; sigma: number[] } = read('models/posteriors/eight_schools_noncentered.json')
const reference: Reference = read('test/data/posteriordb/eight_schools-eight_schools_noncentered.reference.json')

/** Coordinates z[1..8], mu, log tau; theta = mu + tau z. Constants left out. */
const eightSchools: LogDensity = {
  dimension: 10,
  evaluate(q, gradient) {
    const mu = q[8] as number
    const tau = Math.exp(q[9] as number)
    const tail = 1 + (tau / 5) ** 2
    let sum = -0.5 * (mu / 5) ** 2 - Math.log(tail) + (q[9] as number)
    let byMu = -mu / 25
    let byTau = (-2 * tau) / 25 / tail
    for (let j = 0; j < 8; j += 1) {
      const z = q[j] as number
      const s = sigma[j] as number
      const r = ((y[j] as number) - mu - tau * z) / s
      sum -= 0.5 * (r * r + z * z)
      gradient[j] = (tau * r) / s - z
      byMu += r / s
      byTau += (z * r) / s
    }
    gradient[8] = byMu
    gradient[9] = byTau * tau + 1
    return sum
  },
}

const quantities: Record<string, (q: Float64Array) => number> = {
  mu: (q) => q[8] as number,
  tau: (q) => Math.exp(q[9] as number),
  ...Object.fromEntries(
    y.map((_, j) => [`theta[${j + 1}]`, (q: Float64Array) => (q[8] as number) + Math.exp(q[9] as number) * (q[j] as number)]),
  ),
}

describe('eight schools, non-centred, by hand', () => {
  it('has the log density of the reference, up to a constant and the change of variables', () => {
    const values = reference.log_density_points.points.map(({ params, log_density }) => {
      const [mu, tau] = [params.mu as number, params.tau as number]
      const z = y.map((_, j) => ((params[`theta[${j + 1}]`] as number) - mu) / tau)
      // d theta / d z = tau^8 and d tau / d log tau = tau.
      return eightSchools.evaluate(Float64Array.of(...z, mu, Math.log(tau)), new Float64Array(10)) - 9 * Math.log(tau) - log_density
    })
    expect(Math.abs((values[1] as number) - (values[0] as number))).toBeLessThan(1e-6)
    expect(Math.abs((values[2] as number) - (values[0] as number))).toBeLessThan(1e-6)
  })

  const chains = sampleChains(() => nutsSampler(eightSchools), keyFromSeed(4711), { chains: 4, warmup: 1000, draws: 2500 })

  // The collection's gate: four joint standard errors, false alarm 6e-5 for each of the twenty numbers.
  it.each(Object.keys(quantities))('agrees with the reference draws of Stan: %s', (name) => {
    const want = reference.summary[name]
    const series = expectation(chains, quantities[name] as (q: Float64Array) => number)
    if (want === undefined) throw new Error(name)
    const off = Math.abs(mean(pooled(series)) - want.mean)
    expect(off).toBeLessThanOrEqual(4 * Math.hypot(want.mcse_mean, mcseMean(series)))
    const offSd = Math.abs(Math.sqrt(variance(pooled(series))) - want.sd)
    expect(offSd).toBeLessThanOrEqual(4 * Math.hypot(want.mcse_sd, mcseSd(series)))
    expect(rHat(series)).toBeLessThan(1.01)
  })
})
