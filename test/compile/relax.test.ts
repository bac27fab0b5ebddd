import { describe, expect, it } from 'vitest'
import { emit } from '../../src/api/emit.ts'
import { openEnergy } from '../../src/api/energy.ts'
import { retrievalFrom } from '../../src/api/pipeline.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { must } from '../../src/base/internal-error.ts'
import { fold, keyFromSeed, Stream } from '../../src/base/random.ts'
import { situationOf } from '../../src/middle/situation.ts'
import type { Inputs } from '../../src/run/inputs.ts'
import { given, loadedFrom } from '../api/points.ts'
import { normals } from '../memory/numbers.ts'

/** A discrete state: the values of its levels, and how many elements it has. */
interface Discrete {
  readonly name: string
  readonly levels: readonly number[]
  readonly count: number
}

const spin = (name: string, count: number): Discrete => ({ name, levels: [-1, 1], count })
const bit = (name: string, count: number): Discrete => ({ name, levels: [0, 1], count })
const element = (name: string, of: number, count: number): Discrete => ({
  name,
  levels: Array.from({ length: of }, (_, k) => k + 1),
  count,
})

/** Random probabilities of the levels of each element, and as a value of the relaxed state. */
function probabilities({ name, levels, count }: Discrete, seed: number) {
  const stream = new Stream(fold(keyFromSeed(seed), name))
  const each = Array.from({ length: count }, () => {
    const weights = levels.map(() => 0.05 + stream.uniform())
    const total = weights.reduce((s, w) => s + w, 0)
    return weights.map((w) => w / total)
  })
  const two = levels.includes(0) || levels.includes(-1)
  return { each, value: each.flatMap((p) => (two ? [p[1] as number] : p)) }
}

/** All assignments of levels to so many elements. */
function* assignments(levels: number, count: number): Generator<readonly number[]> {
  for (let n = 0; n < levels ** count; n += 1) yield Array.from({ length: count }, (_, i) => Math.floor(n / levels ** i) % levels)
}

/** `sum_z q(z) E(z) + T sum q log q` by going through all z. */
function byEnumeration(text: string, inputs: Inputs, states: readonly Discrete[], seed: number, T: number): number {
  const names = states.map((s) => s.name)
  const open = must(openEnergy(loadedFrom(text), given(inputs), { keep: names, temperature: T }).value, 'energy')
  const go = (k: number, weight: number, values: Record<string, number[]>): number => {
    const state = states[k]
    if (state === undefined) return weight * must(open.at(values).value, 'point').energy
    const { each } = probabilities(state, seed)
    let sum = 0
    for (const z of assignments(state.levels.length, state.count)) {
      const own = z.reduce((p, level, i) => p * (each[i]?.[level] as number), weight)
      sum += go(k + 1, own, { ...values, [state.name]: z.map((level) => state.levels[level] as number) })
    }
    return sum
  }
  const entropy = states.flatMap((s) => probabilities(s, seed).each.flat()).reduce((s, p) => s + p * Math.log(p), 0)
  return go(0, 1, {}) + T * entropy
}

function byRelaxing(text: string, inputs: Inputs, states: readonly Discrete[], seed: number, T: number): number {
  const { value, diagnostics } = openEnergy(loadedFrom(text), given(inputs), { relax: states.map((s) => s.name), temperature: T })
  const open = must(value, JSON.stringify(diagnostics))
  const point = Object.fromEntries(states.map((s) => [s.name, probabilities(s, seed).value]))
  const at = open.at(point)
  return must(at.value, JSON.stringify(at.diagnostics)).energy
}

const table = (name: string, rows: number, columns: number): number[][] => {
  const all = normals(name, rows * columns)
  return Array.from({ length: rows }, (_, i) => [...all.subarray(i * columns, (i + 1) * columns)])
}

const line = (name: string, n: number): number[] => [...normals(name, n)]

describe('a relaxed energy is the mean of the energy, less T times the entropy', () => {
  const cases: readonly (readonly [string, string, Inputs, readonly Discrete[]])[] = [
    [
      'elements: a mixture',
      'data x[row, d]\ndata mu[k, d]\nparam s[k] : positive\nstate z[row] : k\nx ~ normal(mu[z], s[z])',
      { data: { x: table('x', 3, 2), mu: table('mu', 3, 2) }, param: { s: [0.5, 1, 2] } },
      [element('z', 3, 3)],
    ],
    [
      'bits in matrix products, with couplings of a bit to itself',
      'data W[i, j]\naxis j = size(i)\nstate s[i] : bit\nenergy -sum[i, j](s * W * s[i -> j]) / 2 + 0.3 * sum[i](s)',
      { data: { W: table('W', 5, 5) } },
      [bit('s', 5)],
    ],
    [
      'spins by their overlaps',
      'data xi[p, i]\nstate s[i] : spin\nenergy -sum[p](sum[i](xi * s)^2) / 2',
      { data: { xi: table('xi', 3, 6) } },
      [spin('s', 6)],
    ],
    [
      'third and fourth powers of overlaps',
      'data xi[p, i]\nstate s[i] : spin\nenergy -sum[p](sum[i](xi * s)^3) / 6 + sum[p](sum[i](xi * s)^4) / 24',
      { data: { xi: table('xi', 2, 5) } },
      [spin('s', 5)],
    ],
    [
      'powers of bits',
      'data w[i]\nstate s[i] : bit\nenergy sum[i](w * s^2 + exp(w * s)) + (sum[i](w * s) + 1)^2',
      { data: { w: line('w', 4) } },
      [bit('s', 4)],
    ],
    [
      'a chain',
      'data A[k, to]\naxis to = size(k)\ndata y[t]\nstate z[t] : k\nenergy -sum[t](where(index(t) > 1, A[k = z[t = t - 1 else 1], to = z], 0)) + sum[t]((y - A[k = z, to = 1])^2)',
      { data: { A: table('A', 3, 3), y: line('y', 4) } },
      [element('z', 3, 4)],
    ],
    [
      'spins beside each other',
      'data J[t]\nstate s[t] : spin\nenergy -sum[t](J * s * s[t = t - 1 else 1]) + sum[t](J * s * s[t = t - 2 else -1])',
      { data: { J: line('J', 6) } },
      [spin('s', 6)],
    ],
    [
      'pairs of elements, each with itself too',
      'data J[a, b]\ndata C[i, j]\naxis b = size(a)\naxis j = size(i)\nstate z[i] : a\nenergy sum[i, j](C * J[a = z, b = z[i -> j]])',
      { data: { J: table('J', 3, 3), C: table('C', 4, 4) } },
      [element('z', 3, 4)],
    ],
    [
      'picked elements, some of them twice',
      'data y[n]\ndata item[n] : i\ndata other[n] : i\ndata mu[k]\nstate z[i] : k\nenergy sum[n](mu[z[item]] * mu[z[other]] + (y - mu[z[item]])^2)',
      { data: { y: line('y', 5), item: [1, 2, 3, 3, 1], other: [1, 1, 3, 2, 2], mu: line('mu', 3) } },
      [element('z', 3, 3)],
    ],
    [
      'several states in one factor',
      'data W[v, h]\ndata U[k, h]\nstate s[v] : spin\nstate g[h] : bit\nstate z : k\nenergy -sum[v, h](s * W * g) - sum[h](U[z] * g) + sum[v](s) * (sum[h](g))^2 / 5',
      { data: { W: table('W', 3, 3), U: table('U', 2, 3) } },
      [spin('s', 3), bit('g', 3), element('z', 2, 1)],
    ],
    [
      'elements of an axis that the state has',
      'data D[i, j]\naxis j = size(i)\nstate z[i] : i\nenergy sum[i](D[j = z]) + sum[i, j]((z == z[i -> j]) * D)',
      { data: { D: table('D', 3, 3) } },
      [element('z', 3, 3)],
    ],
    ['running sums', 'data w[t]\nstate s[t] : bit\nenergy sum[t]((cumsum[t](w * s) - 1)^2)', { data: { w: line('w', 4) } }, [bit('s', 4)]],
  ]
  it.each(cases)('%s', (_, text, inputs, states) => {
    const [seed, T] = [2, 0.3]
    const expected = byEnumeration(text, inputs, states, seed, T)
    expect(Math.abs(byRelaxing(text, inputs, states, seed, T) - expected)).toBeLessThan(1e-10 * (1 + Math.abs(expected)))
  })
})

async function retrieved(text: string, inputs: Inputs, options: Parameters<typeof retrieve>[2]) {
  const { value, diagnostics } = await retrieve(loadedFrom(text), given(inputs), { backend: 'kernel', ...options })
  return must(must(value, JSON.stringify(diagnostics)).retrievals[0], 'retrieval')
}

const mixture = 'data x[row]\ndata mu[k]\nstate which[row] : k\nx ~ normal(mu[which], 0.7)'
const values = { data: { x: [0.2, 1.4], mu: [0, 1, 3] } }

describe('retrieval of a relaxed state', () => {
  it('is at the responsibilities after one step, where F is what summing out leaves', async () => {
    for (const temperature of [1, 0.5, 2]) {
      const relaxed = await retrieved(mixture, values, { relax: ['which'], temperature })
      const open = must(openEnergy(loadedFrom(mixture), given(values), { temperature }).value, 'energy')
      const summed = must(open.at().value, 'point')
      expect(relaxed.energy).toBeCloseTo(summed.energy, 12)
      const { which = summed.responsibilities.which } = summed.responsibilities
      must(relaxed.states.which, 'q').data.forEach((p, i) => {
        expect(p).toBeCloseTo(must(which, 'responsibilities').data[i] as number, 13)
      })
      expect([relaxed.steps, relaxed.flows]).toEqual([1, ['mirror']])
      expect(relaxed.responsibilities.end.which).toEqual(relaxed.states.which)
      expect([...must(relaxed.likeliest.which, 'likeliest').data]).toEqual([1, 2])
    }
  })

  it('starts at its cue, or with all of the probability at its default', async () => {
    const still = { relax: ['which'], maxSteps: 0 }
    const cue = [[0.2, 0.3, 0.5], [0, 0, 1]] // biome-ignore format: a table
    const cued = await retrieved(mixture, { ...values, cue: { which: cue } }, still)
    must(cued.states.which, 'q').data.forEach((p, i) => {
      expect(p).toBeCloseTo(cue.flat()[i] as number, 12)
    })
    const spins = await retrieved('state s[i] : spin = 1\naxis i = 2\nenergy sum[i](s)', {}, { relax: ['s'], maxSteps: 0 })
    expect([...must(spins.states.s, 'q').data].map((p) => Number(p.toFixed(12)))).toEqual([1, 1])
  })

  it('finds mean fields of spins: the hyperbolic tangent of the field', async () => {
    const n = 12
    const half = table('J', n, n)
    const J = half.map((row, i) => row.map((v, j) => (i === j ? 3 : (v + (half[j]?.[i] as number)) / 2)))
    const text = 'data J[i, j]\naxis j = size(i)\ndata h[i]\nstate s[i] : spin\nenergy -sum[i, j](s * J * s[i -> j]) / 2 - sum[i](h * s)'
    const h = line('h', n)
    const end = await retrieved(text, { data: { J, h } }, { relax: ['s'], temperature: 1.5, tolerance: 1e-12 })
    expect(end.outcome.kind).toBe('converged')
    end.trace.slice(1).forEach((e, i) => {
      expect(e).toBeLessThanOrEqual((end.trace[i] as number) + 1e-10)
    })
    const m = [...must(end.states.s, 'q').data].map((q) => 2 * q - 1)
    m.forEach((v, i) => {
      // s^2 = 1: the coupling of a spin to itself is no field.
      const field = m.reduce((s, w, j) => s + (i === j ? 0 : (J[i]?.[j] as number) * w), h[i] as number)
      expect(v).toBeCloseTo(Math.tanh(field / 1.5), 9)
    })
  })

  it('runs in a module as it does here', async () => {
    const { value, diagnostics } = await emit(loadedFrom(mixture), 'retrieve', { relax: ['which'] })
    const { module, declarations } = must(value, JSON.stringify(diagnostics))
    const loaded = (await import(`data:text/javascript,${encodeURIComponent(module)}`)) as { retrieve: (inputs: Inputs) => unknown }
    const [there] = JSON.parse(JSON.stringify(loaded.retrieve(values))) as [{ energy: number; steps: number }]
    const here = await retrieved(mixture, values, { relax: ['which'] })
    expect([there.energy, there.steps]).toEqual([here.energy, 1])
    expect(declarations).toMatch(/which/)
  })

  it('goes with other treatments, in order', async () => {
    // The hidden units are summed out of what the visible ones leave; the mean over those comes first.
    const text = 'data W[a, b]\nstate v[a] : bit\nstate h[b] : bit\nenergy -sum[a, b](v * W * h)'
    const W = table('W', 3, 2)
    const { value } = openEnergy(loadedFrom(text), given({ data: { W } }), {
      treatments: [
        { kind: 'relax', name: 'v' },
        { kind: 'sum-out', name: 'h' },
      ],
    })
    const q = [0.2, 0.5, 0.9]
    const entropy = q.reduce((s, p) => s + p * Math.log(p) + (1 - p) * Math.log(1 - p), 0)
    const hidden = [0, 1].reduce(
      (s, b) => s - Math.log(1 + Math.exp(W.reduce((f, row, a) => f + (q[a] as number) * (row[b] as number), 0))),
      0,
    )
    expect(must(must(value, 'energy').at({ v: q }).value, 'point').energy).toBeCloseTo(hidden + entropy, 12)
  })
})

describe('what cannot be relaxed', () => {
  it.each([
    ['in part', [2, null], 'AMP716 A part of "which" is observed, so it cannot be relaxed.'],
    ['whole', [2, 1], 'AMP716 "which" is observed, so it cannot be relaxed.'],
  ])('what is observed %s', async (_, which, message) => {
    const { diagnostics } = await retrieve(loadedFrom(mixture), given({ ...values, observed: { which } }), { relax: ['which'] })
    expect(diagnostics.map((d) => `${d.code} ${d.message}`)).toContain(message)
  })

  const said = (text: string, name = 's'): string => {
    const { energy } = loadedFrom(text)
    const { diagnostics } = retrievalFrom(energy, situationOf(energy, { relax: [name] }))
    return diagnostics.map((d) => `${d.code} ${d.message} ${text.slice(d.span?.start, d.span?.end)}`).join('\n')
  }
  it.each([
    [
      'a function of a sum',
      'state s[i] : bit\naxis i = 3\nenergy sum[i](s)\nenergy e = exp(sum[i](s))',
      'meet inside `exp`',
      'energy e = exp(sum[i](s))',
    ],
    ['a maximum', 'state s[i] : bit\ndata w[i]\nenergy max[i](w * s)', 'meet inside `max_over`', 'energy max[i](w * s)'],
    [
      'a high power',
      'state s[i] : bit\ndata w[i]\nenergy sum[i](w * s)^5',
      'are multiplied, more than 4 of them',
      'energy sum[i](w * s)^5',
    ],
    [
      'a high product',
      'state s[i] : bit\ndata w[i]\nlet m = sum[i](w * s)\nenergy m^3 * m^2',
      'are multiplied, more than 4 of them',
      'energy m^3 * m^2',
    ],
  ])('%s, with the statement', (_, text, how, statement) => {
    expect(said(text)).toBe(`AMP612 "s" cannot be relaxed: its elements ${how}, so E is not multilinear in its levels. ${statement}`)
  })
})
