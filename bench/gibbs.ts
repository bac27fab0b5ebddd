import { load } from '../src/api/load.ts'
import { sample } from '../src/api/sample.ts'
import { must } from '../src/base/internal-error.ts'
import { keyFromSeed, Stream } from '../src/base/random.ts'
import { givenOf, type Inputs } from '../src/run/inputs.ts'
import { median } from './measure.ts'

/** Least effective sample sizes of all quantities for each second of processor time, warm-up included. */
export interface Efficiency {
  readonly name: string
  readonly nuts: number
  readonly gibbs: number
}

const ROUNDS = 3

/** Models that exact draws from conditional forms sample without NUTS, or in which NUTS has the scale alone. */
const cases: readonly { readonly name: string; readonly text: string; inputs(stream: Stream): Inputs }[] = [
  {
    name: 'linear regression, 500 x 10',
    text: `data X[row, feature]
data y[row]
state a ~ normal(0, 10)
state b[feature] ~ normal(0, 3)
state v : positive ~ inverse_gamma(2, 1)
y ~ normal(a + sum[feature](X * b), sqrt(v))`,
    inputs(stream) {
      const X = Array.from({ length: 500 }, () => Array.from({ length: 10 }, () => stream.normal()))
      const y = X.map((row) => 1 + row.reduce((sum, x, k) => sum + (x * (k - 4)) / 3, 0) + stream.normal())
      return { data: { X, y } }
    },
  },
  {
    name: 'random intercepts, 40 groups, 800 rows',
    text: `data of[row] : group
data x[row]
data y[row]
state mu ~ normal(0, 10)
state slope ~ normal(0, 3)
state u[group] ~ normal(0, sqrt(between))
state between : positive ~ inverse_gamma(2, 1)
state within : positive ~ inverse_gamma(2, 1)
y ~ normal(mu + u[of] + slope * x, sqrt(within))`,
    inputs(stream) {
      const u = Array.from({ length: 40 }, () => 0.8 * stream.normal())
      const rows = Array.from({ length: 800 }, (_, i) => ({ of: (i % 40) + 1, x: stream.normal() }))
      const y = rows.map(({ of, x }) => 2 + (u[of - 1] as number) + 0.5 * x + stream.normal())
      return { data: { of: rows.map((r) => r.of), x: rows.map((r) => r.x), y } }
    },
  },
  {
    name: 'eight schools, a variance with a prior',
    text: `data y[school]
data sigma[school]
state mu ~ normal(0, 5)
state between : positive ~ inverse_gamma(1, 5)
state theta[school] ~ normal(mu, sqrt(between))
y ~ normal(theta, sigma)`,
    inputs: () => ({ data: { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] } }),
  },
]

export const caseNames: readonly string[] = cases.map((c) => c.name)

/** Each model by each sampler in turn. */
export async function efficiency(wanted: string): Promise<readonly Efficiency[]> {
  const found: Efficiency[] = []
  for (const { name, text, inputs } of cases) {
    if (!name.includes(wanted)) continue
    const given = inputs(new Stream(keyFromSeed(8)))
    const rates = { nuts: [] as number[], gibbs: [] as number[] }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const sampler of ['nuts', 'gibbs'] as const) rates[sampler].push(await rate(text, given, sampler))
    }
    found.push({ name, nuts: median(rates.nuts), gibbs: median(rates.gibbs) })
  }
  return found
}

async function rate(text: string, inputs: Inputs, sampler: 'nuts' | 'gibbs'): Promise<number> {
  const loaded = must(load({ name: 'case.amp', text }).value, 'model')
  const before = process.cpuUsage()
  const { value } = await sample(loaded, must(givenOf(inputs).value, 'inputs'), { sampler, seed: 1 })
  const { user, system } = process.cpuUsage(before)
  return Math.min(...must(value, 'draws').summary.map((row) => row.ess_bulk)) / ((user + system) / 1e6)
}
