/** What a page does with the library: everything that it offers, once. Results are plain numbers and texts. */
import { analyse, type Checked, emit, givenOf, hasErrors, load, retrieve, sample, series } from 'amp-lang'

export interface Toured {
  readonly diagnostics: readonly string[]
  readonly retrieved: readonly number[]
  readonly energy: number
  readonly draws: readonly number[]
  readonly module: string
}

const hopfield = `
memory xi[pattern, i] : spin
state x[i] : spin
energy -sum[pattern](sum[i](xi * x)^2) / size(i)
`
const schools = `
data y[school]
data sigma[school] : positive
state mu ~ normal(0, 5)
state tau : positive ~ half_cauchy(5)
state z[school] ~ normal(0, 1)
y ~ normal(mu + tau * z, sigma)
`

export async function tour(): Promise<Toured> {
  const memory = made(load({ name: 'hopfield.amp', text: hopfield }))
  const patterns = [1, 1, -1, -1, 1, -1]
  const { retrievals } = made(await retrieve(memory, made(givenOf({ memory: { xi: [patterns] }, cue: { x: [1, 1, 1, -1, 1, -1] } }))))
  const model = made(load({ name: 'schools.amp', text: schools }))
  const data = made(givenOf({ data: { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] } }))
  const sampled = made(await sample(model, data, { seed: 3, chains: 2, draws: 200, warmup: 200, sampler: 'nuts' }))
  return {
    diagnostics: analyse({ name: 'wrong.amp', text: 'state x[i]\nenergy sum[j](y)\n' }).diagnostics.map((d) => d.code),
    retrieved: [...(retrievals[0]?.states.x?.data ?? [])],
    energy: retrievals[0]?.energy ?? Number.NaN,
    draws: series(sampled.draws, 'mu').flatMap((chain) => [...chain]),
    module: made(await emit(model, 'sample')).module,
  }
}

function made<T>(checked: Checked<T>): T {
  if (hasErrors(checked)) throw new Error(JSON.stringify(checked.diagnostics))
  return checked.value
}
