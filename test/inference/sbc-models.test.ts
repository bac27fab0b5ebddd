import { describe, expect, it } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import { type Key, keyFromSeed, Stream } from '../../src/base/random.ts'
import { generativeProgram } from '../../src/compile/ancestral.ts'
import { lower } from '../../src/compile/lower.ts'
import { analyse } from '../../src/dsl/analyse.ts'
import { runChain } from '../../src/inference/chains/chain.ts'
import { columnNames } from '../../src/inference/draws/draws.ts'
import { nutsSampler } from '../../src/inference/samplers/adaptive-nuts.ts'
import { drawOnce } from '../../src/inference/samplers/ancestral.ts'
import { type Calibration, calibrate } from '../../src/inference/sbc.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { compiled, generate } from './compiled.ts'

/** `npm run sbc` sets more simulations; a few keep the tests fast. */
const simulations = Number(process.env.AMP_SBC ?? 64)

interface Case {
  /** The model that draws truths and data. */
  readonly prior: string
  /** The model whose posterior is calibrated; the same, unless a type cuts off a part of what its family draws. */
  readonly posterior: string
  readonly sizes: Readonly<Record<string, number>>
  readonly data: Readonly<Record<string, readonly number[]>>
  /** Drawn outside of the program, and so given to it. */
  readonly given?: (stream: Stream) => Readonly<Record<string, readonly number[]>>
  readonly sumOut?: readonly string[]
  /** Drawn anew in every simulation and observed. */
  readonly observed: readonly string[]
  readonly skip?: (name: string) => boolean
}

/** Simulation-based calibration of the whole path from text to draws; the data go into one compiled program. */
function calibration(c: Case): Calibration {
  const empty = Object.fromEntries(c.observed.map((name) => [name, new Array<number>(must(c.data[name], name).length).fill(0)]))
  const made = compiled(c.posterior, { data: { ...c.data, ...empty }, sizes: c.sizes, target: kernel, sumOut: c.sumOut ?? [] })
  const model = must(analyse({ name: 'prior.amp', text: c.prior }).value, 'model')
  const weights = model.axes.filter((a) => a.weights !== undefined).map((a) => `weight(${a.name})`)
  const drawn = [...model.variables.filter((v) => v.role === 'state' || c.observed.includes(v.name)).map((v) => v.name), ...weights]
  const program = generativeProgram(must(lower(model).value, 'energy'), new Set(drawn))
  if ('reason' in program) throw new Error(program.reason)
  const generative = kernel(program.graph, c.sizes)
  for (const [name, values] of Object.entries(c.data)) if (!c.observed.includes(name)) generative.inputs.get(name)?.set(values)
  const kept = made.program.states.flatMap(({ name, axes }) =>
    columnNames(
      name,
      axes.map((a) => must(c.sizes[a], a)),
    ).map((column, i) => ({ name, column, i })),
  )
  const asked = kept.filter(({ column }) => c.skip?.(column) !== true)

  function simulate(stream: Stream, key: Key) {
    const given = c.given?.(stream) ?? {}
    for (const [name, values] of Object.entries(given)) generative.inputs.get(name)?.set(values)
    const truth = drawOnce(program as Exclude<typeof program, { reason: string }>, generative, c.sizes, {
      hi: stream.integer(2 ** 31),
      lo: stream.integer(2 ** 31),
    })
    for (const name of c.observed) must(made.executable.inputs.get(name), name).set(must(truth[name], name))
    const chain = runChain(nutsSampler(made.density, { targetAcceptance: 0.9 }), key, 0, { warmup: 200, draws: 63, thin: 5 })
    expect(chain.outcome.kind).toBe('finished')
    const { draws } = generate(made, [chain], key)
    const at = asked.map(({ column }) => draws.names.indexOf(column))
    const rows = must(draws.chains[0], 'chain')
    return {
      truth: Float64Array.from(asked, ({ name, i }) => must({ ...truth, ...given }[name], name)[i] as number),
      draws: Float64Array.from(
        { length: 63 * at.length },
        (_, k) => rows.values[Math.floor(k / at.length) * draws.names.length + (at[k % at.length] as number)] as number,
      ),
    }
  }
  return calibrate(
    asked.map((a) => a.column),
    simulate,
    keyFromSeed(606),
    { simulations, bins: 8 },
  )
}

const schools = `
model eight_schools
data  y[school]
data  se[school] : positive
state mu ~ normal(0, 5)
state tau : positive ~ half_cauchy(5)
state z[school] ~ normal(0, 1)
y ~ normal(mu + tau * z, se)
`
const eight = { y: [28, 8, -3, 7, -1, 1, 18, 12], se: [15, 10, 16, 11, 9, 11, 10, 18] }

const mixture = (mu: string): string => `
model mixture
data  y[row]
axis  component = 2 ~ dirichlet(5)
${mu}
state sigma[component] : positive ~ lognormal(0, 0.5)
state k[row] : component
y ~ normal(mu[k], sigma[k])
`
const logistic = `
model logistic
data  x[row, feature]
data  y[row] : bit
state w[feature] ~ normal(0, 1.5)
state b ~ normal(0, 2)
y ~ bernoulli_logit(b + sum[feature](x * w))
`
const noise = (n: number): number[] => {
  const stream = new Stream(keyFromSeed(77))
  return Array.from({ length: n }, () => stream.normal())
}

const cases: Readonly<Record<string, Case>> = {
  'eight schools': { prior: schools, posterior: schools, sizes: { school: 8 }, data: eight, observed: ['y'] },
  'a mixture of two with ordered means': {
    prior: mixture('data  mu[component]'),
    posterior: mixture('state mu[component] : ordered[component] ~ normal(0, 2)'),
    sizes: { component: 2, row: 20 },
    data: { y: new Array<number>(20).fill(0) },
    // Independent draws put in order are draws of the ordered pair.
    given: (stream) => ({ mu: [2 * stream.normal(), 2 * stream.normal()].sort((a, b) => a - b) }),
    sumOut: ['k'],
    observed: ['y'],
    // The second weight is one less the first.
    skip: (name) => name === 'weight(component)[2]',
  },
  'logistic regression': {
    prior: logistic,
    posterior: logistic,
    sizes: { row: 20, feature: 2 },
    data: { x: noise(40), y: new Array<number>(20).fill(0) },
    observed: ['y'],
  },
}

describe('simulation-based calibration of compiled models', () => {
  // A calibrated posterior falls below with probability 1e-7 for each of the at most ten numbers of a model.
  it.each(Object.entries(cases))('%s', (_, c) => {
    const { parameters } = calibration(c)
    for (const { name, p } of parameters) expect(p, name).toBeGreaterThan(1e-7)
  })

  it('finds a posterior under another prior', () => {
    const wrong = schools.replace('normal(0, 5)', 'normal(6, 5)')
    const { parameters } = calibration({ ...(cases['eight schools'] as Case), posterior: wrong })
    expect(parameters.find((p) => p.name === 'mu')?.p).toBeLessThan(1e-7)
  })
})
