import { expect, it } from 'vitest'
import type { NodeId } from '../../src/ir/graph.ts'
import { retrieve } from '../../src/memory/retrieve.ts'
import { near } from './numbers.ts'
import { open, type Written, write } from './programs.ts'

/** Two uncoupled parabolas of curvature 1 and 10, whose minima are at 3. */
const parabolas: Written = {
  states: { x: { axes: [] }, y: { axes: [] } },
  fixed: {},
  energy: (m, v) => ({
    x: m.div(m.square(m.sub(v.x as NodeId, m.k(3))), m.k(2)),
    y: m.mul(m.k(5), m.square(m.sub(v.y as NodeId, m.k(3)))),
  }),
}
const machine = open(write(parabolas), {}, {})
const cue = { x: Float64Array.of(1), y: Float64Array.of(2) }

it('takes steps of the given size: distances shrink by 1 - size times the curvature', () => {
  const done = retrieve(machine, cue, { step: 0.05, maxSteps: 20 })
  expect(done.flows).toEqual(['gradient'])
  near(done.coordinates.x as Float64Array, [3 - 2 * 0.95 ** 20], 1e-14)
  near(done.coordinates.y as Float64Array, [3 - 0.5 ** 20], 1e-14)
})

it.each([0.1, 0.5, 40])('comes to rest at the minimum with steps of %d, and never rises', (step) => {
  const done = retrieve(machine, cue, { step })
  expect(done.outcome.kind).toBe('converged')
  near([done.coordinates.x?.[0] ?? 0, done.coordinates.y?.[0] ?? 0], [3, 3], 1e-6)
  for (let i = 1; i < done.trace.length; i += 1) expect(done.trace[i] as number).toBeLessThanOrEqual(done.trace[i - 1] as number)
})
