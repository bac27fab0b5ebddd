import { describe, expect, it } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import { fitOf, normals } from './fitted.ts'

const y = normals(90, 2, 3).map((row, i) => row.map((v) => v + 5 * (i % 3)))
const cue = { z: y.map((_, i) => 1 + ((i + Number(i % 7 === 0)) % 3)) }
const mixture = `axis k = 3
data y[row, dim]
state w[k] : simplex[k] ~ dirichlet(1)
state mu[k, dim] ~ normal(0, 5)
state tau[k, dim] : positive ~ gamma(2, 2)
state z[row] : k ~ categorical(w)
y ~ normal(mu[z], 1 / sqrt(tau[z]))`
const regression = `data x[row, p]
data y[row]
state b[p] ~ normal(0, 2)
state tau : positive ~ gamma(2, 2)
y ~ normal(sum[p](b * x), 1 / sqrt(tau))`
const factors = `axis f = 1
data y[row, dim]
state h[row] ~ normal(0, 1)
state a[dim] ~ normal(0, 1)
state tau : positive ~ gamma(2, 2)
y ~ normal(a * h, 1 / sqrt(tau))`
const x = normals(40, 2, 8)
const line = x.map(([a = 0, b = 0], i) => 2 * a - b + 0.3 * (normals(40, 1, 9)[i]?.[0] as number))

const models = {
  'a mixture': { text: mixture, given: { data: { y }, cue } },
  'a regression, whose rows have nothing of their own': { text: regression, given: { data: { x, y: line } } },
  'a factor model, whose scores are continuous': { text: factors, given: { data: { y: y.slice(0, 30) }, cue: { a: [1, 1] } } },
}

describe.each(Object.entries(models))('in batches of %s', (_, { text, given }) => {
  const whole = fitOf(text, given, { gain: 1e-13, draws: 2 })
  it.each([7, 13])('of %i rows, the ELBO never falls, and ends where full sweeps end', (batch) => {
    const { elbo, trace, summary } = fitOf(text, given, { batch, gain: 1e-13, draws: 2 })
    for (let i = 1; i < trace.length; i += 1) expect(trace[i]).toBeGreaterThanOrEqual((trace[i - 1] as number) - 1e-9 * Math.abs(elbo))
    expect(elbo).toBeCloseTo(whole.elbo, 6)
    for (const { name, mean, sd } of summary.filter((r) => !r.name.startsWith('z'))) {
      const row = must(whole.summary.find((r) => r.name === name), name) // biome-ignore format: one thought
      expect(mean).toBeCloseTo(row.mean, 3)
      expect(sd).toBeCloseTo(row.sd, 3)
    }
  })

  it('has the same fixed point for stochastic steps, which come nearer with every pass', () => {
    const after = (stochastic: number): number => {
      const { trace } = fitOf(text, given, { batch: 10, stochastic, gain: 1e-13, draws: 2 })
      // The first exact pass alone is behind the stochastic ones.
      return whole.elbo - (trace[0] as number)
    }
    const long = after(200)
    // The last of 600 steps has a length of 0.01, and so have the fluctuations of what they average.
    expect(long).toBeLessThan(0.1)
    expect(long).toBeGreaterThan(-1e-6)
  })
})

it('takes as many batches as there are rows, and one of all of them', () => {
  const whole = fitOf(mixture, { data: { y }, cue }, { gain: 1e-13, draws: 2 })
  for (const batch of [1, 90, 1000])
    expect(fitOf(mixture, { data: { y }, cue }, { batch, gain: 1e-13, draws: 2 }).elbo).toBeCloseTo(whole.elbo, 6)
})

it('shares out elements of an axis that grows in batches, too', () => {
  const text = mixture.replace('axis k = 3', 'axis k ~ dp(1)').replace(/state w.*\n/, '').replace(' ~ categorical(w)', '') // biome-ignore format: one thought
  const whole = fitOf(text, { data: { y } }, { draws: 2 })
  const batched = fitOf(text, { data: { y } }, { draws: 2, batch: 20 })
  expect(batched.elements[0]?.used).toBe(3)
  expect(batched.elbo).toBeCloseTo(whole.elbo, 4)
})
