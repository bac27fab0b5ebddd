import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fold, keyFromSeed, Stream } from '../../src/base/random.ts'
import type { Sizes } from '../../src/ir/graph.ts'
import {
  batchIsSingle,
  type Clamps,
  clampedStays,
  descent,
  type LawVerdict,
  noFlipDown,
  noWayDown,
  restsOnFlatGround,
  silenceIsRetrieval,
} from '../../src/memory/laws.ts'
import { type Machine, openMachine } from '../../src/memory/machine.ts'
import type { RelaxOptions } from '../../src/memory/options.ts'
import { type Cue, retrieve } from '../../src/memory/retrieve.ts'
import { wideGraph } from '../../src/memory/wide.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { near, normals, softmax, spins } from './numbers.ts'
import { compiled } from './programs.ts'

const program = (name: string): string => readFileSync(new URL(`../language/${name}.amp`, import.meta.url), 'utf8')

type Values = Readonly<Record<string, readonly number[] | Float64Array>>

function machineOf(text: string, open: Sizes, fixed: Values, rows = 1): Machine {
  const buffers = new Map(Object.entries(fixed).map(([name, data]) => [name, Float64Array.from(data)]))
  const program = compiled(text)
  return openMachine(program, kernel, open, buffers, rows === 1 ? {} : { wide: wideGraph(program, rows) })
}

const holdsOrDoesNotApply = (verdicts: readonly LawVerdict[]): void => {
  expect(verdicts.filter((v) => v.kind === 'broken')).toEqual([])
}

/** Everything that has to hold of one retrieval; returns what did hold. */
function laws(machine: Machine, cue: Cue, options: RelaxOptions & { clamp?: Clamps } = {}): readonly string[] {
  const done = retrieve(machine, cue, options)
  const clamp = options.clamp ?? {}
  const verdicts = [
    descent(done),
    clampedStays(cue, clamp, done),
    restsOnFlatGround(machine, done, clamp),
    noWayDown(machine, done, new Stream(fold(keyFromSeed(5), 'probes')), 20, clamp),
    noFlipDown(machine, done, clamp),
    silenceIsRetrieval(machine, cue),
  ]
  holdsOrDoesNotApply(verdicts)
  return verdicts.filter((v) => v.kind === 'holds').map((v) => v.sentence)
}

describe('programs of the language, as memories', () => {
  it('modern_hopfield: retrieval is attention, from the text on', () => {
    const [P, D, beta] = [6, 8, 3]
    const xi = normals('patterns', P * D)
    const machine = machineOf(program('modern_hopfield'), { pattern: P, pixel: D }, { xi, beta: [beta] })
    const x = normals('cue', D)
    const one = retrieve(machine, { x }, { maxSteps: 1 })
    const w = softmax(Array.from({ length: P }, (_, p) => beta * x.reduce((s, v, d) => s + v * (xi[p * D + d] as number), 0)))
    const expected = Array.from({ length: D }, (_, d) => w.reduce((s, wp, p) => s + wp * (xi[p * D + d] as number), 0))
    near(one.coordinates.x as Float64Array, expected, 1e-12)
    expect(one.flows).toEqual(['fixed-point'])
    expect(laws(machine, { x })).toHaveLength(5)
    expect(laws(machine, { x }, { clamp: { x: [1, 1, 1, 1, 0, 0, 0, 0] } })).toHaveLength(5)
  })

  it('kernel_density: retrieval is mean shift, and `which` is the attention', () => {
    const [P, D, sigma] = [6, 3, 0.8]
    const xi = normals('patterns', P * D)
    const machine = machineOf(program('kernel_density'), { pattern: P, pixel: D }, { xi, sigma: [sigma] })
    const x = normals('cue', D)
    const one = retrieve(machine, { x }, { maxSteps: 1 })
    const w = softmax(
      Array.from({ length: P }, (_, p) => -x.reduce((s, v, d) => s + (v - (xi[p * D + d] as number)) ** 2, 0) / (2 * sigma ** 2)),
    )
    near(
      one.coordinates.x as Float64Array,
      Array.from({ length: D }, (_, d) => w.reduce((s, wp, p) => s + wp * (xi[p * D + d] as number), 0)),
      1e-12,
    )
    near(one.responsibilities.cue.which?.data as Float64Array, w, 1e-12)
    expect(laws(machine, { x })).toHaveLength(5)
  })

  it('sphere_clustering: retrieval is attention and normalisation', () => {
    const [T, D, kappa] = [5, 4, 10]
    const unit = (v: Float64Array): Float64Array => v.map((x) => x / Math.hypot(...v))
    const keys = Array.from({ length: T }, (_, t) => unit(normals(`key ${t}`, D)))
    const machine = machineOf(program('sphere_clustering'), { token: T, dim: D }, { key: keys.flatMap((k) => [...k]), kappa: [kappa] })
    const x = unit(normals('cue', D))
    const w = softmax(keys.map((k) => kappa * k.reduce((s, v, d) => s + v * (x[d] as number), 0)))
    const pulled = Float64Array.from({ length: D }, (_, d) => w.reduce((s, wt, t) => s + wt * (keys[t]?.[d] as number), 0))
    const one = retrieve(machine, { x }, { maxSteps: 1 })
    near(one.coordinates.x as Float64Array, unit(pulled), 1e-12)
    expect(laws(machine, { x })).toHaveLength(5)
  })

  it('hopfield: spins flip through their overlaps', () => {
    const [P, N] = [4, 80]
    const xi = spins('patterns', P * N)
    const machine = machineOf(program('hopfield'), { pattern: P, neuron: N }, { xi })
    const cue = xi.slice(0, N).map((s, i) => (i % 7 === 0 ? -s : s))
    expect(retrieve(machine, { s: cue }).states.s?.data).toEqual(xi.slice(0, N))
    expect(laws(machine, { s: cue })).toContain('No single flip lowers the energy.')
    expect(laws(machine, { s: cue }, { clamp: { s: cue.map((_, i) => (i < 5 ? 1 : 0)) }, order: 'random', seed: 4 })).toContain(
      'Clamped values stay.',
    )
  })

  it('rbm: visible bits flip with the hidden ones summed out', () => {
    const [V, H] = [6, 4]
    const fixed = { W: normals('W', V * H), a: normals('a', V), b: normals('b', H) }
    const machine = machineOf(program('rbm'), { visible: V, hidden: H }, fixed)
    const cue = { v: Float64Array.of(0, 1, 0, 1, 1, 0) }
    const done = retrieve(machine, cue)
    expect(machine.discrete.map((d) => d.state.name)).toEqual(['v'])
    expect(done.outcome.kind).toBe('converged')
    expect(laws(machine, cue)).toContain('No single flip lowers the energy.')
    // In closed form: F(v) = -a.v - sum log(1 + exp(b + v W)), and a hidden bit is on with probability sigmoid(b + v W).
    const fields = (v: ArrayLike<number>): number[] =>
      Array.from(fixed.b, (b, j) => Array.from(v).reduce((s, vi, i) => s + vi * (fixed.W[i * H + j] as number), b))
    const free = (v: ArrayLike<number>): number =>
      fields(v).reduce((s, f) => s - Math.log1p(Math.exp(f)), -Array.from(v).reduce((s, vi, i) => s + vi * (fixed.a[i] as number), 0))
    const v = done.states.v?.data as Float64Array
    expect(done.energy).toBeCloseTo(free(v), 10)
    for (let i = 0; i < V; i += 1) expect(free(v.map((x, k) => (k === i ? 1 - x : x)))).toBeGreaterThan(free(v))
    const on = fields(v).flatMap((f) => [1 / (1 + Math.exp(f)), 1 / (1 + Math.exp(-f))])
    near(done.responsibilities.end.h?.data as Float64Array, on, 1e-12)
  })

  it('large_associative_memory: neurons in time, and by the attention step', () => {
    const [H, V] = [5, 12]
    const xi = spins('memories', H * V)
    const machine = machineOf(program('large_associative_memory'), { hidden: H, visible: V }, { xi, beta: [0.5] })
    const cue = { v: xi.slice(0, V).map((s, i) => (i < 2 ? -s : s)), h: new Float64Array(H) }
    const done = retrieve(machine, cue)
    expect(done.outcome.kind).toBe('converged')
    expect(done.states.v?.data.map(Math.sign)).toEqual(xi.slice(0, V))
    expect(laws(machine, cue)).toHaveLength(4)
    const step = retrieve(machine, cue, { dt: 1, maxSteps: 1 }).coordinates.v as Float64Array
    const w = softmax(Array.from({ length: H }, (_, k) => 0.5 * cue.v.reduce((s, v, i) => s + v * (xi[k * V + i] as number), 0)))
    near(
      step,
      Array.from({ length: V }, (_, i) => w.reduce((s, wk, k) => s + wk * (xi[k * V + i] as number), 0)),
      1e-12,
    )
  })
})

describe('discrete and continuous states together', () => {
  const text = `
model coupled
data w[neuron]
data J[neuron, other]
axis other = size(neuron)
state s[neuron] : spin
state x
energy couplings = -sum[neuron, other](s * J * s[neuron -> other]) / 2
energy sensor = (x - sum[neuron](w * s))^2 / 2 + (x - 1)^4 / 8
`
  const N = 7
  const w = normals('weights', N)
  const J = Array.from({ length: N * N }, (_, k) => {
    const [i, j] = [Math.floor(k / N), k % N]
    return i === j ? 0 : (normals('couplings', N * N)[Math.min(i, j) * N + Math.max(i, j)] as number)
  })
  const energy = (s: ArrayLike<number>, x: number): number => {
    let e = (x - Array.from(s).reduce((sum, si, i) => sum + si * (w[i] as number), 0)) ** 2 / 2 + (x - 1) ** 4 / 8
    for (let i = 0; i < N; i += 1) for (let j = 0; j < N; j += 1) e -= ((s[i] as number) * (J[i * N + j] as number) * (s[j] as number)) / 2
    return e
  }

  it('settle in turns where neither can do better', () => {
    const machine = machineOf(text, { neuron: N }, { w, J })
    const ends = new Set<string>()
    for (let k = 0; k < 12; k += 1) {
      const cue = { s: normals(`spins ${k}`, N).map((v) => (v < 0 ? -1 : 1)), x: normals(`x ${k}`, 1, 3) }
      const done = retrieve(machine, cue)
      expect(done.outcome.kind).toBe('converged')
      expect(laws(machine, cue)).toContain('No single flip lowers the energy.')
      const s = done.states.s?.data as Float64Array
      const x = done.coordinates.x?.[0] as number
      expect(done.energy).toBeCloseTo(energy(s, x), 10)
      for (let i = 0; i < N; i += 1)
        expect(
          energy(
            s.map((v, j) => (j === i ? -v : v)),
            x,
          ),
        ).toBeGreaterThan(energy(s, x))
      for (const d of [-1e-4, 1e-4]) expect(energy(s, x + d)).toBeGreaterThan(energy(s, x))
      ends.add(s.join())
    }
    expect(ends.size).toBeGreaterThan(1)
  })

  it('elements of an axis take their best level', () => {
    // Colours with tastes of their own, every one of which wants to differ from every other.
    const potts = `
model potts
data taste[site, colour]
data want[site, other]
axis other = size(site)
state c[site] : colour
energy tastes = -sum[site](taste[colour = c])
energy pairs = sum[site, other](want * where(c == c[site -> other], 1, 0)) / 2
`
    const [S, C] = [6, 4]
    const taste = normals('taste', S * C)
    const want = Array.from({ length: S * S }, (_, k) => (Math.floor(k / S) === k % S ? 0 : 0.7))
    const machine = machineOf(potts, { site: S, colour: C }, { taste, want })
    const cost = (c: ArrayLike<number>): number => {
      // An element of an ordinary axis is uniform over it.
      let e = S * Math.log(C)
      for (let i = 0; i < S; i += 1) {
        e -= taste[i * C + (c[i] as number)] as number
        for (let j = 0; j < S; j += 1) if (i !== j && c[i] === c[j]) e += 0.35
      }
      return e
    }
    const done = retrieve(machine, { c: new Float64Array(S) })
    const c = done.states.c?.data as Float64Array
    expect(done.outcome.kind).toBe('converged')
    expect(done.energy).toBeCloseTo(cost(c), 10)
    for (let i = 0; i < S; i += 1) {
      for (let level = 0; level < C; level += 1)
        expect(cost(c.map((v, j) => (j === i ? level : v)))).toBeGreaterThanOrEqual(cost(c) - 1e-12)
    }
  })
})

describe('programs of the language, as densities', () => {
  it('logistic_regression has a mode', () => {
    const [N, F] = [40, 3]
    const x = normals('features', N * F)
    const y = normals('noise', N).map((e, n) => (e + (x[n * F] as number) > 0 ? 1 : 0))
    const machine = machineOf(program('logistic_regression'), { row: N, feature: F }, { x, y })
    expect(laws(machine, { w: new Float64Array(F), b: new Float64Array(1) }).length).toBeGreaterThanOrEqual(4)
  })

  it('eight_schools has none when centred, and says so', () => {
    const machine = machineOf(
      program('eight_schools'),
      { school: 8 },
      { y: [28, 8, -3, 7, -1, 1, 18, 12], se: [15, 10, 16, 11, 9, 11, 10, 18] },
    )
    const done = retrieve(machine, { mu: Float64Array.of(0), tau: Float64Array.of(0.5), theta: new Float64Array(8) })
    expect(done.outcome.kind).toBe('unbounded')
    expect(done.outcome.sentence).toContain('tau')
  })

  it('gaussian_mixture: everything moves at once, and the assignments are told', () => {
    const [N, D, K] = [30, 2, 3]
    const y = normals('points', N * D).map((v, i) => v * 0.4 + 4 * Math.cos(2 * Math.floor((Math.floor(i / D) * K) / N) + (i % D)))
    const machine = machineOf(program('gaussian_mixture'), { row: N, dim: D, cluster: K }, { y })
    const cue: Record<string, Float64Array> = {}
    for (const { state, length } of machine.layout.blocks)
      cue[state.name] = normals(`start ${state.name}`, length, state.name === 'mu' ? 3 : 0.1)
    const done = retrieve(machine, cue)
    expect(done.outcome.kind).toBe('converged')
    expect(descent(done).kind).toBe('holds')
    const z = done.responsibilities.end.z
    expect(z?.axes.slice(0, 1)).toEqual(['row'])
    for (let n = 0; n < N; n += 1) expect(z?.data.slice(n * K, n * K + K).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10)
  })
})

describe('many cues at once', () => {
  it.each([
    ['modern_hopfield', { pattern: 6, pixel: 8 }, { xi: normals('patterns', 48), beta: [3] }, 8],
    ['kernel_density', { pattern: 6, pixel: 3 }, { xi: normals('patterns', 18), sigma: [0.6] }, 3],
  ] as const)('%s', (name, sizes, fixed, D) => {
    const cues = Array.from({ length: 9 }, (_, k) => ({ x: normals(`cue ${k}`, D) }))
    const open = (rows: number): Machine => machineOf(program(name), sizes, fixed, rows)
    expect(batchIsSingle(open(1), open(4), cues)).toEqual({ kind: 'holds', sentence: 'Cues do not affect each other.' })
  })
})
