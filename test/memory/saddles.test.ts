import { describe, expect, it } from 'vitest'
import type { NodeId } from '../../src/ir/graph.ts'
import type { Maths } from '../../src/ir/maths.ts'
import { retrieve } from '../../src/memory/retrieve.ts'
import { modernHopfield, open, type Written, write } from './programs.ts'

const D = 5
const of = (energy: (m: Maths, x: NodeId) => NodeId) =>
  open(
    write({ states: { x: { axes: ['d'] } }, fixed: {}, energy: (m, { x }) => ({ E: energy(m, x as NodeId) }) } satisfies Written),
    { d: D },
    {},
  )
const wells = of((m, x) => m.sum(['d'], m.square(m.sub(m.square(x), m.k(1)))))
const bowl = of((m, x) => m.sum(['d'], m.square(m.sub(x, m.k(1)))))

describe('a cue where the slope is zero', () => {
  it('that is a maximum is left for a minimum', () => {
    const { coordinates, outcome, trace, steps, energy } = retrieve(wells, { x: new Float64Array(D) })
    for (const x of coordinates.x as Float64Array) expect(Math.abs(x)).toBeCloseTo(1, 7)
    expect(energy).toBeLessThan(1e-12)
    expect(outcome).toMatchObject({ kind: 'converged', sentence: expect.stringContaining('stationary point') })
    expect(trace.length).toBe(steps + 1)
    for (let i = 1; i < trace.length; i += 1) expect(trace[i] as number).toBeLessThanOrEqual(trace[i - 1] as number)
  })

  it('that is a saddle is left along the one way down', () => {
    const saddle = of((m, x) => m.sub(m.sum(['d'], m.square(x)), m.mul(m.k(1.2), m.tanh(m.square(m.sum(['d'], x))))))
    // Along (1, ..., 1) / sqrt(5) the energy is s^2 - 1.2 tanh(5 s^2): the least of it by bisection of its slope.
    let [low, high] = [0.1, 2]
    for (let k = 0; k < 60; k += 1) {
      const s = (low + high) / 2
      if (2 * s - 12 * s * (1 - Math.tanh(5 * s * s) ** 2) < 0) low = s
      else high = s
    }
    const done = retrieve(saddle, { x: new Float64Array(D) })
    const x = done.coordinates.x as Float64Array
    for (const value of x) expect(Math.abs(value)).toBeCloseTo(low / Math.sqrt(D), 6)
    expect(new Set(Array.from(x, Math.sign)).size).toBe(1)
  })

  it('that is a minimum stays bit for bit, without a step', () => {
    const done = retrieve(bowl, { x: new Float64Array(D).fill(1) })
    expect(done.coordinates.x).toEqual(new Float64Array(D).fill(1))
    expect(done).toMatchObject({ steps: 0, trace: [0], outcome: { kind: 'converged', sentence: 'At rest after 0 steps.' } })
  })

  it('on flat ground stays bit for bit', () => {
    const flat = of((m, x) => m.mul(m.k(0), m.sum(['d'], x)))
    const x = Float64Array.of(1, 2, 3, 4, 5)
    expect(retrieve(flat, { x })).toMatchObject({ steps: 0, coordinates: { x } })
  })

  it('moves only what is not clamped', () => {
    const done = retrieve(wells, { x: new Float64Array(D) }, { clamp: { x: [1, 1, 0, 1, 1] } })
    const x = done.coordinates.x as Float64Array
    expect(Math.abs(x[2] as number)).toBeCloseTo(1, 7)
    expect([x[0], x[1], x[3], x[4]]).toEqual([0, 0, 0, 0])
  })

  it('above a bottomless energy is not called at rest', () => {
    const hill = of((m, x) => m.neg(m.sum(['d'], m.square(x))))
    expect(retrieve(hill, { x: new Float64Array(D) }).outcome.kind).not.toBe('converged')
  })

  it('between two memories goes to one of them, the same one for the same seed', () => {
    const xi = Float64Array.of(1, 1, -1, 1, 1, -1, -1, 1, -1, -1)
    const machine = open(write(modernHopfield), { pattern: 2, pixel: D }, { xi, beta: Float64Array.of(4) })
    const ends = [1, 1, 2, 3, 4, 5, 6].map((seed) => retrieve(machine, { x: new Float64Array(D) }, { seed }).coordinates.x as Float64Array)
    for (const x of ends) {
      // tanh(4 * 5 * |x|) is 1 to rounding, so the fixed points are the memories themselves.
      for (const value of x) expect(Math.abs(value)).toBeCloseTo(1, 6)
    }
    expect(ends[0]).toEqual(ends[1])
    expect(new Set(ends.map((x) => Math.sign(x[0] as number))).size).toBe(2)
  })
})

describe('a place of rest after some steps', () => {
  // From (0.5, 0, ...) the way to the saddle at (1, 0, ...) is straight: nothing ever points along the other coordinates.
  const ridge = of((m, x) => m.sum(['d'], m.sub(m.mul(m.k(0.25), m.square(m.square(x))), m.mul(m.k(0.5), m.square(x)))))
  const start = Float64Array.of(0.5, 0, 0, 0, 0)

  it('is taken for what it is where a cue was given', () => {
    expect([...(retrieve(ridge, { x: start }).coordinates.x as Float64Array)].map((v) => Math.round(v * 1e6) / 1e6)).toEqual([
      1, 0, 0, 0, 0,
    ])
  })

  it('is left, if it is a saddle, where one is asked to look', () => {
    for (const x of retrieve(ridge, { x: start }, { probe: true }).coordinates.x as Float64Array) expect(Math.abs(x)).toBeCloseTo(1, 6)
  })
})
