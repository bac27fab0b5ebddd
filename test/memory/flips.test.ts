import { describe, expect, it } from 'vitest'
import type { Machine } from '../../src/memory/machine.ts'
import { retrieve } from '../../src/memory/retrieve.ts'
import { hebb, spinMemory } from './hopfield.ts'
import { normals, spins } from './numbers.ts'
import { open } from './programs.ts'

const N = 60
const P = 5
const xi = spins('patterns', P * N)
const hopfield = (patterns: Float64Array, count: number, size: number): Machine =>
  open(spinMemory(hebb), { pattern: count, neuron: size }, { xi: patterns })
const machine = hopfield(xi, P, N)

/** Local fields without the diagonal, from the couplings themselves. */
const field = (s: Float64Array, i: number): number => {
  let h = 0
  for (let j = 0; j < N; j += 1)
    if (j !== i) for (let p = 0; p < P; p += 1) h += ((xi[p * N + i] as number) * (xi[p * N + j] as number) * (s[j] as number)) / N
  return h
}
const cueOf = (turned: number): Float64Array => xi.slice(0, N).map((v, i) => (i < turned ? -v : v))

describe('asynchronous flips', () => {
  it.each(['in order', 'random'] as const)('retrieve and end where every spin agrees with its field (%s)', (order) => {
    const done = retrieve(machine, { s: cueOf(10) }, { order, seed: 3 })
    const s = done.states.s?.data as Float64Array
    expect(done.outcome.kind).toBe('converged')
    expect(s).toEqual(xi.slice(0, N))
    s.forEach((v, i) => {
      expect(v * field(s, i)).toBeGreaterThanOrEqual(-1e-12)
    })
    for (let i = 1; i < done.trace.length; i += 1) expect(done.trace[i] as number).toBeLessThan(done.trace[i - 1] as number)
    // E from the overlaps: -(N/2) sum m^2.
    const overlaps = Array.from({ length: P }, (_, p) => s.reduce((sum, v, i) => sum + v * (xi[p * N + i] as number), 0) / N)
    expect(done.energy).toBeCloseTo((-N / 2) * overlaps.reduce((sum, m) => sum + m * m, 0), 10)
  })

  it('go as Hopfield wrote them: in order, each seeing what came before', () => {
    const s = normals('random cue', N).map((v) => (v < 0 ? -1 : 1))
    const expected = s.slice()
    for (let i = 0; i < N; i += 1) {
      const h = field(expected, i)
      // A spin flips only for a gain: ties stay.
      if (h * (expected[i] as number) < -1e-12) expected[i] = Math.sign(h)
    }
    const done = retrieve(machine, { s }, { maxSteps: 1 })
    expect(done.states.s?.data).toEqual(expected)
    expect(done.states.s?.data).not.toEqual(s)
  })

  it('the same seed goes the same way, another one another', () => {
    const s = normals('another cue', N).map((v) => (v < 0 ? -1 : 1))
    const go = (seed: number): Float64Array =>
      retrieve(machine, { s }, { order: 'random', seed, maxSteps: 1 }).states.s?.data as Float64Array
    expect(go(1)).toEqual(go(1))
    expect([2, 3, 4, 5].some((seed) => go(seed).join() !== go(1).join())).toBe(true)
  })

  it('leave clamped spins', () => {
    const clamp = { s: Array.from({ length: N }, (_, i) => i < 3) }
    const done = retrieve(machine, { s: cueOf(10) }, { clamp })
    const s = done.states.s?.data as Float64Array
    expect(s.slice(0, 3)).toEqual(cueOf(10).slice(0, 3))
    expect(s.slice(3)).toEqual(xi.slice(3, N))
  })
})

describe('synchronous flips', () => {
  it('are all made from the old values', () => {
    const s = normals('random cue', N).map((v) => (v < 0 ? -1 : 1))
    const done = retrieve(machine, { s }, { update: 'synchronous', maxSteps: 1 })
    expect(done.states.s?.data).toEqual(s.map((v, i) => (field(s, i) * v < -1e-12 ? -v : v)))
  })

  it('notice when they go to and fro', () => {
    // Two neurons that want to differ, or agree, each seeing the other's old value: (1, -1) with J > 0 swaps for ever.
    const pair = hopfield(Float64Array.of(1, 1), 1, 2)
    const done = retrieve(pair, { s: Float64Array.of(1, -1) }, { update: 'synchronous' })
    expect(done.outcome.kind).toBe('cycle')
    expect(done.outcome.sentence).toContain('cycle of 2')
    expect(retrieve(pair, { s: Float64Array.of(1, -1) }).outcome.kind).toBe('converged')
  })
})
