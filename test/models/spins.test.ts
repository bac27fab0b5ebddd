import { describe, expect, it } from 'vitest'
import { all, dot, from, given, logSumExp, mean, model, retrieved, rows, sampled, table, value } from './gallery.ts'

// Means of Gibbs chains against exact ones, at six of their own standard errors: a false alarm in 2e-9 of checks, below
// 1e-6 for the at most a hundred of a test.
const SIX = 6

/** All vectors of `levels` of this length. */
const every = (length: number, levels: readonly number[]): number[][] =>
  Array.from({ length: levels.length ** length }, (_, code) =>
    Array.from({ length }, (_, i) => levels[Math.floor(code / levels.length ** i) % levels.length] as number),
  )
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

describe('hopfield', () => {
  const loaded = model('hopfield')
  const patterns = rows(table('hopfield/patterns.csv'))
  const cues = rows(table('hopfield/cues.csv'))
  const N = 100
  /** The couplings of the classical network, with nothing on the diagonal. */
  const field = (s: ArrayLike<number>, i: number): number =>
    sum(patterns.map((xi) => (xi[i] as number) * (dot(xi, s) - (xi[i] as number) * (s[i] as number)))) / N

  it('restores every pattern from a cue with fifteen wrong spins', async () => {
    const found = await retrieved(loaded, given([from('xi', 'hopfield/patterns.csv')], { cues: [from('s', 'hopfield/cues.csv')] }))
    found.forEach((r, k) => {
      const s = r.states.s?.data as Float64Array
      expect(dot(cues[k] as Float64Array, patterns[k] as Float64Array)).toBe(70)
      expect(dot(s, patterns[k] as Float64Array)).toBe(100)
      for (let i = 0; i < N; i += 1) expect((s[i] as number) * field(s, i)).toBeGreaterThan(0)
      expect(r.energy).toBeCloseTo(-sum(patterns.map((xi) => dot(xi, s) ** 2)) / (2 * N), 9)
    })
  })

  it('keeps what is observed, right or wrong', async () => {
    const wrong = (patterns[0] as Float64Array).map((v, i) => (i < 10 ? -v : Number.NaN))
    const [r] = await retrieved(
      loaded,
      given([from('xi', 'hopfield/patterns.csv')], {
        observed: [value('s', [N], wrong)],
        cues: [value('s', [N], patterns[0] as Float64Array)],
      }),
    )
    expect(dot(r?.states.s?.data ?? [], patterns[0] as Float64Array)).toBe(80)
  })

  it('sampled at T = 0.8 has the correlations of all 4096 states', async () => {
    // The first twelve spins of two of the patterns, so that every state can be counted.
    const xi = patterns.slice(0, 2).map((p) => [...p.slice(0, 12)])
    const states = every(12, [-1, 1])
    const energies = states.map((s) => -sum(xi.map((p) => dot(p, s) ** 2)) / 24)
    const logZ = logSumExp(energies.map((e) => -e / 0.8))
    const result = await sampled(loaded, given([value('xi', [2, 12], xi.flat())]), { temperature: 0.8, draws: 4000, warmup: 200 })
    expect(result.sampler).toBe('gibbs')
    const width = result.draws.names.length
    const at = result.draws.names.indexOf('s[1]')
    const product = (i: number, j: number): number[][] =>
      result.draws.chains.map((c) =>
        Array.from({ length: c.count }, (_, d) => (c.values[d * width + at + i] as number) * (c.values[d * width + at + j] as number)),
      )
    for (const [i, j] of [
      [0, 1],
      [0, 5],
      [2, 7],
      [3, 11],
      [8, 9],
    ] as const) {
      const exact = sum(states.map((s, k) => (s[i] as number) * (s[j] as number) * Math.exp(-(energies[k] as number) / 0.8 - logZ)))
      const chains = product(i, j)
      expect(Math.abs(mean(chains.flat()) - exact)).toBeLessThan(SIX * batchError(chains))
    }
  })
})

describe('rbm', () => {
  const loaded = model('rbm')
  const bars = rows(table('rbm/bars.csv'))
  const file = new Map(all('rbm/weights.json').map((g) => [g.name, g.value.kind === 'numbers' ? [...g.value.data] : []]))
  const [W, a, b] = ['W', 'a', 'b'].map((name) => file.get(name) as number[]) as [number[], number[], number[]]
  /** Minus the log of the sum over the hidden units of exp(-E/T), times T. */
  const inputs = (v: ArrayLike<number>): number[] =>
    b.map((bias, j) => Array.from(v).reduce((s, vi, i) => s + vi * (W[i * 16 + j] as number), bias))
  const freeEnergy = (v: ArrayLike<number>, T = 1): number =>
    -dot(a, v) - T * sum(inputs(v).map((x) => Math.log1p(Math.exp(-Math.abs(x) / T)) + Math.max(0, x) / T))
  const flip = (v: Float64Array, i: number): Float64Array => v.map((x, k) => (k === i ? 1 - x : x))

  it('holds bars and stripes as minima of its free energy, and repairs a wrong pixel', async () => {
    const found = await retrieved(loaded, given(all('rbm/weights.json'), { cues: [from('v', 'rbm/bars.csv')] }))
    found.forEach((r, k) => {
      const v = bars[k] as Float64Array
      expect([...(r.states.v?.data ?? [])]).toEqual([...v])
      expect(r.energy).toBeCloseTo(freeEnergy(v), 8)
      for (let i = 0; i < 16; i += 1) expect(freeEnergy(flip(v, i))).toBeGreaterThan(freeEnergy(v))
    })
    const damaged = bars.flatMap((v, k) => [...flip(v, (5 * k) % 16)])
    const mended = await retrieved(loaded, given(all('rbm/weights.json'), { cues: [value('v', [30, 16], damaged)] }))
    // One wrong pixel of sixteen: most go back; some lie beside another minimum.
    const right = mended.filter(
      (r, k) =>
        dot(r.states.v?.data ?? [], bars[k] as Float64Array) === sum([...(bars[k] as Float64Array)]) &&
        sum([...(r.states.v?.data ?? [])]) === sum([...(bars[k] as Float64Array)]),
    )
    expect(right.length).toBeGreaterThanOrEqual(24)
    mended.forEach((r) => {
      const v = r.states.v?.data as Float64Array
      for (let i = 0; i < 16; i += 1) expect(freeEnergy(flip(v, i))).toBeGreaterThanOrEqual(freeEnergy(v) - 1e-9)
    })
  })

  it('puts nearly all of its probability on bars and stripes: all 65536 images counted', () => {
    const images = every(16, [0, 1])
    const logZ = logSumExp(images.map((v) => -freeEnergy(v)))
    expect(sum(bars.map((v) => Math.exp(-freeEnergy(v) - logZ)))).toBeGreaterThan(0.8)
  })

  it('sampled at T = 5 has the exact marginals of pixels and hidden units', async () => {
    const T = 5
    const images = every(16, [0, 1])
    const logs = images.map((v) => -freeEnergy(v, T) / T)
    const logZ = logSumExp(logs)
    const weights = logs.map((l) => Math.exp(l - logZ))
    const result = await sampled(loaded, given(all('rbm/weights.json')), { temperature: T, draws: 4000, warmup: 200 })
    const check = (name: string, exact: number): void => {
      const at = result.draws.names.indexOf(name)
      const chains = result.draws.chains.map((c) =>
        Array.from({ length: c.count }, (_, d) => c.values[d * result.draws.names.length + at] as number),
      )
      expect(Math.abs(mean(chains.flat()) - exact), name).toBeLessThan(SIX * batchError(chains))
    }
    for (const i of [0, 3, 6, 9, 15]) check(`v[${i + 1}]`, sum(images.map((v, k) => (v[i] as number) * (weights[k] as number))))
    for (const j of [0, 4, 9, 15])
      check(`h[${j + 1}]`, sum(images.map((v, k) => (weights[k] as number) / (1 + Math.exp(-(inputs(v)[j] as number) / T)))))
  })
})

/** The standard error of a mean over chains, from means of forty batches (which are long against the chains' memory). */
function batchError(chains: readonly (readonly number[])[]): number {
  const means = chains.flatMap((chain) => {
    const size = chain.length / 40
    return Array.from({ length: 40 }, (_, k) => mean(chain.slice(k * size, (k + 1) * size)))
  })
  const centre = mean(means)
  return Math.sqrt(mean(means.map((m) => (m - centre) ** 2)) / means.length)
}
