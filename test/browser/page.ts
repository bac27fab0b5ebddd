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

const regression = `
data X[row, feature]
data y[row] : bit
data count[row] : count
state a ~ normal(0, 2)
state b[feature] ~ normal(0, 1)
y ~ bernoulli_logit(a + sum[feature](X * b))
count ~ poisson(softplus(a) + exp(0.1 * sum[feature](X * b)))
`

export interface ReadAsWasm {
  readonly backends: readonly string[]
  readonly warnings: readonly string[]
  /** Where the energy is least, and how it went down. */
  readonly rest: readonly number[]
  readonly draws: readonly number[]
  /** Draws straight from families, whose samplers take logarithms, powers and angles of their own. */
  readonly priorDraws: readonly number[]
}

const families = `
state a : positive ~ gamma(0.4, 2)
state b : probability ~ beta(2, a + 0.5)
state c ~ student_t(3, 0, 1)
state d ~ cauchy(0, 1)
state e : real(lower = -pi, upper = pi) ~ von_mises(0.5, 2)
state f : count ~ poisson(20 * b)
state g : positive ~ weibull(1.5, 2)
state h ~ gumbel(0, 1)
`

/** Whether text may become code. */
export function mayMakeCode(): boolean {
  try {
    new Function('')
    return true
  } catch {
    return false
  }
}

/** Both readings of a model whose energy is WebAssembly: matrix products, exponentials, logarithms. */
export async function readAsWasm(): Promise<ReadAsWasm> {
  const model = made(load({ name: 'regression.amp', text: regression }))
  const numbers = (row: number): readonly number[] => Array.from({ length: 9 }, (_, k) => ((row * 7 + k * 5 + row * row * k) % 11) / 5 - 1)
  const rows = Array.from({ length: 41 }, (_, row) => row)
  const data = { X: rows.map(numbers), y: rows.map((r) => (r % 3) & 1), count: rows.map((r) => r % 4) }
  const start = { a: [0.5], b: [Array.from({ length: 9 }, (_, k) => k / 9)] }
  const retrieval = await retrieve(model, made(givenOf({ data, cue: start })), { backend: 'wasm', trace: 'energy' })
  const sampling = await sample(model, made(givenOf({ data })), { seed: 5, chains: 1, draws: 50, warmup: 50, backend: 'wasm' })
  const drawing = await sample(made(load({ name: 'families.amp', text: families })), made(givenOf({})), { seed: 6, chains: 2, draws: 40 })
  const [retrieved, sampled, ancestral] = [made(retrieval), made(sampling), made(drawing)]
  const rest = retrieved.retrievals.flatMap(({ states, energy, trace }) => [
    ...Object.values(states).flatMap(({ data }) => [...data]),
    energy,
    ...(trace ?? []),
  ])
  return {
    backends: [retrieved.backend.name, sampled.backend.name],
    warnings: retrieval.diagnostics.map((d) => d.code),
    rest,
    draws: drawn(sampled),
    priorDraws: drawn(ancestral),
  }
}

/** All numbers of all chains. */
function drawn({ draws }: { readonly draws: Parameters<typeof series>[0] }): readonly number[] {
  return draws.chains.flatMap(({ values }) => [...values])
}

function made<T>(checked: Checked<T>): T {
  if (hasErrors(checked)) throw new Error(JSON.stringify(checked.diagnostics))
  return checked.value
}
