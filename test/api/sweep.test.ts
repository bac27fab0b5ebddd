import { describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { type SweepOptions, type SweepResult, sweep } from '../../src/api/sweep.ts'
import { must } from '../../src/base/internal-error.ts'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

async function asked(text: string, inputs: Inputs, options: SweepOptions) {
  const loaded = must(load({ name: 'm.amp', text }).value, 'model')
  return sweep(loaded, must(givenOf(inputs).value, 'inputs'), { seed: 4, ...options })
}

async function swept(text: string, inputs: Inputs, options: SweepOptions): Promise<SweepResult> {
  const { value, diagnostics } = await asked(text, inputs, options)
  return must(value, JSON.stringify(diagnostics))
}

/** Standard errors; a normal number is beyond once in 500 million. Some 50 are looked at here. */
const GATE = 6

function expectNear(found: { readonly value: number; readonly error: number }, wanted: number, what: string): void {
  expect(Math.abs(found.value - wanted), `${what}: ${found.value} +- ${found.error} instead of ${wanted}`).toBeLessThan(GATE * found.error)
}

const ising = `
axis  a = 4
axis  b = 4
state s[a, b] : spin
let   m = mean[a, b](s)
energy -sum[a, b](s * s[a = a - 1 else s[a = 4]]) - sum[a, b](s * s[b = b - 1 else s[b = 4]])
`

/** How many states of the periodic lattice have an energy and a sum of spins. */
function levels(): readonly (readonly [E: number, M: number, count: number])[] {
  const counts = new Map<string, number>()
  const spin = (state: number, a: number, b: number): number => 2 * ((state >> (4 * (a % 4) + (b % 4))) & 1) - 1
  for (let state = 0; state < 65536; state += 1) {
    let [E, M] = [0, 0]
    for (let a = 0; a < 4; a += 1) {
      for (let b = 0; b < 4; b += 1) {
        M += spin(state, a, b)
        E -= spin(state, a, b) * (spin(state, a + 1, b) + spin(state, a, b + 1))
      }
    }
    counts.set(`${E},${M}`, (counts.get(`${E},${M}`) ?? 0) + 1)
  }
  return [...counts].map(([key, count]) => [...key.split(',').map(Number), count] as [number, number, number])
}

const hopfield = 'memory xi[p, i] : spin\nstate s[i] : spin\nenergy -sum[p](sum[i](xi * s)^2) / (2 * size(i))\n'

/** Means over the lattice of 4 x 4 at a temperature. */
function enumerated(T: number, all = levels()) {
  const weights = all.map(([E, , count]) => count * Math.exp(-(E + 32) / T))
  const total = weights.reduce((x, y) => x + y)
  const mean = (f: (E: number, M: number) => number): number =>
    all.reduce((sum, [E, M], i) => sum + f(E, M) * (weights[i] as number), 0) / total
  return { E: mean((E) => E), mean }
}

/** log Z of a periodic lattice of m x n at K = 1 / T, in closed form (Kaufman 1949, equation 39). */
function kaufman(m: number, n: number, K: number): number {
  const gamma = (r: number): number => {
    // With its sign, which changes at the transition.
    if (r === 0) return 2 * K + Math.log(Math.tanh(K))
    return Math.acosh(Math.cosh(2 * K) / Math.tanh(2 * K) - Math.cos((Math.PI * r) / n))
  }
  const product = (f: (x: number) => number, first: number): number =>
    Array.from({ length: n }, (_, r) => 2 * f((m * gamma(2 * r + first)) / 2)).reduce((x, y) => x * y)
  const sum = product(Math.cosh, 1) + product(Math.sinh, 1) + product(Math.cosh, 0) + product(Math.sinh, 0)
  return Math.log(sum / 2) + ((m * n) / 2) * Math.log(2 * Math.sinh(2 * K))
}

/** -d log Z / dK, by a difference that is off by 1e-8 of it. */
function kaufmanEnergy(m: number, n: number, K: number): number {
  return -(kaufman(m, n, K + 1e-4) - kaufman(m, n, K - 1e-4)) / 2e-4
}

/** m of the replica-symmetric equations of a retrieval state (Amit, Gutfreund and Sompolinsky 1985), Gaussian means by sums. */
function retrievalOverlap(load: number, T: number): number {
  const nodes = Array.from({ length: 800 }, (_, i) => -8 + 0.02 * (i + 0.5))
  let [m, r] = [1, 1]
  for (let k = 0; k < 200; k += 1) {
    const values = nodes.map(
      (z) => [Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI), Math.tanh((m + Math.sqrt(load * r) * z) / T)] as const,
    )
    m = values.reduce((sum, [w, t]) => sum + 0.02 * w * t, 0)
    const q = values.reduce((sum, [w, t]) => sum + 0.02 * w * t * t, 0)
    r = q / (1 - (1 - q) / T) ** 2
  }
  return m
}

describe('a sweep of temperatures', () => {
  it('has the energy, heat capacity and magnetisation of a periodic Ising lattice of 4 x 4, by enumeration', async () => {
    const all = levels()
    const { rows, warnings } = await swept(ising, {}, { temperatures: [0, 1.6, 2, 2.5, 3.2, 5], draws: 1000, warmup: 150, report: ['m'] })
    expect(warnings).toEqual([])
    const [ground, ...warm] = rows
    expect([ground?.energy.value, ground?.quantities[0]?.absolute.value, ground?.heatCapacity.value]).toEqual([-32, 1, Number.NaN])
    for (const { temperature: T, energy, heatCapacity, quantities } of warm) {
      const { E, mean } = enumerated(T, all)
      const size = mean((_, M) => Math.abs(M) / 16)
      expectNear(energy, E, `E at ${T}`)
      expectNear(heatCapacity, mean((e) => (e - E) ** 2) / T ** 2, `C at ${T}`)
      const m = must(quantities[0], 'm')
      expectNear(m.mean, 0, `m at ${T}`)
      expectNear(m.absolute, size, `|m| at ${T}`)
      expectNear(m.susceptibility, mean((_, M) => (M / 16) ** 2) / T, `chi at ${T}`)
      expectNear(m.absoluteSusceptibility, mean((_, M) => (Math.abs(M) / 16 - size) ** 2) / T, `chi of |m| at ${T}`)
    }
  })

  it('has the energy of a lattice of 8 x 8 by Kaufman (1949), on both sides of the transition', async () => {
    for (const K of [0.3, 0.6]) expect(kaufmanEnergy(4, 4, K)).toBeCloseTo(enumerated(1 / K).E, 5)
    const text = ising.replaceAll('4', '8').replace(/^let.*$/m, '')
    const temperatures = [1.9, 2.1, 2.27, 2.45, 2.7, 3, 3.5]
    const { rows } = await swept(text, {}, { temperatures, chains: 2, draws: 500, warmup: 150 })
    for (const { temperature: T, energy } of rows) expectNear(energy, kaufmanEnergy(8, 8, 1 / T), `E at ${T}`)
  })

  it('has the energy of equipartition, and none of the Jacobian of a scale', async () => {
    // Five squares: E = 5 T / 2; r above 0 with energy 3 r: E = T more.
    const text = 'state x[i]\nstate r : positive\nenergy sum[i](x^2) * 2 + 3 * r\n'
    const { rows } = await swept(text, { cue: { x: [0, 0, 0, 0, 0] } }, { temperatures: [0.5, 1, 2], draws: 500, warmup: 200 })
    for (const { temperature: T, energy, heatCapacity, acceptance } of rows) {
      expectNear(energy, 3.5 * T, `E at ${T}`)
      expectNear(heatCapacity, 3.5, `C at ${T}`)
      expect(acceptance).toBeGreaterThan(0.6)
    }
  })

  it('has the overlap of mean-field theory in a Hopfield network at low load', async () => {
    const N = 64
    // Orthogonal patterns, so that nothing but the finite size is off.
    const xi = [1, 2].map((k) => Array.from({ length: N }, (_, i) => (((i >> k) & 1) === 0 ? 1 : -1)))
    const temperatures = [0, 0.5, 0.56, 0.62, 0.7, 0.8, 0.92, 1.06, 1.25]
    const { rows } = await swept(hopfield, { memory: { xi } }, { temperatures, chains: 2, draws: 400, warmup: 100 })
    expect(rows[0]?.energy.value).toBeCloseTo(-N / 2, 9)
    expect(rows[0]?.overlaps[0]?.overlap.value).toBe(1)
    for (const { temperature: T, overlaps } of rows.slice(1, 5)) {
      let m = 1
      for (let k = 0; k < 200; k += 1) m = Math.tanh(m / T)
      const found = must(overlaps[0], 'overlap').overlap
      // The corrections are of order 1 / N, and largest near T = 1: 0.03 at T = 0.7 for 64 spins, which is 2 / N.
      expect(Math.abs(found.value - m), `m at ${T}`).toBeLessThan(2 / N + GATE * found.error)
    }
    // Above T = 1 what is left is noise of the order of 1 / sqrt(N).
    expect(must(rows.at(-1)?.overlaps[0], 'overlap').overlap.value).toBeLessThan(0.4)
  })

  it('has the overlap of Amit, Gutfreund and Sompolinsky at a load of 0.05', async () => {
    const [N, P] = [200, 10]
    const stream = new Stream(keyFromSeed(11))
    const xi = Array.from({ length: P }, () => Array.from({ length: N }, () => (stream.uniform() < 0.5 ? -1 : 1)))
    const options = { temperatures: [0.2, 0.235, 0.27, 0.3], chains: 2, draws: 200, warmup: 50 }
    const { rows } = await swept(hopfield, { memory: { xi }, cue: { s: must(xi[0], 'pattern') } }, options)
    for (const { temperature: T, overlaps } of rows) {
      const found = must(overlaps[0], 'overlap').overlap
      // One draw of the patterns: corrections are of order 1 / N, here up to twice that.
      expect(Math.abs(found.value - retrievalOverlap(P / N, T)), `m at ${T}`).toBeLessThan(2 / N + GATE * found.error)
    }
  })

  it('is the same for the same seed', async () => {
    const options = { temperatures: [0, 1, 2], chains: 2, draws: 50, warmup: 20, report: ['m'] }
    const [one, other] = [await swept(ising, {}, options), await swept(ising, {}, options)]
    expect(JSON.stringify(one.rows)).toBe(JSON.stringify(other.rows))
  })

  it('may be of one temperature, and warns where neighbours are too far apart', async () => {
    const one = await swept(ising, {}, { temperatures: [2], chains: 2, draws: 50, warmup: 20 })
    expect([one.rows.length, one.rows[0]?.swapRate, one.warnings]).toEqual([1, Number.NaN, []])
    const far = await swept(
      'state s[i] : spin\nenergy -2 * sum[i](s)',
      { cue: { s: new Array(60).fill(1) } },
      { temperatures: [0.5, 100], draws: 50, warmup: 20 },
    )
    expect(far.warnings.map((w) => w.kind)).toEqual(['swaps'])
  })
})

describe('what a sweep is refused for', () => {
  const told = async (options: SweepOptions, text = 'state x ~ normal(0, 1)') =>
    (await asked(text, {}, { draws: 5, warmup: 5, ...options })).diagnostics.map((d) => `${d.code} ${d.message}`)

  it('has temperatures that go up from 0 on, one above it', async () => {
    expect(await told({})).toEqual(['AMP641 No temperature above 0 was asked for.'])
    expect(await told({ temperatures: [0] })).toEqual(['AMP641 No temperature above 0 was asked for.'])
    expect(await told({ temperatures: [-1, 1] })).toEqual(['AMP641 The temperature -1 is below 0.'])
    expect(await told({ temperatures: [1, 1] })).toEqual(['AMP641 The temperature 1 comes after 1.'])
  })

  it('says at which temperature a density is improper', async () => {
    expect(await told({ temperatures: [1, 5] }, 'state x ~ student_t(3, 0, 1)')).toEqual([
      'AMP603 At temperature 5, the hottest of the ladder, the density does not fall off as x goes to infinity: it cannot be normalised.',
    ])
  })

  it('sums nothing out', async () => {
    expect(await told({ temperatures: [1], treatments: [{ kind: 'integrate', name: 'x' }] })).toEqual([
      'AMP716 "x" cannot be integrated out by sweep: the mean energy and the heat capacity are those of all that moves.',
    ])
  })

  it('says that nothing depends on T where nothing moves', async () => {
    const { diagnostics } = await asked('state x ~ normal(0, 1)', { observed: { x: 1 } }, { temperatures: [1] })
    expect(diagnostics.map((d) => d.code)).toEqual(['AMP607'])
  })
})
