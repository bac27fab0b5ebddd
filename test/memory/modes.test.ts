import { describe, expect, it } from 'vitest'
import type { NodeId } from '../../src/ir/graph.ts'
import { type Machine, openMachine } from '../../src/memory/machine.ts'
import { retrieve } from '../../src/memory/retrieve.ts'
import type { Target } from '../../src/middle/executable.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { near, normals, solve } from './numbers.ts'
import { open, type Written, write } from './programs.ts'

const N = 60
const F = 4
const x = normals('features', N * F)
const truth = [1.5, -2, 0.5, 0]
const y = normals('noise', N).map((e, n) => (truth.reduce((s, w, f) => s + w * (x[n * F + f] as number), e) > 0 ? 1 : 0))

const logistic: Written = {
  states: { w: { axes: ['feature'] }, b: { axes: [] } },
  fixed: { x: ['row', 'feature'], y: ['row'] },
  energy: (m, v) => {
    const eta = m.add(v.b as NodeId, m.sum(['feature'], m.mul(v.x as NodeId, v.w as NodeId)))
    return {
      y: m.sum(['row'], m.sub(m.softplus(eta), m.mul(v.y as NodeId, eta))),
      w: m.div(m.sum(['feature'], m.square(v.w as NodeId)), m.k(2 * 2.5 ** 2)),
      b: m.div(m.square(v.b as NodeId), m.k(2 * 5 ** 2)),
    }
  },
}

/** Newton's method on the same posterior, in plain numbers; the last entry is b. */
function newton(): number[] {
  let theta = [0, 0, 0, 0, 0]
  const row = (n: number): number[] => [...x.subarray(n * F, n * F + F), 1]
  const prior = [1, 1, 1, 1].map(() => 1 / 2.5 ** 2).concat(1 / 25)
  for (let iteration = 0; iteration < 50; iteration += 1) {
    const g = theta.map((t, i) => t * (prior[i] as number))
    const H = prior.map((p, i) => prior.map((_, j) => (i === j ? p : 0)))
    for (let n = 0; n < N; n += 1) {
      const r = row(n)
      const p = 1 / (1 + Math.exp(-r.reduce((s, xi, i) => s + xi * (theta[i] as number), 0)))
      r.forEach((xi, i) => {
        g[i] = (g[i] as number) + xi * (p - (y[n] as number))
        r.forEach((xj, j) => {
          const line = H[i] as number[]
          line[j] = (line[j] as number) + xi * xj * p * (1 - p)
        })
      })
    }
    const step = solve(H, g)
    theta = theta.map((t, i) => t - (step[i] as number))
  }
  return theta
}

const cue = { w: new Float64Array(F), b: new Float64Array(1) }

describe('the mode of a logistic regression', () => {
  const machine = open(write(logistic), { row: N, feature: F }, { x, y })
  const expected = newton()

  it.each(['auto', 'quasi-newton', 'gradient', 'fixed-point', 'ode'] as const)('is where Newton finds it (%s)', (flow) => {
    const done = retrieve(machine, cue, { flow })
    expect(done.outcome.kind).toBe('converged')
    near([...(done.coordinates.w as Float64Array), ...(done.coordinates.b as Float64Array)], expected, 1e-7)
    for (let i = 1; i < done.trace.length; i += 1)
      expect(done.trace[i] as number).toBeLessThanOrEqual((done.trace[i - 1] as number) + 1e-10)
  })

  it('takes few evaluations', () => {
    const done = retrieve(machine, cue)
    expect(done.flows).toEqual(['quasi-newton'])
    expect(done.evaluations).toBeLessThan(60)
  })

  it('with some weights held is the mode given them', () => {
    const done = retrieve(machine, { ...cue, w: Float64Array.from(expected.slice(0, 4)) }, { clamp: { w: [1, 1, 1, 1] } })
    near(done.coordinates.b as Float64Array, [expected[4] as number], 1e-7)
  })
})

describe('bounds', () => {
  // Least squares |A x - c|^2 / 2 with correlated columns, in a box.
  const R = 8
  const C = 5
  const A = normals('matrix', R * C).map((v, i) => v + 0.8 * Math.sin(Math.floor(i / C)))
  const c = normals('right side', R, 3)
  const squares = (box: boolean): Written => ({
    states: {
      z: box ? { axes: ['col'], type: { kind: 'real' }, move: { kind: 'box' }, lower: -0.2, upper: 0.5 } : { axes: ['col'] },
    },
    fixed: { A: ['row', 'col'], c: ['row'] },
    energy: (m, v) => ({
      fit: m.div(m.sum(['row'], m.square(m.sub(m.sum(['col'], m.mul(v.A as NodeId, v.z as NodeId)), v.c as NodeId))), m.k(2)),
    }),
  })
  const machine = open(write(squares(true)), { row: R, col: C }, { A, c })
  const residual = (z: Float64Array): number[] =>
    Array.from({ length: R }, (_, r) => z.reduce((s, zc, k) => s + (A[r * C + k] as number) * zc, -(c[r] as number)))
  const gradientAt = (z: Float64Array): number[] =>
    Array.from({ length: C }, (_, k) => residual(z).reduce((s, rr, r) => s + rr * (A[r * C + k] as number), 0))

  it.each(['auto', 'gradient', 'ode'] as const)('are met as Karush, Kuhn and Tucker ask (%s)', (flow) => {
    const done = retrieve(machine, { z: Float64Array.of(0, 2, -3, 0.1, 0.2) }, { flow })
    const z = done.coordinates.z as Float64Array
    expect(done.outcome.kind).toBe('converged')
    const g = gradientAt(z)
    const leaning = z.map((v, k) => (v === -0.2 ? Number((g[k] as number) > 0) : v === 0.5 ? Number((g[k] as number) < 0) : 2))
    z.forEach((v, k) => {
      expect(v).toBeGreaterThanOrEqual(-0.2)
      expect(v).toBeLessThanOrEqual(0.5)
      if (v > -0.2 && v < 0.5) expect(Math.abs(g[k] as number)).toBeLessThan(1e-5)
      else expect(leaning[k]).toBe(1)
    })
    // The test means something only if some coordinates lean and some are free.
    expect(new Set(leaning)).toEqual(new Set([1, 2]))
  })
})

describe('models that have no mode', () => {
  const schools: Written = {
    states: {
      mu: { axes: [] },
      tau: { axes: [], type: { kind: 'positive' }, value: (m, c) => m.exp(c) },
      theta: { axes: ['school'] },
    },
    fixed: { y: ['school'], se: ['school'] },
    energy: (m, v) => ({
      mu: m.div(m.square(v.mu as NodeId), m.k(50)),
      tau: m.log1p(m.square(m.div(v.tau as NodeId, m.k(5)))),
      theta: m.sum(
        ['school'],
        m.add(m.div(m.square(m.div(m.sub(v.theta as NodeId, v.mu as NodeId), v.tau as NodeId)), m.k(2)), m.log(v.tau as NodeId)),
      ),
      y: m.div(m.sum(['school'], m.square(m.div(m.sub(v.y as NodeId, v.theta as NodeId), v.se as NodeId))), m.k(2)),
    }),
  }
  const data = {
    y: Float64Array.of(28, 8, -3, 7, -1, 1, 18, 12),
    se: Float64Array.of(15, 10, 16, 11, 9, 11, 10, 18),
  }

  it('a centred hierarchy collapses, and it is said along what', () => {
    const machine = open(write(schools), { school: 8 }, data)
    const done = retrieve(machine, { mu: Float64Array.of(0), tau: Float64Array.of(1), theta: new Float64Array(8) })
    expect(done.outcome.kind).toBe('unbounded')
    expect(done.outcome.sentence).toContain('tau')
    expect(done.steps).toBeLessThan(2000)
  })

  it('with the scale held it has one: the shrunken means, solved by hand', () => {
    const machine = open(write(schools), { school: 8 }, data)
    const done = retrieve(
      machine,
      { mu: Float64Array.of(0), tau: Float64Array.of(Math.log(3)), theta: new Float64Array(8) },
      { clamp: { tau: [1] } },
    )
    // Jointly normal: mu from the marginal of y given mu, theta by shrinkage.
    const weights = [...data.se].map((se) => 1 / (se ** 2 + 9))
    const mu = weights.reduce((s, w, i) => s + w * (data.y[i] as number), 0) / (weights.reduce((a, b) => a + b, 0) + 1 / 25)
    const theta = [...data.y].map((yi, i) => (yi / (data.se[i] as number) ** 2 + mu / 9) / (1 / (data.se[i] as number) ** 2 + 1 / 9))
    near(done.coordinates.mu as Float64Array, [mu], 1e-6)
    near(done.coordinates.theta as Float64Array, theta, 1e-6)
  })

  const falling = (energy: Written['energy']): Machine => open(write({ states: { x: { axes: [] } }, fixed: {}, energy }), {}, {})

  it.each(['quasi-newton', 'gradient'] as const)('a slope without end is unbounded (%s)', (flow) => {
    const done = retrieve(
      falling((m, v) => ({ slope: m.neg(v.x as NodeId) })),
      { x: Float64Array.of(0) },
      { flow },
    )
    expect(done.outcome.kind).toBe('unbounded')
    expect(done.outcome.sentence).toContain('along x')
  })

  it('a hill is unbounded on either side', () => {
    const done = retrieve(
      falling((m, v) => ({ hill: m.neg(m.square(v.x as NodeId)) })),
      { x: Float64Array.of(0.1) },
    )
    expect(done.outcome.kind).toBe('unbounded')
  })

  it('a cue where the energy is no number says which term', () => {
    const done = retrieve(
      falling((m, v) => ({ fine: m.square(v.x as NodeId), bad: m.log(v.x as NodeId) })),
      { x: Float64Array.of(-1) },
    )
    expect(done.outcome.kind).toBe('not finite')
    expect(done.outcome.sentence).toContain('term bad')
    expect(done.outcome.sentence).toContain('at the cue')
  })

  it('a kink is said to be one', () => {
    // Least squares with a Laplace prior: the mode has coordinates at 0, where the slope jumps.
    const lasso: Written = {
      states: { z: { axes: ['col'] } },
      fixed: { A: ['row', 'col'], c: ['row'] },
      energy: (m, v) => ({
        fit: m.div(m.sum(['row'], m.square(m.sub(m.sum(['col'], m.mul(v.A as NodeId, v.z as NodeId)), v.c as NodeId))), m.k(2)),
        prior: m.mul(m.k(8), m.sum(['col'], m.abs(v.z as NodeId))),
      }),
    }
    const machine = open(write(lasso), { row: 20, col: 10 }, { A: normals('design', 200), c: normals('response', 20, 3) })
    for (const flow of ['quasi-newton', 'gradient'] as const) {
      const done = retrieve(machine, { z: normals('start', 10) }, { flow })
      // The conditions of the optimum are held in kinks.test.ts.
      expect(done.outcome.kind).toBe('at a kink')
      expect(done.outcome.sentence).toMatch(/a kink in element \d+ of z/)
    }
  })

  it('walls of infinite energy are walked around, not into', () => {
    // x - log x has its minimum at 1; from 0.01 a bold step would leave the support.
    const done = retrieve(
      falling((m, v) => ({
        wall: m.where(m.less(v.x as NodeId, m.k(0)), m.k(Infinity), m.sub(v.x as NodeId, m.log(m.abs(v.x as NodeId)))),
      })),
      {
        x: Float64Array.of(0.01),
      },
    )
    expect(done.outcome.kind).toBe('converged')
    near(done.coordinates.x as Float64Array, [1], 1e-7)
  })
})

describe('a backend in single precision', () => {
  /** The kernel, its inputs and outputs rounded to 24 bits. */
  const single: Target = (graph, at, options) => {
    const inner = kernel(graph, at, options)
    const round = (buffers: ReadonlyMap<string, Float64Array>): void => {
      for (const b of buffers.values()) b.set(b.map(Math.fround))
    }
    const run = (): void => {
      round(inner.inputs)
      inner.run()
      round(inner.outputs)
    }
    return { ...inner, run }
  }
  const expected = newton()

  it.each(['quasi-newton', 'gradient', 'ode'] as const)('comes to rest as near as its numbers allow (%s)', (flow) => {
    const machine = openMachine(
      write(logistic),
      single,
      { row: N, feature: F },
      new Map([
        ['x', x.slice()],
        ['y', y],
      ]),
      { precision: 'single' },
    )
    const done = retrieve(machine, cue, { flow })
    expect(done.outcome.kind).toBe('converged')
    near([...(done.coordinates.w as Float64Array), ...(done.coordinates.b as Float64Array)], expected, 2e-3)
    expect(done.evaluations).toBeLessThan(2000)
  })
})

describe('hard shapes', () => {
  it("goes down Rosenbrock's valley", () => {
    const valley: Written = {
      states: { a: { axes: [] }, b: { axes: [] } },
      fixed: {},
      energy: (m, v) => ({
        valley: m.add(m.square(m.sub(m.k(1), v.a as NodeId)), m.mul(m.k(100), m.square(m.sub(v.b as NodeId, m.square(v.a as NodeId))))),
      }),
    }
    const done = retrieve(open(write(valley), {}, {}), { a: Float64Array.of(-1.2), b: Float64Array.of(1) })
    expect(done.outcome.kind).toBe('converged')
    near([...(done.coordinates.a as Float64Array), ...(done.coordinates.b as Float64Array)], [1, 1], 1e-7)
    expect(done.evaluations).toBeLessThan(120)
  })

  it('uses the curvature that is known beside what is not', () => {
    // Widths differ by 1e8; the stiff half says its curvature, the other bends gently.
    const mixed: Written = {
      states: { stiff: { axes: ['i'], curvature: (m) => m.k(1e8) }, soft: { axes: [] } },
      fixed: { c: ['i'] },
      energy: (m, v) => ({
        stiff: m.mul(m.k(0.5e8), m.sum(['i'], m.square(m.sub(v.stiff as NodeId, v.c as NodeId)))),
        soft: m.sub(m.cosh(v.soft as NodeId), m.mul(m.k(2), v.soft as NodeId)),
      }),
    }
    const c = normals('stiff', 5)
    const done = retrieve(open(write(mixed), { i: 5 }, { c }), { stiff: new Float64Array(5), soft: Float64Array.of(0) })
    expect(done.outcome.kind).toBe('converged')
    near(done.coordinates.stiff as Float64Array, c, 1e-7)
    near(done.coordinates.soft as Float64Array, [Math.asinh(2)], 1e-6)
    expect(done.evaluations).toBeLessThan(60)
  })
})
