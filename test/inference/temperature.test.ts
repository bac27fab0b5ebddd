import { describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { type SampleOptions, type SampleResult, sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { runChain } from '../../src/inference/chains/chain.ts'
import type { LogDensity } from '../../src/inference/density/density.ts'
import { mcseMean } from '../../src/inference/diagnostics/mcse.ts'
import { mean, pooled } from '../../src/inference/diagnostics/moments.ts'
import { series, statistic } from '../../src/inference/draws/draws.ts'
import { langevinSampler } from '../../src/inference/samplers/adaptive-langevin.ts'
import { type DiscreteField, gibbs } from '../../src/inference/samplers/gibbs.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

/** Every sampler at temperatures other than 1, against quadrature or enumeration of exp(-E/T), E written out by hand. */
const temperatures = [0.4, 2.5]
/** Six standard errors of each mean: 2e-9 for each of the hundred or so that are looked at. */
const gate = 6

async function draw(text: string, inputs: Inputs, options: SampleOptions): Promise<SampleResult> {
  const loaded = must(load({ name: 'm.amp', text }).value, 'model')
  const { value, diagnostics } = await sample(loaded, must(givenOf(inputs).value, 'inputs'), { seed: 5, ...options })
  return must(value, JSON.stringify(diagnostics))
}

type Place = Readonly<Record<string, number>>
/** A function of a draw and its mean. */
type Mean = readonly [f: (p: Place) => number, mean: number]
type Means = Readonly<Record<string, Mean>>

/** Every draw as numbers by name, with `lp__` where the sampler reports it; one list a chain. */
function placesOf({ draws }: SampleResult): readonly (readonly Place[])[] {
  const columns = draws.names.map((n) => series(draws, n))
  const lp = statistic(draws, 'lp__')
  return draws.chains.map((c, k) =>
    Array.from({ length: c.count }, (_, d) => ({
      ...Object.fromEntries(draws.names.map((n, i) => [n, columns[i]?.[k]?.[d] as number])),
      ...(lp === undefined ? {} : { lp__: lp[k]?.[d] as number }),
    })),
  )
}

function expectMeans(result: SampleResult, wanted: Means): void {
  const places = placesOf(result)
  for (const [what, [f, expected]] of Object.entries(wanted)) {
    const values = places.map((chain) => Float64Array.from(chain, f))
    // What is hardly ever seen has no error that is normal.
    if (expected > 0 && expected < 0.005) continue
    const off = Math.abs(mean(pooled(values)) - expected)
    expect(off, `${what}: ${mean(pooled(values))} instead of ${expected}`).toBeLessThan(gate * mcseMean(values))
  }
}

function expectLevels(result: SampleResult, level: (p: Place) => number): void {
  for (const chain of placesOf(result)) {
    // Energies of size 10, summed in another order.
    for (const p of chain) expect(Math.abs((p.lp__ as number) - level(p))).toBeLessThan(1e-9)
  }
}

/** Means under exp(log density) over a box of two dimensions, by the midpoint rule. */
function quadrature(level: (a: number, b: number) => number, box: readonly (readonly [number, number])[]) {
  const n = 400
  const at = ([from, to]: readonly [number, number], i: number): number => from + ((to - from) * (i + 0.5)) / n
  const [first, second] = box as readonly [readonly [number, number], readonly [number, number]]
  const cells = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => [at(first, i), at(second, j)] as const)).flat()
  const weights = cells.map(([a, b]) => Math.exp(level(a, b)))
  const total = weights.reduce((x, y) => x + y)
  return (f: (a: number, b: number) => number): number =>
    cells.reduce((sum, [a, b], k) => sum + f(a, b) * (weights[k] as number), 0) / total
}

const half = 0.5 * Math.log(2 * Math.PI)
const normal = (x: number, mu: number, sd: number): number => half + Math.log(sd) + 0.5 * ((x - mu) / sd) ** 2

describe.each(temperatures)('at temperature %d', (T) => {
  describe.each(['nuts', 'langevin'] as const)('%s', (sampler) => {
    const text = 'model m\ndata y\nstate x ~ normal(0.5, 1)\nstate s : positive ~ gamma(4, 2)\ny ~ normal(x, s)\n'
    const y = 2.2
    const energy = (x: number, s: number): number =>
      normal(x, 0.5, 1) + (Math.log(6) - 4 * Math.log(2) - 3 * Math.log(s) + 2 * s) + normal(y, x, s)

    it('draws from exp(-E/T), and lp__ is -E/T with the Jacobian', async () => {
      const options = { sampler, temperature: T, draws: sampler === 'nuts' ? 3000 : 8000, warmup: 1000 }
      const result = await draw(text, { data: { y } }, options)
      expect(result.sampler).toBe(sampler)
      const wide = Math.sqrt(T)
      const over = quadrature(
        (x, s) => -energy(x, s) / T,
        [
          [0.5 - 7 * wide, 2.2 + 7 * wide],
          [0, 4 + 14 * T],
        ],
      )
      expectMeans(result, {
        'the mean of x': [(p) => p.x as number, over((x) => x)],
        'the mean square of x': [(p) => (p.x as number) ** 2, over((x) => x * x)],
        'the mean of s': [(p) => p.s as number, over((_x, s) => s)],
        'the mean log of s': [(p) => Math.log(p.s as number), over((_x, s) => Math.log(s))],
        'the mean product': [(p) => (p.x as number) * (p.s as number), over((x, s) => x * s)],
      })
      expectLevels(result, (p) => -energy(p.x as number, p.s as number) / T + Math.log(p.s as number))
    })
  })

  it('Gibbs draws from exp(-E/T), and lp__ is -E/T', async () => {
    const text = 'model m\ndata h[i]\nstate s[i] : spin\nenergy -sum[i](h * s) - 0.8 * s[i = 1] * s[i = 2] + 0.5 * s[i = 2] * s[i = 3]\n'
    const h = [0.3, -0.5, 0.7]
    const energy = (s: readonly number[]): number => {
      const [a = 0, b = 0, c = 0] = s
      return -(0.3 * a - 0.5 * b + 0.7 * c) - 0.8 * a * b + 0.5 * b * c
    }
    const states = Array.from({ length: 8 }, (_, n) => [n & 1, n & 2, n & 4].map((bit) => (bit === 0 ? -1 : 1)))
    const weights = states.map((s) => Math.exp(-energy(s) / T))
    const total = weights.reduce((x, y) => x + y)
    const result = await draw(text, { data: { h } }, { temperature: T, draws: 4000, keep: ['s'] })
    expect(result.sampler).toBe('gibbs')
    const read = (p: Place): readonly number[] => [1, 2, 3].map((i) => p[`s[${i}]`] as number)
    expectMeans(
      result,
      Object.fromEntries(
        states.map((s, n) => [`p(${s})`, [(p: Place) => (read(p).join() === s.join() ? 1 : 0), (weights[n] as number) / total]]),
      ),
    )
    expectLevels(result, (p) => -energy(read(p)) / T)
  })

  describe('a choice of three and a number', () => {
    const text =
      'model m\naxis k = 3\ndata a[k]\ndata m[k]\ndata r[k] : positive\nstate z : k\nstate x\nenergy a[z] + r[z] * (x - m[z])^2 / 2\n'
    const [a, m, r] = [
      [0.3, -0.2, 0.9],
      [0, 1.5, -2],
      [1, 2.5, 0.6],
    ]
    const inputs = { data: { a, m, r } }
    // Without a family of its own, z has each of its levels alike.
    const energy = (z: number, x: number): number => Math.log(3) + (a[z] as number) + ((r[z] as number) * (x - (m[z] as number)) ** 2) / 2
    // Integrals over x of exp(-E/T): exp(-a/T) sqrt(2 pi T / r).
    const mass = a.map((v, k) => Math.exp(-v / T) / Math.sqrt(r[k] as number))
    const share = mass.map((w) => w / mass.reduce((x, y) => x + y))
    const means: Means = Object.fromEntries<Mean>(
      share.flatMap((p, k) => [
        [`p(z = ${k + 1})`, [(q: Place) => (q.z === k + 1 ? 1 : 0), p]],
        [`the mean of x there, ${k + 1}`, [(q: Place) => (q.z === k + 1 ? (q.x as number) : 0), p * (m[k] as number)]],
        [
          `the mean square of x there, ${k + 1}`,
          [(q: Place) => (q.z === k + 1 ? ((q.x as number) - (m[k] as number)) ** 2 : 0), (p * T) / (r[k] as number)],
        ],
      ]),
    )

    it.each(['nuts', 'langevin'] as const)('are drawn in turn by Gibbs and %s', async (sampler) => {
      const result = await draw(text, inputs, { sampler, temperature: T, draws: 6000, keep: ['z'] })
      expect(result.sampler).toBe(`${sampler} within gibbs`)
      expectMeans(result, means)
      expectLevels(result, (p) => -energy((p.z as number) - 1, p.x as number) / T)
    })

    it('are drawn by NUTS with the choice summed out, and then the choice given the number', async () => {
      const result = await draw(text, inputs, { temperature: T, draws: 6000 })
      expect(result.sampler).toBe('nuts')
      expectMeans(result, means)
      expectLevels(result, ({ x = 0 }) => Math.log([0, 1, 2].reduce((sum, z) => sum + Math.exp(-energy(z, x) / T), 0)))
      const found = must(result.responsibilities[0], 'z').mean
      share.forEach((p, k) => {
        // The mean of responsibilities varies less than that of the draws, whose standard error is at most 0.5 / sqrt(24000) times a few.
        expect(Math.abs((found[k] as number) - p)).toBeLessThan(0.05)
      })
    })

    it('given the number the choice alone is drawn, and lp__ is that of what was summed out', async () => {
      const result = await draw(text, { ...inputs, observed: { x: 0.4 } }, { temperature: T, draws: 4000 })
      const weights = [0, 1, 2].map((z) => Math.exp(-energy(z, 0.4) / T))
      const total = weights.reduce((x, y) => x + y)
      expectMeans(
        result,
        Object.fromEntries(weights.map((w, k) => [`p(z = ${k + 1})`, [(q: Place) => (q.z === k + 1 ? 1 : 0), w / total]])),
      )
      expectLevels(result, () => Math.log(total))
    })
  })

  it('ancestral sampling is of exp(-E/T)', async () => {
    const text =
      'model m\naxis k = 3\ndata w[k] : simplex[k]\ndata m[k]\nstate z : k ~ categorical(w)\nstate x ~ normal(m[z], 0.7)\nstate u : positive ~ gamma(3, 2)\n'
    const [w, m] = [
      [0.2, 0.5, 0.3],
      [0, 2, -1],
    ]
    const result = await draw(text, { data: { w, m } }, { temperature: T, draws: 6000 })
    expect(result.sampler).toBe('exact')
    const tempered = w.map((p) => p ** (1 / T))
    const total = tempered.reduce((x, y) => x + y)
    // gamma(3, 2) to the power 1/T is gamma(1 + 2/T, 2/T).
    expectMeans(result, {
      ...Object.fromEntries(tempered.map((p, k) => [`p(z = ${k + 1})`, [(q: Place) => (q.z === k + 1 ? 1 : 0), p / total]])),
      'the square of what is left of x': [(q) => ((q.x as number) - (m[(q.z as number) - 1] as number)) ** 2, 0.49 * T],
      'the mean of u': [(q) => q.u as number, (1 + 2 / T) / (2 / T)],
    })
  })

  it('a Langevin chain that divides by T itself says so in lp__', () => {
    const density: LogDensity = {
      dimension: 1,
      evaluate([x = 0], g) {
        g[0] = 1 - Math.exp(x)
        return x - Math.exp(x)
      },
    }
    for (const adjusted of [true, false]) {
      const chain = runChain(langevinSampler(density, { temperature: T, adjusted }), keyFromSeed(8), 0, { warmup: 50, draws: 50 })
      const at = chain.columns.indexOf('lp__')
      for (let d = 0; d < chain.count; d += 1) {
        const x = chain.draws[d] as number
        expect(chain.statistics[d * chain.columns.length + at]).toBeCloseTo((x - Math.exp(x)) / T, 12)
      }
    }
  })

  describe.each(['systematic', 'random'] as const)('a Gibbs sweep with a %s scan', (scan) => {
    const energy = ([a = 0, b = 0, c = 0]: ArrayLike<number> & Iterable<number>): number => 0.6 * a - 0.9 * a * b + 0.4 * b * c + 0.3 * c
    const field = (values: Float64Array, held: Uint8Array): DiscreteField => ({
      name: 's',
      values,
      levels: Float64Array.of(-1, 1),
      held,
      prepare: () => undefined,
      change(site, level) {
        const moved: Float64Array = values.slice()
        moved[site] = level
        return energy(moved) - energy(values)
      },
      commit(site, level) {
        values[site] = level
      },
    })

    it('leaves what is observed and draws the rest given it', () => {
      const values = Float64Array.of(1, -1, 1)
      const algorithm = gibbs([field(values, Uint8Array.of(0, 1, 0))], { scan, temperature: T })
      const stream = new Stream(keyFromSeed(19))
      const counts = new Map<string, number>()
      const n = 10_000
      for (let k = 0; k < n; k += 1) {
        // Thinned, so that draws are as good as independent: a random sweep leaves a site alone with probability 8/27.
        for (let j = 0; j < 4; j += 1) algorithm.sweep(stream)
        expect(values[1]).toBe(-1)
        counts.set(`${values}`, (counts.get(`${values}`) ?? 0) + 1)
      }
      const states = [-1, 1].flatMap((a) => [-1, 1].map((c) => [a, -1, c]))
      const weights = states.map((s) => Math.exp(-energy(s) / T))
      const total = weights.reduce((x, y) => x + y)
      states.forEach((s, i) => {
        const p = (weights[i] as number) / total
        // Given b the two others do not depend on each other: a correlation of at most 0.3^4 is left between draws.
        expect(Math.abs((counts.get(`${s}`) ?? 0) / n - p)).toBeLessThan(gate * Math.sqrt((p * (1 - p)) / n))
      })
    })
  })
})
