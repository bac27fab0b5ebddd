import { describe, expect, test } from 'vitest'
import { retrievalFrom } from '../../src/api/pipeline.ts'
import type { Sizes } from '../../src/ir/graph.ts'
import * as ports from '../../src/middle/ports.ts'
import type { RetrievalProgram } from '../../src/middle/program.ts'
import { situationOf } from '../../src/middle/situation.ts'
import { Draw, energyOf, program, run, sizesOf, type Values } from './models.ts'

function retrieval(text: string, observed: readonly string[] = []): RetrievalProgram {
  const { value, diagnostics } = retrievalFrom(energyOf(text), situationOf(energyOf(text), { observed }))
  if (value === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  return value
}

function outputs(p: RetrievalProgram, open: Sizes, values: Values): Record<string, Float64Array> {
  return run(p.graph, sizesOf(p.axes, open), { [ports.temperature]: [1], ...values })
}

/** The majoriser's minimiser: coordinate - gradient / curvature. */
function step(p: RetrievalProgram, open: Sizes, values: Values, name: string): number[] {
  const out = outputs(p, open, values)
  const [g, u] = [out[`gradient:${name}`] as Float64Array, out[`curvature:${name}`] as Float64Array]
  return Array.from(values[`coordinate:${name}`] as readonly number[], (x, i) => x - (g[i] as number) / (u[i] as number))
}

const draw = new Draw(31)
const softmax = (x: readonly number[]): number[] => {
  const top = Math.max(...x)
  const w = x.map((v) => Math.exp(v - top))
  const z = w.reduce((a, b) => a + b)
  return w.map((v) => v / z)
}
const rows = (data: readonly number[], length: number): number[][] =>
  Array.from({ length: data.length / length }, (_, i) => data.slice(i * length, (i + 1) * length))
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((s, x, i) => s + x * (b[i] as number), 0)
const average = (weights: readonly number[], vectors: readonly (readonly number[])[]): number[] =>
  (vectors[0] as readonly number[]).map((_, i) => vectors.reduce((s, v, k) => s + (weights[k] as number) * (v[i] as number), 0))
const allClose = (got: readonly number[], wanted: readonly number[]): void => {
  expect(got.length).toBe(wanted.length)
  // 1e-12: a few roundings of numbers of size 1.
  got.forEach((x, i) => {
    expect(x).toBeCloseTo(wanted[i] as number, 12)
  })
}

describe('one step of the majorised energy is', () => {
  const [K, D] = [5, 3]
  const xi = draw.normals('xi', K * D)
  const memories = rows(xi, D)
  const x = draw.normals('x', D)

  test('the attention update of the modern Hopfield network (Ramsauer et al. 2020)', () => {
    const p = retrieval(program('modern_hopfield'))
    const attention = softmax(memories.map((m) => 2.5 * dot(m, x)))
    const values = { xi, beta: [2.5], 'coordinate:x': x }
    expect(outputs(p, { pattern: K, pixel: D }, values)['curvature:x']).toEqual(new Float64Array(D).fill(1))
    allClose(step(p, { pattern: K, pixel: D }, values, 'x'), average(attention, memories))
  })

  test.each([1, 0.3])('mean shift on a Gaussian kernel density, at temperature %d', (T) => {
    const p = retrieval(program('kernel_density'))
    const sigma = 0.7
    const weights = softmax(memories.map((m) => -m.reduce((s, v, i) => s + (v - (x[i] as number)) ** 2, 0) / (2 * sigma ** 2 * T)))
    const values = { xi, sigma: [sigma], [ports.temperature]: [T], 'coordinate:x': x }
    expect(outputs(p, { pattern: K, pixel: D }, values)['curvature:x']?.[0]).toBeCloseTo(1 / sigma ** 2, 12)
    allClose(step(p, { pattern: K, pixel: D }, values, 'x'), average(weights, memories))
  })

  test('the posterior mean of a mixture whose components differ in width', () => {
    const text = 'model t\nmemory xi[k, d]\nparam sigma[k] : positive\nstate z : k\nstate x[d] ~ normal(xi[z], sigma[z])\n'
    const sigma = draw.positives('sigma', K)
    const logs = memories.map((m, k) => {
      const s = sigma[k] as number
      return -D * Math.log(s) - m.reduce((q, v, i) => q + (v - (x[i] as number)) ** 2, 0) / (2 * s * s)
    })
    const precision = softmax(logs).map((w, k) => w / (sigma[k] as number) ** 2)
    const all = precision.reduce((a, b) => a + b)
    const values = { xi, sigma, 'coordinate:x': x }
    expect(outputs(retrieval(text), { k: K, d: D }, values)['curvature:x']?.[1]).toBeCloseTo(all, 12)
    allClose(
      step(retrieval(text), { k: K, d: D }, values, 'x'),
      average(
        precision.map((v) => v / all),
        memories,
      ),
    )
  })

  test('the M-step of EM for the means of a mixture', () => {
    const text = `model t
data y[row, d]
axis k = 2
param sigma[k] : positive
param w[k] : simplex[k]
state mu[k, d]
state z[row] : k ~ categorical(w)
y ~ normal(mu[z], sigma[z])
`
    const y = draw.normals('y', 12, 2)
    const mu = draw.normals('mu', 4)
    const [sigma, w] = [
      [0.8, 1.4],
      [0.3, 0.7],
    ]
    const responsibilities = rows(y, 2).map((r) =>
      softmax(
        [0, 1].map((k) => {
          const s = sigma[k] as number
          const far = r.reduce((q, v, i) => q + (v - (mu[2 * k + i] as number)) ** 2, 0)
          return Math.log(w[k] as number) - 2 * Math.log(s) - far / (2 * s * s)
        }),
      ),
    )
    const wanted = [0, 1].flatMap((k) => {
      const r = responsibilities.map((p) => p[k] as number)
      const n = r.reduce((a, b) => a + b)
      return average(
        r.map((v) => v / n),
        rows(y, 2),
      )
    })
    const p = retrieval(text)
    const values = { y, sigma, w, 'coordinate:mu': mu }
    allClose(step(p, { row: 6, d: 2 }, values, 'mu'), wanted)
    allClose([...(outputs(p, { row: 6, d: 2 }, values)['responsibility:z'] as Float64Array)], responsibilities.flat())
  })

  test('attention followed by normalisation on the sphere, where U is 0', () => {
    const p = retrieval(program('sphere_clustering'))
    const key = memories.flatMap((m) => m.map((v) => v / Math.hypot(...m)))
    const unit = x.map((v) => v / Math.hypot(...x))
    const out = outputs(p, { token: K, dim: D }, { key, kappa: [4], 'coordinate:x': unit })
    expect(p.states[0]).toMatchObject({ move: { kind: 'sphere', axis: 'dim' }, curvature: true })
    expect(out['curvature:x']).toEqual(new Float64Array(D))
    const attention = softmax(rows(key, D).map((m) => 4 * dot(m, unit)))
    allClose(
      [...(out['gradient:x'] as Float64Array)],
      average(attention, rows(key, D)).map((v) => -4 * v),
    )
  })
})

interface Case {
  readonly what: string
  readonly declarations: string
  readonly energy: string
  readonly open: Sizes
  readonly fixed?: Values
  /** Moving states with the number of their elements. */
  readonly states: Readonly<Record<string, number>>
  /** Whether nine tenths of U would already be too little somewhere. */
  readonly tight?: boolean
}

const A = draw.normals('A', 12)
const x3 = { declarations: 'state x[i]', open: { i: 3 }, states: { x: 3 } }
const ax = { declarations: 'data A[r, i]\nstate x[i]', open: { r: 4, i: 3 }, fixed: { A }, states: { x: 3 } }

const cases: readonly Case[] = [
  { what: 'a sum of squares', ...x3, energy: 'sum[i]((x - 1)^2) / 3', tight: true },
  { what: 'a difference of squares', ...x3, energy: 'sum[i](2 * x^2) - sum[i](x^2) / 2', tight: true },
  { what: 'least squares', ...ax, energy: 'sum[r]((1 - sum[i](A * x))^2)' },
  { what: 'squares of differences from the mean', ...x3, energy: 'sum[i]((x - mean[i](x))^2)' },
  { what: 'neighbours along an axis', ...x3, energy: 'sum[i]((x - 0.5 * x[i = i - 1])^2)' },
  { what: 'running sums', ...x3, energy: 'sum[i](cumsum[i](x)^2)' },
  { what: 'pairs of elements', ...x3, declarations: 'axis j = size(i)\nstate x[i]', energy: 'sum[i, j]((x - 2 * x[i -> j])^2)' },
  {
    what: 'picked elements',
    declarations: 'data at[r] : i\nstate x[i]',
    open: { r: 5, i: 3 },
    fixed: { at: [0, 2, 2, 1, 2] },
    states: { x: 3 },
    energy: 'sum[r]((x[at] - index(r))^2)',
    tight: true,
  },
  { what: 'a softplus of linear functions', ...ax, energy: 'sum[r](softplus(sum[i](A * x)))' },
  { what: 'a smooth absolute value', ...x3, energy: 'sum[i](log_cosh(3 * x))', tight: true },
  { what: 'bounded functions', ...ax, energy: 'sum[r](tanh(sum[i](A * x)) + cos(sum[i](A * x)) + sigmoid(sum[i](A * x)))' },
  { what: 'more bounded functions', ...x3, energy: 'sum[i](erf(x) + atan(2 * x) + sin(x) - log_Phi(x))' },
  { what: 'the other sign of bounded functions', ...x3, energy: 'sum[i](x^2 - erf(x) - atan(2 * x) - tanh(x) - sigmoid(3 * x))' },
  { what: 'concave functions of squares', ...ax, energy: 'sum[r](log(1 + sum[i](A * x)^2) + sqrt(1 + sum[i](x^2)))' },
  { what: 'minus an exponential', ...ax, energy: 'sum[i](x^2) - sum[r](exp(0.3 * sum[i](A * x)))' },
  { what: 'minus absolute values and extremes', ...ax, energy: 'sum[i](x^2) - sum[r](abs(sum[i](A * x))) - max[r](sum[i](A * x))' },
  { what: 'minus the larger of two', ...ax, energy: 'sum[i](x^2) - sum[r](max(sum[i](A * x), 1)) + sum[r](min(sum[i](A * x), 0))' },
  { what: 'a logsumexp', ...ax, energy: 'logsumexp[r](sum[i](A * x))' },
  { what: 'a logsumexp of the elements themselves', ...x3, energy: 'logsumexp[i](2 * x)' },
  {
    what: 'a logsumexp of both kinds',
    ...x3,
    declarations: 'state x[i]\nstate y',
    states: { x: 3, y: 1 },
    energy: 'logsumexp[i](index(i) * y + x)',
  },
  { what: 'minus a logsumexp', ...ax, energy: 'sum[i](x^2) / 2 - 2 * logsumexp[r](sum[i](A * x))' },
  { what: 'minus a logsumexp of squares of several widths', ...ax, energy: '-logsumexp[r](-index(r) * sum[i]((x - A)^2))' },
  {
    what: 'a categorical likelihood',
    ...ax,
    declarations: 'data A[r, i]\ndata y[r] : k\naxis k = 3\nstate x[i, k]',
    fixed: { A, y: [0, 2, 1, 2] },
    states: { x: 9 },
    energy: 'sum[r](logsumexp[k](sum[i](A * x)) - sum[i](A * x)[k = y])',
  },
  { what: 'a choice by the data', ...ax, energy: 'sum[r](where(A[i = 1] > 0, sum[i](A * x)^2, -sum[i](A * x)))' },
  {
    what: 'several states together',
    declarations: 'data A[r, i]\nstate x[i]\nstate c\nstate y[r]',
    open: { r: 4, i: 3 },
    fixed: { A },
    states: { x: 3, c: 1, y: 4 },
    energy: 'sum[r]((y - c - sum[i](A * x))^2) + c^2',
  },
  {
    what: 'a product of two states',
    declarations: 'data A[r, i]\nstate x[i]\nstate y[r]',
    open: { r: 4, i: 3 },
    fixed: { A },
    states: { x: 3, y: 4 },
    energy: 'sum[r, i](y * A * x) + sum[i](x^2)',
  },
  { what: 'factors of unknown sign', ...ax, energy: 'sum[r](A[i = 2] * sin(sum[i](A * x)))' },
  { what: 'a reciprocal', ...x3, energy: 'sum[i](x^2) - 1 / (1 + sum[i](x^2))' },
  { what: 'a power of a norm', ...x3, energy: '(1 + sum[i](x^2))^0.25' },
  { what: 'an axis that comes back', ...x3, energy: 'sum[i]((x * sum[i](index(i)) - sum[i](x))^2)' },
]

/** A case compiled, with the means to compare its energy to its bound. */
class Bench {
  readonly program: RetrievalProgram
  readonly #case: Case

  constructor(c: Case) {
    this.#case = c
    this.program = retrieval(`model t\n${c.declarations}\nenergy ${c.energy}\n`)
  }

  point(key: string, scale: number): Values {
    const { states, what } = this.#case
    return Object.fromEntries(
      Object.entries(states).map(([n, size]) => [`coordinate:${n}`, draw.normals(`${what} ${key} ${n}`, size, scale)]),
    )
  }

  /** How far E(to) lies above the bound around `from`, with U scaled; relative to the size of the energies. */
  excess(from: Values, to: Values, scale = 1): number {
    const { open, fixed, states } = this.#case
    const [here, there] = [from, to].map((point) => outputs(this.program, open, { ...fixed, ...point })) as [Outputs, Outputs]
    let bound = here.energy?.[0] as number
    for (const n of Object.keys(states)) {
      const [g, u] = [here[`gradient:${n}`] as Float64Array, here[`curvature:${n}`] as Float64Array]
      g.forEach((slope, i) => {
        const d = (to[`coordinate:${n}`]?.[i] as number) - (from[`coordinate:${n}`]?.[i] as number)
        bound += slope * d + (scale * (u[i] as number) * d * d) / 2
      })
    }
    const E = there.energy?.[0] as number
    return (E - bound) / Math.max(1, Math.abs(E), Math.abs(bound))
  }
}

type Outputs = Record<string, Float64Array>

describe.each(cases)('the bound of $what', (c) => {
  const bench = new Bench(c)

  test('is known for every state', () => {
    expect(bench.program.states.filter((s) => !s.curvature).map((s) => s.name)).toEqual([])
  })

  test('holds between random points, near and far', () => {
    for (let trial = 0; trial < 150; trial += 1) {
      const scale = [0.1, 1, 5][trial % 3] as number
      // 1e-12: rounding of sums of a few dozen numbers.
      expect(bench.excess(bench.point(`from ${trial}`, scale), bench.point(`to ${trial}`, scale)), `trial ${trial}`).toBeLessThan(1e-12)
    }
  })
})

test.each(cases.filter((c) => c.tight))('the bound of $what would not hold with nine tenths of it', (c) => {
  const bench = new Bench(c)
  const worst = Array.from({ length: 150 }, (_, k) => bench.excess(bench.point(`p ${k}`, 0.3), bench.point(`q ${k}`, 0.3), 0.9))
  expect(Math.max(...worst)).toBeGreaterThan(1e-6)
})

describe('no bound is claimed', () => {
  test.each([
    ['a quartic', 'state x', 'x^4'],
    ['an exponential', 'state x', 'exp(x)'],
    ['an absolute value', 'state x', 'abs(x)'],
    ['a linear energy, which has no lowest point', 'state x', '3 * x'],
    ['minus a square', 'state x', '-x^2'],
    ['a logsumexp of something curved', 'state x[i]', 'logsumexp[i](x^2)'],
    ['a scale among the states', 'state x\nstate s', '(x / exp(s))^2 * exp(x)'],
  ])('for %s', (_what, declarations, energy) => {
    const p = retrieval(`model t\n${declarations}\nenergy ${energy}\n`)
    expect(p.states.some((s) => s.curvature)).toBe(false)
    expect(p.graph.outputs.some((o) => o.name.startsWith('curvature:'))).toBe(false)
  })

  test('for the scale of a hierarchy, while what it scales keeps one', () => {
    const p = retrieval(program('eight_schools'))
    expect(Object.fromEntries(p.states.map((s) => [s.name, s.curvature]))).toEqual({ mu: true, tau: false, theta: true })
  })
})
