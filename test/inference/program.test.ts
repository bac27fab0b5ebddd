import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { fromProgram } from '../../src/inference/density/program-density.ts'
import { mcseMean, mcseSd } from '../../src/inference/diagnostics/mcse.ts'
import { mean, pooled, variance } from '../../src/inference/diagnostics/moments.ts'
import { series } from '../../src/inference/draws/draws.ts'
import { nutsSampler } from '../../src/inference/samplers/adaptive-nuts.ts'
import { type DiscreteField, gibbs } from '../../src/inference/samplers/gibbs.ts'
import { gibbsSampler } from '../../src/inference/samplers/gibbs-sampler.ts'
import { schedule } from '../../src/inference/samplers/schedule.ts'
import * as ports from '../../src/middle/ports.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { reference } from '../../src/targets/reference.ts'
import { compiled, generate } from './compiled.ts'
import { sampleChains } from './sample-chains.ts'
import { gate } from './targets.ts'

const schools = `
model eight_schools
data  y[school]
data  se[school] : positive
state mu ~ normal(0, 5)
state tau : positive ~ half_cauchy(5)
state z[school] ~ normal(0, 1)
y ~ normal(mu + tau * z, se)
`
const read = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'))

describe('eight schools, compiled', () => {
  const { y, sigma } = read('models/posteriors/eight_schools_noncentered.json')
  const options = { data: { y, se: sigma }, sizes: { school: 8 }, target: kernel }

  it('agrees with the reference draws of Stan', () => {
    const { density, ...made } = compiled(schools, options)
    const key = keyFromSeed(99)
    const chains = sampleChains(() => nutsSampler(density), key, { warmup: 1000, draws: 1500 })
    const { draws } = generate(made, chains, key)
    expect(draws.names).toEqual(['mu', 'tau', ...[1, 2, 3, 4, 5, 6, 7, 8].map((j) => `z[${j}]`)])
    for (const name of ['mu', 'tau']) {
      const s = series(draws, name)
      const want = read('test/data/posteriordb/eight_schools-eight_schools_noncentered.reference.json').summary[name]
      // The gate of the collection: four joint standard errors, false alarm 6e-5 for each of the four numbers.
      expect(Math.abs(mean(pooled(s)) - want.mean)).toBeLessThanOrEqual(4 * Math.hypot(want.mcse_mean, mcseMean(s)))
      expect(Math.abs(Math.sqrt(variance(pooled(s))) - want.sd)).toBeLessThanOrEqual(4 * Math.hypot(want.mcse_sd, mcseSd(s)))
    }
  })

  it('has the same density whether or not the coordinates share one block of memory', () => {
    const { program, density } = compiled(schools, options)
    const apart = reference(program.graph, options.sizes)
    apart.inputs.get('y')?.set(y)
    apart.inputs.get('se')?.set(sigma)
    apart.inputs.get(ports.temperature)?.set([1])
    const other = fromProgram(program, apart)
    const stream = new Stream(keyFromSeed(3))
    const q = Float64Array.from({ length: 10 }, () => stream.normal())
    const [g, h] = [new Float64Array(10), new Float64Array(10)]
    expect(density.evaluate(q, g)).toBeCloseTo(other.evaluate(q, h), 10)
    g.forEach((x, i) => {
      expect(x).toBeCloseTo(h[i] as number, 10)
    })
    // The terms are energies; the log Jacobian, log tau, is not among them.
    const terms = density.terms?.() ?? []
    expect(terms.map((t) => t.name)).toEqual(program.terms)
    const logTau = q[1] as number
    expect(terms.reduce((s, t) => s + t.value, 0)).toBeCloseTo(logTau - density.evaluate(q, g), 10)
  })
})

/** Every joint setting of the fields. */
function settings(fields: readonly DiscreteField[]): number[][] {
  const sites = fields.flatMap((f) => [...f.values].map(() => [...f.levels]))
  return sites.reduce<number[][]>((all, levels) => all.flatMap((s) => levels.map((l) => [...s, l])), [[]])
}

function set(fields: readonly DiscreteField[], setting: readonly number[]): void {
  let at = 0
  for (const f of fields) for (let i = 0; i < f.values.length; i += 1) f.values[i] = setting[at++] as number
}

const random = (n: number, seed: number, scale: number) => {
  const stream = new Stream(keyFromSeed(seed))
  return Array.from({ length: n }, () => scale * stream.normal())
}

const discreteModels = [
  {
    name: 'a Hopfield network',
    text: readFileSync(new URL('../language/hopfield.amp', import.meta.url), 'utf8'),
    data: { xi: [1, -1, 1, 1, -1, 1, 1, -1, -1, 1] },
    sizes: { pattern: 2, neuron: 5 },
  },
  {
    name: 'both layers of a Boltzmann machine',
    text: readFileSync(new URL('../language/rbm.amp', import.meta.url), 'utf8'),
    data: { W: random(6, 1, 1.5), a: random(3, 2, 1), b: random(2, 3, 1) },
    sizes: { visible: 3, hidden: 2 },
  },
  {
    name: 'sites with three levels over two axes',
    text: `
model levels
data h[k]
data J[a, b]
axis k = 3
state z[a, b] : k
energy -sum[a, b](J * h[z]) - sum[a](sum[b](h[z])^2)
`,
    data: { h: [0.3, -0.8, 0.5], J: random(4, 4, 1) },
    sizes: { a: 2, b: 2, k: 3 },
  },
]

describe.each(discreteModels)('the compiled moves of $name', ({ text, data, sizes }) => {
  it.each([
    ['kernel', kernel],
    ['reference', reference],
  ] as const)('leave exp(-E/T) invariant, over commits too (%s)', (_, target) => {
    const temperature = 0.7
    const { density, fields } = compiled(text, { data, sizes, target, temperature })
    const all = settings(fields)
    const none = new Float64Array(0)
    const weights = all.map((s) => {
      set(fields, s)
      return density.evaluate(none, none)
    })
    const top = Math.max(...weights)
    const sampler = gibbs(fields, { temperature })
    const stream = new Stream(keyFromSeed(5))
    set(fields, all[0] as number[])
    // A walk: caches must stay right from move to move. The conditional at each stop is known by enumeration.
    for (let step = 0; step < 200; step += 1) {
      const field = fields[stream.integer(fields.length)] as DiscreteField
      const site = stream.integer(field.values.length)
      const p = new Float64Array(field.levels.length)
      sampler.conditional(field, site, p)
      const old = field.values[site] as number
      const want = [...field.levels].map((level) => {
        field.values[site] = level
        const now = fields.flatMap((f) => [...f.values])
        return Math.exp((weights[all.findIndex((s) => s.every((x, i) => x === now[i]))] as number) - top)
      })
      field.values[site] = old
      const total = want.reduce((a, b) => a + b)
      p.forEach((x, l) => {
        // Energies of order 10 with rounding errors of a few 1e-16 each, summed over 200 updates of the caches.
        expect(x).toBeCloseTo((want[l] as number) / total, 11)
      })
      sampler.move(field, site, stream)
    }
  })
})

describe('a mixture', () => {
  const text = `
model mixture
data mu[k]
data sd[k] : positive
axis k = 3
state z : k
state x ~ normal(mu[z], sd[z])
`
  const data = { mu: [-1, 0.5, 4], sd: [1, 0.5, 2] }
  const options = { data, sizes: { k: 3 }, target: kernel }
  const density = (k: number, x: number) =>
    Math.exp(-0.5 * ((x - (data.mu[k] as number)) / (data.sd[k] as number)) ** 2) / (data.sd[k] as number)

  it('sampled by NUTS and Gibbs in turn has equal shares and the known mean', () => {
    const key = keyFromSeed(31)
    const parts = compiled(text, options)
    const sampler = () => schedule([nutsSampler(parts.density), gibbsSampler(parts.fields)])
    const chains = sampleChains(sampler, key, { warmup: 500, draws: 6000 })
    const { draws } = generate(parts, chains, key)
    const z = series(draws, 'z')
    for (const k of [1, 2, 3]) {
      const here = z.map((c) => c.map((v) => (v === k ? 1 : 0)))
      expect(Math.abs(mean(pooled(here)) - 1 / 3)).toBeLessThan(gate * mcseMean(here))
    }
    const x = series(draws, 'x')
    expect(Math.abs(mean(pooled(x)) - 3.5 / 3)).toBeLessThan(gate * mcseMean(x))
  })

  it('with its state summed out, draws of the state follow the responsibilities', () => {
    const key = keyFromSeed(32)
    const { density: target, ...made } = compiled(text, { ...options, sumOut: ['z'] })
    const chains = sampleChains(() => nutsSampler(target), key, { warmup: 500, draws: 3000 })
    const { draws, responsibilities } = generate(made, chains, key)
    const [z, x] = [series(draws, 'z'), series(draws, 'x')]
    const posterior = (k: number, v: number) => density(k, v) / (density(0, v) + density(1, v) + density(2, v))
    for (const k of [0, 1, 2]) {
      // Draw minus its probability at that draw: mean zero, and nothing else is.
      const off = z.map((c, i) => c.map((v, d) => (v === k + 1 ? 1 : 0) - posterior(k, must(x[i], 'chain')[d] as number)))
      expect(Math.abs(mean(pooled(off)))).toBeLessThan(gate * mcseMean(off))
      const average = mean(pooled(x.map((c) => c.map((v) => posterior(k, v)))))
      expect(responsibilities[0]?.mean[k]).toBeCloseTo(average, 10)
    }
    expect(generate(made, chains, key).draws).toEqual(draws)
  })

  it('gives spins and bits that were summed out their own values', () => {
    const two = `
model two
state h : bit
state s : spin
state x ~ normal(0, 1)
energy -1.2 * h - 0.4 * s - 0.5 * x * s
`
    const key = keyFromSeed(33)
    const { density: target, ...made } = compiled(two, { data: {}, sizes: {}, target: kernel, sumOut: ['h', 's'] })
    const chains = sampleChains(() => nutsSampler(target), key, { warmup: 500, draws: 3000 })
    const { draws } = generate(made, chains, key)
    const sigmoid = (v: number) => 1 / (1 + Math.exp(-v))
    const share = (name: string, level: number) => series(draws, name).map((c) => c.map((v) => (v === level ? 1 : 0)))
    // P(s) is proportional to exp(0.4 s) E exp(0.5 x s), and the second factor is the same for both.
    for (const [name, low, p] of [
      ['h', 0, sigmoid(1.2)],
      ['s', -1, sigmoid(0.8)],
    ] as const) {
      const up = share(name, 1)
      expect(Math.abs(mean(pooled(up)) - p)).toBeLessThan(gate * mcseMean(up))
      expect(mean(pooled(share(name, low))) + mean(pooled(up))).toBeCloseTo(1, 12)
    }
  })
})
