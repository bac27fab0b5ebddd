import { describe, expect, it } from 'vitest'
import type { NodeId } from '../../src/ir/graph.ts'
import type { Machine } from '../../src/memory/machine.ts'
import { retrieve } from '../../src/memory/retrieve.ts'
import { near, normals, softmax, spins } from './numbers.ts'
import { type Declared, open, type Written, write } from './programs.ts'

// The setting of the paper's checks: 20 features, 6 memories of +-1, the cue a memory with 4 signs turned and some noise.
const V = 20
const H = 6
const xi = spins('memories', V * H)
const memory = xi.slice(0, V)
const cue = memory.map((s, i) => (i < 4 ? -s : s) + 0.2 * (normals('cue', V)[i] as number))

const visible: Record<'identity' | 'tanh' | 'sphere', Declared> = {
  identity: { axes: ['visible'], lagrangian: (m, v) => m.div(m.sum(['visible'], m.square(v)), m.k(2)) },
  tanh: { axes: ['visible'], lagrangian: (m, v) => m.div(m.sum(['visible'], m.logcosh(m.mul(m.k(5), v))), m.k(5)) },
  sphere: { axes: ['visible'], lagrangian: (m, v) => m.sqrt(m.sum(['visible'], m.square(v))) },
}
const hidden = {
  softmax:
    (beta: number): Declared['lagrangian'] =>
    (m, h) =>
      m.div(m.logsumexp(['hidden'], m.mul(m.k(beta), h)), m.k(beta)),
  cubic: (): Declared['lagrangian'] => (m, h) => m.div(m.sum(['hidden'], m.pow(m.max(h, m.k(0)), m.k(3))), m.k(3)),
}

function network(v: Declared, h: Declared['lagrangian'], tau: number, input?: Float64Array): Machine {
  const model: Written = {
    states: { v, h: { axes: ['hidden'], ...(h === undefined ? {} : { lagrangian: h }), tau } },
    fixed: { xi: ['hidden', 'visible'], I: ['visible'] },
    energy: (m, n) => ({
      synapse: m.neg(m.sum(['hidden', 'visible'], m.times(n['act:h'] as NodeId, n.xi as NodeId, n['act:v'] as NodeId))),
      input: m.neg(m.sum(['visible'], m.mul(n.I as NodeId, n['act:v'] as NodeId))),
    }),
  }
  return open(write(model), { hidden: H, visible: V }, { xi, I: input ?? new Float64Array(V) })
}

const project = (v: ArrayLike<number>): Float64Array =>
  Float64Array.from({ length: H }, (_, k) =>
    Array.from({ length: V }, (_, i) => (xi[k * V + i] as number) * (v[i] as number)).reduce((a, b) => a + b, 0),
  )
const attention = (v: ArrayLike<number>, beta: number): number[] => {
  const w = softmax([...project(v)].map((h) => beta * h))
  return Array.from({ length: V }, (_, i) => w.reduce((s, wk, k) => s + wk * (xi[k * V + i] as number), 0))
}
const overlap = (v: ArrayLike<number>): number => memory.reduce((s, m, i) => s + m * Math.sign(v[i] as number), 0) / V
const start = { v: cue, h: new Float64Array(H) }

describe('two layers of neurons', () => {
  it.each([
    ['softmax', visible.identity, hidden.softmax(0.3)],
    ['dense, tanh units', visible.tanh, hidden.cubic()],
    ['spherical', visible.sphere, hidden.softmax(1)],
  ] as const)('retrieve, never rising in energy (%s)', (_, v, h) => {
    const done = retrieve(network(v, h, 0.3), start)
    expect(done.outcome.kind).toBe('converged')
    expect(done.flows).toEqual(['ode'])
    expect(overlap(done.states.v?.data as Float64Array)).toBe(1)
    const most = Math.max(...done.trace.slice(1).map((e, i) => e - (done.trace[i] as number)))
    expect(most).toBeLessThanOrEqual(1e-12 * Math.max(1, ...done.trace.map(Math.abs)))
    expect(done.time).toBeGreaterThan(5)
    expect(done.slope).toBeLessThan(1e-6)
  })

  it('end at the energy of the retrieved memory', () => {
    // Rectified cubic: a memory gives -(overlap)^3 / 3. A saturated tanh unit's own energy v g - L(v) is (log 2) / 5.
    const done = retrieve(network(visible.tanh, hidden.cubic(), 0.3), start)
    const expected = -project(memory).reduce((s, h) => s + Math.max(h, 0) ** 3 / 3, 0) + (V * Math.log(2)) / 5
    expect(done.energy).toBeCloseTo(expected, 8)
  })

  it('with an input and unequal time constants still fall', () => {
    const input = normals('input', V)
    for (const tau of [3, 0.05]) {
      const done = retrieve(network(visible.identity, hidden.softmax(1), tau, input), start)
      expect(done.outcome.kind).toBe('converged')
      for (let i = 1; i < done.trace.length; i += 1)
        expect(done.trace[i] as number).toBeLessThanOrEqual((done.trace[i - 1] as number) + 1e-11)
      const v = done.coordinates.v as Float64Array
      near(
        v,
        attention(v, 1).map((a, i) => a + (input[i] as number)),
        1e-6,
      )
    }
  })

  it('a clamped half is kept and completed', () => {
    const clamp = { v: Array.from({ length: V }, (_, i) => i < V / 2) }
    const half = { v: memory.map((s, i) => (i < V / 2 ? s : 0)), h: new Float64Array(H) }
    const done = retrieve(network(visible.identity, hidden.softmax(0.3), 0.1), half, { clamp })
    expect((done.coordinates.v as Float64Array).slice(0, V / 2)).toEqual(memory.slice(0, V / 2))
    expect(overlap(done.coordinates.v as Float64Array)).toBe(1)
  })
})

describe('fast hidden neurons', () => {
  const beta = 0.3
  const times = Array.from({ length: 61 }, (_, k) => k / 10)
  /** dv/dt = attention(v) - v by classical Runge-Kutta, in plain numbers. */
  const adiabatic = (): number[][] => {
    const f = (v: readonly number[]): number[] => attention(v, beta).map((a, i) => a - (v[i] as number))
    const plus = (v: readonly number[], d: readonly number[], h: number): number[] => v.map((x, i) => x + h * (d[i] as number))
    let v = [...cue]
    const out = [v]
    for (let k = 1; k < times.length; k += 1) {
      for (let s = 0; s < 10; s += 1) {
        const h = 0.01
        const k1 = f(v)
        const k2 = f(plus(v, k1, h / 2))
        const k3 = f(plus(v, k2, h / 2))
        const k4 = f(plus(v, k3, h))
        v = v.map((x, i) => x + (h / 6) * ((k1[i] as number) + 2 * (k2[i] as number) + 2 * (k3[i] as number) + (k4[i] as number)))
      }
      out.push(v)
    }
    return out
  }

  /** The path of v at `times`, by stops and starts. */
  const path = (tau: number): number[][] => {
    const machine = network(visible.identity, hidden.softmax(beta), tau)
    let here: { v: Float64Array; h: Float64Array } = { v: cue, h: project(cue) }
    const out = [[...cue]]
    for (let k = 1; k < times.length; k += 1) {
      const done = retrieve(machine, here, { maxTime: 0.1, accuracy: 1e-7 })
      expect(done.time).toBeCloseTo(0.1, 12)
      here = { v: done.coordinates.v as Float64Array, h: done.coordinates.h as Float64Array }
      out.push([...here.v])
    }
    return out
  }

  it('follow the adiabatic path the more closely the faster they are, in proportion', () => {
    const limit = adiabatic()
    const errors = [1, 0.1, 0.01].map((tau) => {
      const went = path(tau)
      return Math.max(...went.flatMap((v, k) => v.map((x, i) => Math.abs(x - ((limit[k] as number[])[i] as number)))))
    })
    const [slow, fast, fastest] = errors as [number, number, number]
    expect(slow).toBeGreaterThan(fast)
    // The sheet of the paper found 0.022 against 0.0024 and asks for a ratio of at least 5; first order gives 10.
    expect(fast / fastest).toBeGreaterThan(5)
    expect(fastest).toBeLessThan(0.01)
  })

  it('stepped by the time constant of the slow layer are the attention update', () => {
    const done = retrieve(network(visible.identity, hidden.softmax(beta), 0.1), start, { dt: 1, maxSteps: 1 })
    near(done.coordinates.v as Float64Array, attention(cue, beta), 1e-14)
    const end = retrieve(network(visible.identity, hidden.softmax(beta), 0.1), start, { dt: 1 })
    expect(end.outcome.kind).toBe('converged')
    near(end.coordinates.v as Float64Array, attention(end.coordinates.v as Float64Array, beta), 1e-7)
    for (let i = 1; i < end.trace.length; i += 1) expect(end.trace[i] as number).toBeLessThanOrEqual((end.trace[i - 1] as number) + 1e-12)
  })

  it('are no hindrance however fast: 1e-6 takes about as many steps as 1e-2', () => {
    const steps = [1e-2, 1e-6].map((tau) => retrieve(network(visible.identity, hidden.softmax(beta), tau), start).steps)
    expect(steps[1] as number).toBeLessThan(3 * (steps[0] as number))
  })
})

describe('flows that do not descend', () => {
  it('are stopped and said to rise', () => {
    // A concave Lagrangian turns the flow uphill.
    const model: Written = {
      states: { v: { axes: [], lagrangian: (m, v) => m.div(m.square(v), m.k(-2)) } },
      fixed: {},
      energy: (m, n) => ({ pull: m.neg(n['act:v'] as NodeId) }),
    }
    const done = retrieve(open(write(model), {}, {}), { v: Float64Array.of(3) })
    expect(done.outcome.kind).toBe('stuck')
    expect(done.outcome.sentence).toContain('rises')
  })
})
