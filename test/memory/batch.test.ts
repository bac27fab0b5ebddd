import { describe, expect, it } from 'vitest'
import type { NodeId } from '../../src/ir/graph.ts'
import { retrieveBatch } from '../../src/memory/batch.ts'
import { openMachine } from '../../src/memory/machine.ts'
import type { RelaxOptions } from '../../src/memory/options.ts'
import type { Retrieval } from '../../src/memory/retrieve.ts'
import { wideGraph } from '../../src/memory/wide.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { near, normals } from './numbers.ts'
import { modernHopfield, type Written, write } from './programs.ts'

const P = 7
const D = 5
const fixed = new Map([
  ['xi', normals('memories', P * D)],
  ['beta', Float64Array.of(1.7)],
])
const sizes = { pattern: P, pixel: D }
const cues = Array.from({ length: 23 }, (_, k) => ({ x: normals(`cue ${k}`, D, 2) }))

/**
 * Sums are taken in another order when there is one more axis, so the last digits may differ, and with them whether a
 * step is the last: places agree to ten times the tolerance of rest (1e-8), energies, flat there, to rounding.
 */
const same = (together: readonly Retrieval[], alone: readonly Retrieval[]): void => {
  expect(together.length).toBe(alone.length)
  together.forEach((r, k) => {
    const other = alone[k] as Retrieval
    expect(r.outcome.kind).toBe(other.outcome.kind)
    near(r.coordinates.x as Float64Array, other.coordinates.x as Float64Array, 1e-7)
    near(r.states.x?.data ?? [], other.states.x?.data ?? [], 1e-7)
    near([r.energy, ...Object.values(r.terms)], [other.energy, ...Object.values(other.terms)], 1e-12)
    near(r.trace.slice(0, 5), other.trace.slice(0, 5), 1e-10)
    expect(Math.abs(r.steps - other.steps)).toBeLessThanOrEqual(2)
    for (const at of ['cue', 'end'] as const)
      near(r.responsibilities[at].which?.data ?? [], other.responsibilities[at].which?.data ?? [], 1e-7)
  })
}

describe('many cues at once', () => {
  // A quartic without known curvature, so that every cue halves and bends on its own.
  const quartic: Written = {
    states: { x: { axes: ['pixel'] } },
    fixed: { xi: ['pattern', 'pixel'], beta: [] },
    energy: (m, v) => ({
      wells: m.neg(
        m.div(m.logsumexp(['pattern'], m.mul(v.beta as NodeId, m.sum(['pixel'], m.mul(v.xi as NodeId, v.x as NodeId)))), v.beta as NodeId),
      ),
      walls: m.div(m.sum(['pixel'], m.square(m.square(v.x as NodeId))), m.k(4)),
    }),
  }

  it.each([
    ['fixed-point', modernHopfield, {}],
    ['quasi-newton', quartic, {}],
    ['gradient', quartic, { flow: 'gradient' }],
    ['ode', quartic, { flow: 'ode' }],
  ] as const satisfies readonly (readonly [
    string,
    Written,
    RelaxOptions,
  ])[])('end where each would alone, after as many steps (%s)', (_, model, options) => {
    const program = write(model)
    const alone = retrieveBatch(openMachine(program, kernel, sizes, fixed), cues, options)
    // Fewer rows than cues: cues that have come to rest make room.
    const together = retrieveBatch(openMachine(program, kernel, sizes, fixed, { wide: wideGraph(program, 8) }), cues, options)
    same(together, alone)
    expect(new Set(alone.map((r) => r.steps)).size).toBeGreaterThan(1)
    expect(alone.every((r) => r.outcome.kind === 'converged')).toBe(true)
  })

  it('may each bring values of their own for what is fixed', () => {
    const program = write(modernHopfield)
    const own = cues.map((cue, k) => ({ ...cue, beta: Float64Array.of(0.5 + 0.2 * k) }))
    const separate = own.map(({ x, beta }) => {
      const machine = openMachine(program, kernel, sizes, new Map([...fixed, ['beta', beta]]))
      return retrieveBatch(machine, [{ x }])[0] as Retrieval
    })
    same(retrieveBatch(openMachine(program, kernel, sizes, fixed, { perCue: ['beta'] }), own), separate)
    same(
      retrieveBatch(openMachine(program, kernel, sizes, fixed, { perCue: ['beta'], wide: wideGraph(program, 8, ['beta']) }), own),
      separate,
    )
  })

  it('may each have their own clamps', () => {
    const own = (k: number): RelaxOptions => ({ clamp: { x: Array.from({ length: D }, (_, i) => i === k % D) } })
    const program = write(modernHopfield)
    const alone = retrieveBatch(openMachine(program, kernel, sizes, fixed), cues, own)
    const together = retrieveBatch(openMachine(program, kernel, sizes, fixed, { wide: wideGraph(program, 4) }), cues, own)
    same(together, alone)
    together.forEach((r, k) => {
      expect((r.coordinates.x as Float64Array)[k % D]).toBe(cues[k]?.x[k % D])
    })
  })
})
