import { describe, expect, it } from 'vitest'
import type { NodeId } from '../../src/ir/graph.ts'
import { retrieve } from '../../src/memory/retrieve.ts'
import { near, normals, softmax } from './numbers.ts'
import { modernHopfield, open, type Written, write } from './programs.ts'

describe('the fixed-point step', () => {
  const P = 7
  const D = 5
  const xi = normals('memories', P * D)
  const cue = normals('cue', D)
  const beta = 1.7
  const attention = (x: ArrayLike<number>): number[] => {
    const scores = Array.from({ length: P }, (_, p) => {
      let s = 0
      for (let d = 0; d < D; d += 1) s += (xi[p * D + d] as number) * (x[d] as number)
      return beta * s
    })
    const w = softmax(scores)
    return Array.from({ length: D }, (_, d) => w.reduce((sum, wp, p) => sum + wp * (xi[p * D + d] as number), 0))
  }
  const machine = open(write(modernHopfield), { pattern: P, pixel: D }, { xi, beta: Float64Array.of(beta) })

  it('is softmax attention for the modern Hopfield energy', () => {
    const one = retrieve(machine, { x: cue }, { maxSteps: 1 })
    near(one.coordinates.x as Float64Array, attention(cue), 1e-14)
    expect(one.outcome.kind).toBe('step limit')
    expect(one.flows).toEqual(['fixed-point'])
  })

  it('goes on to a state that attention leaves as it is, downhill all the way', () => {
    const done = retrieve(machine, { x: cue })
    const x = done.coordinates.x as Float64Array
    expect(done.outcome.kind).toBe('converged')
    near(attention(x), x, 1e-8)
    expect(done.trace.length).toBe(done.steps + 1)
    for (let i = 1; i < done.trace.length; i += 1)
      expect(done.trace[i] as number).toBeLessThanOrEqual((done.trace[i - 1] as number) + 1e-12)
    expect(done.trace[0] as number).toBeGreaterThan(done.energy)
    expect(done.slope).toBeLessThan(1e-7)
    const terms = Object.values(done.terms).reduce((a, b) => a + b, 0)
    expect(terms).toBeCloseTo(done.energy, 12)
  })

  it('tells the attention weights at the cue and at the end', () => {
    const done = retrieve(machine, { x: cue })
    const scores = (x: ArrayLike<number>): number[] =>
      Array.from({ length: P }, (_, p) =>
        Array.from({ length: D }, (_, d) => beta * (xi[p * D + d] as number) * (x[d] as number)).reduce((a, b) => a + b, 0),
      )
    near(done.responsibilities.cue.which?.data as Float64Array, softmax(scores(cue)), 1e-12)
    near(done.responsibilities.end.which?.data as Float64Array, softmax(scores(done.coordinates.x as Float64Array)), 1e-12)
    expect(done.responsibilities.end.which?.axes).toEqual(['pattern'])
  })

  it('leaves clamped coordinates bit for bit and completes the rest', () => {
    const clamp = { x: [1, 0, 1, 0, 0] }
    const done = retrieve(machine, { x: cue }, { clamp })
    const x = done.coordinates.x as Float64Array
    expect(Object.is(x[0], cue[0])).toBe(true)
    expect(Object.is(x[2], cue[2])).toBe(true)
    const fed = attention(x)
    near([x[1] as number, x[3] as number, x[4] as number], [fed[1] as number, fed[3] as number, fed[4] as number], 1e-7)
    expect(x[1]).not.toBe(cue[1])
  })

  it('does not move when everything is clamped', () => {
    const done = retrieve(machine, { x: cue }, { clamp: { x: [1, 1, 1, 1, 1] } })
    expect(done.coordinates.x).toEqual(cue)
    expect(done.outcome.kind).toBe('converged')
    expect(done.steps).toBe(0)
  })
})

describe('mean shift and EM are fixed-point steps', () => {
  // A mixture of two normals with different widths; U is the responsibility-weighted precision, as EM's M step has it.
  const mixture: Written = {
    states: {
      x: {
        axes: [],
        // -log of a mixture is majorised at x by sum of r_k (y - mu_k)^2 / 2 s_k^2: curvature sum of r_k / s_k^2.
        curvature: (m, x) => {
          const s = m.builder.input('s', ['k'])
          const score = joint(m, { x, mu: m.builder.input('mu', ['k']), s, w: m.builder.input('w', ['k']) })
          return m.sum(['k'], m.div(m.exp(m.sub(score, m.logsumexp(['k'], score))), m.square(s)))
        },
      },
    },
    fixed: { mu: ['k'], s: ['k'], w: ['k'] },
    energy: (m, v) => ({ density: m.neg(m.logsumexp(['k'], joint(m, v))) }),
  }
  const joint = (m: Parameters<Written['energy']>[0], v: Readonly<Record<string, NodeId>>): NodeId =>
    m.plus(
      m.log(v.w as NodeId),
      m.neg(m.log(v.s as NodeId)),
      m.div(m.square(m.div(m.sub(v.x as NodeId, v.mu as NodeId), v.s as NodeId)), m.k(-2)),
    )
  const mu = Float64Array.of(-1, 2)
  const s = Float64Array.of(0.5, 1.5)
  const w = Float64Array.of(0.3, 0.7)
  const machine = open(write(mixture), { k: 2 }, { mu, s, w })
  const update = (x: number): number => {
    const r = softmax(
      [0, 1].map((k) => Math.log(w[k] as number) - Math.log(s[k] as number) - ((x - (mu[k] as number)) / (s[k] as number)) ** 2 / 2),
    )
    const precision = r.map((rk, k) => rk / (s[k] as number) ** 2)
    return precision.reduce((sum, p, k) => sum + p * (mu[k] as number), 0) / precision.reduce((a, b) => a + b, 0)
  }

  it('one step is one EM step for components of different widths', () => {
    for (const start of [-3, -0.4, 0.2, 0.9, 5]) {
      const one = retrieve(machine, { x: Float64Array.of(start) }, { maxSteps: 1 })
      near(one.coordinates.x as Float64Array, [update(start)], 1e-13)
    }
  })

  it('finds the mode of the basin, where the derivative of the density changes sign', () => {
    const density = (x: number): number =>
      [0, 1].reduce(
        (sum, k) => sum + ((w[k] as number) / (s[k] as number)) * Math.exp(-(((x - (mu[k] as number)) / (s[k] as number)) ** 2) / 2),
        0,
      )
    for (const start of [-2, 3]) {
      const done = retrieve(machine, { x: Float64Array.of(start) })
      const x = (done.coordinates.x as Float64Array)[0] as number
      expect(done.outcome.kind).toBe('converged')
      expect(density(x)).toBeGreaterThan(density(x - 1e-4))
      expect(density(x)).toBeGreaterThan(density(x + 1e-4))
    }
  })
})

describe('unit vectors', () => {
  const T = 9
  const D = 4
  const kappa = 6
  const keys = normals('keys', T * D)
  const model: Written = {
    states: { u: { axes: ['dim'], type: { kind: 'unit', axis: 'dim' }, move: { kind: 'sphere', axis: 'dim' }, curvature: (m) => m.k(0) } },
    fixed: { key: ['token', 'dim'], kappa: [] },
    energy: (m, v) => ({
      attend: m.neg(m.logsumexp(['token'], m.mul(v.kappa as NodeId, m.sum(['dim'], m.mul(v.key as NodeId, v.u as NodeId))))),
    }),
  }
  const machine = open(write(model), { token: T, dim: D }, { key: keys, kappa: Float64Array.of(kappa) })
  const unit = (v: readonly number[]): number[] => v.map((x) => x / Math.hypot(...v))
  const pull = (u: ArrayLike<number>): number[] => {
    const p = softmax(
      Array.from(
        { length: T },
        (_, t) => kappa * Array.from({ length: D }, (_, d) => (keys[t * D + d] as number) * (u[d] as number)).reduce((a, b) => a + b, 0),
      ),
    )
    return Array.from({ length: D }, (_, d) => p.reduce((sum, pt, t) => sum + pt * (keys[t * D + d] as number), 0))
  }

  it('one step is attention, normalised: also where it points to the other half of the sphere', () => {
    const toward = unit(pull([0.5, 0.5, 0.5, 0.5]))
    // From the place opposite to everything, the step has to cross the equator.
    for (const start of [[0.5, 0.5, 0.5, 0.5], toward.map((x) => -x), unit([1, -2, 0.3, 0.4])]) {
      const one = retrieve(machine, { u: Float64Array.from(start) }, { maxSteps: 1 })
      near(one.coordinates.u as Float64Array, unit(pull(start)), 1e-12)
    }
  })

  it('stays on the sphere, keeps clamped coordinates and ends where the gradient is normal to the surface', () => {
    const start = unit([0.9, 0.1, -0.3, 0.2])
    const done = retrieve(machine, { u: Float64Array.from(start) }, { clamp: { u: [1, 0, 0, 0] } })
    const u = done.coordinates.u as Float64Array
    expect(done.outcome.kind).toBe('converged')
    expect(Object.is(u[0], start[0])).toBe(true)
    expect(Math.hypot(...u)).toBeCloseTo(1, 12)
    // With one coordinate held the rest is a sphere of its own: there the pull is along the state.
    const g = pull(u).slice(1)
    near(unit(g), unit([...u].slice(1)), 1e-7)
  })

  it('brings a cue that is not of unit length to the sphere', () => {
    const done = retrieve(machine, { u: Float64Array.of(3, 0, 4, 0) }, { maxSteps: 0 })
    near(done.coordinates.u as Float64Array, [0.6, 0, 0.8, 0], 1e-15)
  })
})
