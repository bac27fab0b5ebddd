import { describe, expect, test } from 'vitest'
import { retrievalFrom } from '../../src/api/pipeline.ts'
import type { Sizes } from '../../src/ir/graph.ts'
import * as ports from '../../src/middle/ports.ts'
import type { RetrievalProgram } from '../../src/middle/program.ts'
import { situationOf } from '../../src/middle/situation.ts'
import { Draw, energyOf, program, run, sizesOf, total, type Values } from './models.ts'

function retrieval(text: string, observed: readonly string[] = []): RetrievalProgram {
  const { value, diagnostics } = retrievalFrom(energyOf(text), situationOf(energyOf(text), { observed }))
  if (value === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  return value
}

function outputs(p: RetrievalProgram, open: Sizes, values: Values): Record<string, Float64Array> {
  return run(p.graph, sizesOf(p.axes, open), { [ports.temperature]: [1], ...values })
}

const draw = new Draw(41)
const unitRows = (data: readonly number[], length: number): number[] =>
  data.map((v, i) => v / Math.hypot(...data.slice(i - (i % length), i - (i % length) + length)))

interface Case {
  readonly name: string
  readonly open: Sizes
  readonly fixed: Values
  readonly coordinates: Values
}

const cases: readonly Case[] = [
  {
    name: 'eight_schools',
    open: { school: 4 },
    fixed: { y: draw.normals('y', 4, 5), se: draw.positives('se', 4) },
    coordinates: { mu: [0.4], tau: [-0.3], theta: draw.normals('theta', 4) },
  },
  {
    name: 'gaussian_mixture',
    open: { row: 5, dim: 2 },
    fixed: { y: draw.normals('ym', 10) },
    coordinates: { mu: draw.normals('mum', 6), sigma: draw.normals('sm', 3, 0.4), 'weight(cluster)': [0.3, -0.5] },
  },
  {
    name: 'hidden_markov',
    open: { t: 6 },
    fixed: { y: draw.normals('yt', 6) },
    coordinates: { move: [0.5, -0.4], mu: [-1, 0.2], sigma: [-0.1] },
  },
  {
    name: 'in_context_energy',
    open: { dim: 3, token: 4 },
    fixed: {
      context: draw.normals('context', 12),
      Wq: draw.normals('Wq', 48, 0.3),
      Wk: draw.normals('Wk', 48, 0.3),
      Wv: draw.normals('Wv', 9, 0.3),
    },
    coordinates: { x: draw.normals('xc', 3) },
  },
  {
    name: 'kernel_density',
    open: { pattern: 4, pixel: 3 },
    fixed: { xi: draw.normals('xik', 12), sigma: [0.6] },
    coordinates: { x: draw.normals('xk', 3) },
  },
  {
    name: 'logistic_regression',
    open: { row: 6, feature: 2 },
    fixed: { x: draw.normals('xl', 12), y: [0, 1, 1, 0, 1, 0] },
    coordinates: { w: draw.normals('w', 2), b: [0.2] },
  },
  {
    name: 'predictive_coding',
    open: { pixel: 3 },
    fixed: { W: draw.normals('Wp', 96, 0.3), sigma: [0.8] },
    coordinates: { h: draw.normals('h', 32), x: draw.normals('xp', 3) },
  },
  {
    name: 'random_feature_memory',
    open: { feature: 5, dim: 2 },
    fixed: { omega: draw.normals('omega', 10), beta: [0.5], T: draw.positives('T', 5) },
    coordinates: { x: draw.normals('xr', 2, 0.5) },
  },
  {
    name: 'sphere_clustering',
    open: { token: 3, dim: 3 },
    fixed: { key: unitRows(draw.normals('key', 9), 3), kappa: [3] },
    coordinates: { x: unitRows(draw.normals('xs', 3), 3) },
  },
  {
    name: 'varying_intercepts',
    open: { row: 5, county: 3 },
    fixed: { county_of: [0, 2, 1, 2, 0], basement: [1, 0, 0, 1, 1], y: draw.normals('yv', 5) },
    coordinates: { mu: [0.1], tau: [0.3], a: draw.normals('a', 3), b: [0.4], sigma: [-0.2] },
  },
]

describe.each(cases)('$name', (c) => {
  const p = retrieval(program(c.name))
  const point: Values = {
    ...c.fixed,
    ...Object.fromEntries(Object.entries(c.coordinates).map(([name, v]) => [`coordinate:${name}`, v])),
  }
  const out = outputs(p, c.open, point)

  test('moves all of its states', () => {
    expect(p.states.map((s) => s.name).sort()).toEqual(Object.keys(c.coordinates).sort())
    expect(p.discrete).toEqual([])
  })

  test('has the sum of its terms as energy, that of the values on the scale of the model', () => {
    const sum = p.terms.reduce((s, t) => s + (out[`term:${t}`]?.[0] as number), 0)
    // 1e-12 of the size: terms are added in another order.
    expect(Math.abs((out.energy?.[0] as number) - sum)).toBeLessThan(1e-12 * Math.max(1, Math.abs(sum)))
  })

  test('has gradients that are central differences of the energy', () => {
    for (const s of p.states) {
      const key = `coordinate:${s.name}`
      const x = Array.from(point[key] as readonly number[])
      x.forEach((v, i) => {
        const h = 1e-5 * Math.max(1, Math.abs(v))
        const energy = (by: number): number => outputs(p, c.open, { ...point, [key]: x.with(i, v + by) }).energy?.[0] as number
        const slope = (energy(h) - energy(-h)) / (2 * h)
        const g = out[`gradient:${s.name}`]?.[i] as number
        // Truncation h^2 times third derivatives of order 100, and rounding 1e-16 E / h of energies up to 1000.
        expect(Math.abs(g - slope), `${s.name}[${i}]: ${g}, differences ${slope}`).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)))
      })
    }
  })

  test('never rises by the step gradient/U of all states that have it', () => {
    const next: Record<string, readonly number[] | Float64Array> = { ...point }
    for (const s of p.states.filter((state) => state.curvature)) {
      const x = Array.from(point[`coordinate:${s.name}`] as readonly number[])
      const [g, u] = [out[`gradient:${s.name}`] as Float64Array, out[`curvature:${s.name}`] as Float64Array]
      const moved = x.map((v, i) =>
        s.move.kind === 'sphere' ? (u[i] as number) * v - (g[i] as number) : v - (g[i] as number) / (u[i] as number),
      )
      next[`coordinate:${s.name}`] = s.move.kind === 'sphere' ? unitRows(moved, moved.length) : moved
    }
    const [before, after] = [out.energy?.[0] as number, outputs(p, c.open, next).energy?.[0] as number]
    expect(after).toBeLessThanOrEqual(before + 1e-12 * Math.max(1, Math.abs(before)))
    if (p.states.some((s) => s.curvature)) expect(after).toBeLessThan(before)
  })
})

describe('coordinates', () => {
  const text = `model t
param top = 2
state p : positive
state n[i] : nonnegative
state b[i] : real(lower = -1, upper = top)
state q : probability
state w[k] : simplex[k]
state o[k] : ordered[k]
energy (p - 1)^2 + sum[i]((n - b)^2) + (q - 0.3)^2 + sum[k](w^2 + (o - index(k))^2)
`
  const p = retrieval(text)
  const open = { i: 2, k: 3 }
  const values: Values = {
    top: [2],
    'coordinate:p': [0.7],
    'coordinate:n': [0.5, 0],
    'coordinate:b': [-1, 1.5],
    'coordinate:q': [0.2],
    'coordinate:w': [0.1, 0.4],
    'coordinate:o': [-0.5, 0.2, 0.1],
  }
  const out = outputs(p, open, values)

  test('closed boxes move as they are, between walls that are outputs', () => {
    expect(p.states.filter((s) => s.move.kind === 'box').map((s) => s.name)).toEqual(['n', 'b'])
    expect(out['value:n']).toEqual(Float64Array.of(0.5, 0))
    expect([out['lower:n'], out['upper:n']]).toEqual([Float64Array.of(0, 0), Float64Array.of(Infinity, Infinity)])
    expect([out['lower:b'], out['upper:b']]).toEqual([Float64Array.of(-1, -1), Float64Array.of(2, 2)])
  })

  test('open supports move in smooth coordinates, and E has no Jacobian', () => {
    expect(out['value:p']?.[0]).toBeCloseTo(Math.exp(0.7), 14)
    const w = out['value:w'] as Float64Array
    expect(w.reduce((a, b) => a + b)).toBeCloseTo(1, 14)
    const o = out['value:o'] as Float64Array
    expect((o[0] as number) < (o[1] as number) && (o[1] as number) < (o[2] as number)).toBe(true)
    const wanted = total(energyOf(text), open, {
      top: [2],
      ...Object.fromEntries(['p', 'n', 'b', 'q', 'w', 'o'].map((n) => [n, out[`value:${n}`] as Float64Array])),
    })
    expect(out.energy?.[0]).toBeCloseTo(wanted, 12)
    expect(p.states.find((s) => s.name === 'w')?.coordinateAxes).toEqual(['k:free'])
  })

  test('a box whose wall is a moving state is no box', () => {
    const moving = retrieval('model t\nstate top\nstate b : real(lower = 0, upper = top)\nenergy (b - 1)^2 + (top - 3)^2\n')
    expect(moving.states.find((s) => s.name === 'b')?.move.kind).toBe('free')
    const observed = retrieval('model t\nstate top\nstate b : real(lower = 0, upper = top)\nenergy (b - 1)^2 + (top - 3)^2\n', ['top'])
    expect(observed.states.find((s) => s.name === 'b')?.move.kind).toBe('box')
  })
})

describe('roles', () => {
  test('observed states are given under their own names', () => {
    const p = retrieval(program('eight_schools'), ['theta', 'tau'])
    expect(p.states.map((s) => s.name)).toEqual(['mu'])
    expect(p.fixed.map((v) => v.name)).toEqual(['y', 'se', 'tau', 'theta'])
    expect(p.graph.inputs.map((i) => i.name)).toContain('theta')
  })

  test('discrete states that are coupled come with their moves', () => {
    const p = retrieval(program('hopfield'))
    expect(p.states).toEqual([])
    expect(p.discrete.map((d) => [d.name, d.levels])).toEqual([['s', { kind: 'values', values: [-1, 1] }]])
    expect(p.graph.inputs.map((i) => i.name).sort()).toEqual(['value:s', 'xi'])
  })

  test('neurons come with activations, drives and time constants', () => {
    const p = retrieval(program('large_associative_memory'))
    expect(p.states.map((s) => [s.name, s.move.kind])).toEqual([
      ['v', 'neuron'],
      ['h', 'neuron'],
    ])
    const [xi, v, h] = [draw.normals('xil', 6), draw.normals('vl', 3), draw.normals('hl', 2)]
    const out = outputs(p, { hidden: 2, visible: 3 }, { xi, beta: [4], 'coordinate:v': v, 'coordinate:h': h })
    const hidden = [0, 1].map((k) => v.reduce((s, x, i) => s + x * (xi[3 * k + i] as number), 0) - (h[k] as number))
    for (const [k, d] of hidden.entries()) expect(out['drive:h']?.[k]).toBeCloseTo(d, 12)
    expect([...(out['tau:h'] as Float64Array)]).toEqual([0.1, 0.1])
  })

  test('a fast hidden layer gives the energy of the modern Hopfield network', () => {
    const layers = retrieval(program('large_associative_memory'))
    const modern = retrieval(program('modern_hopfield'))
    const [xi, v] = [draw.normals('xif', 6), draw.normals('vf', 3)]
    const h = [0, 1].map((k) => v.reduce((s, x, i) => s + x * (xi[3 * k + i] as number), 0))
    const two = outputs(layers, { hidden: 2, visible: 3 }, { xi, beta: [4], 'coordinate:v': v, 'coordinate:h': h })
    const one = outputs(modern, { pattern: 2, pixel: 3 }, { xi, beta: [4], 'coordinate:x': v })
    expect(two.energy?.[0]).toBeCloseTo(one.energy?.[0] as number, 12)
    for (const [i, g] of (one['gradient:x'] as Float64Array).entries()) expect(two['drive:v']?.[i]).toBeCloseTo(-g, 12)
  })
})

describe('what cannot be retrieved says why', () => {
  const codes = (text: string, observed: readonly string[] = []): readonly string[] =>
    retrievalFrom(energyOf(text), situationOf(energyOf(text), { observed })).diagnostics.map((d) => d.code)

  test('an unobserved count', () => {
    const text = 'model t\nstate n : count ~ poisson(3)\nstate x\nenergy (x - n)^2\n'
    expect(codes(text)).toEqual(['AMP606'])
    expect(codes(text, ['n'])).toEqual([])
  })

  test('a model in which everything is observed', () => {
    expect(codes(program('modern_hopfield'), ['x'])).toEqual(['AMP607'])
  })
})
