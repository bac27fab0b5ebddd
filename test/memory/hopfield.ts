import { GraphBuilder } from '../../src/ir/builder.ts'
import type { Graph, NodeId } from '../../src/ir/graph.ts'
import { type Maths, maths } from '../../src/ir/maths.ts'
import * as ports from '../../src/middle/ports.ts'
import type { DiscreteState, RetrievalProgram } from '../../src/middle/program.ts'
import { write } from './programs.ts'

/** F of the energy -sum F(xi.s), as a formula of the overlaps. */
export type Separation = (m: Maths, overlap: NodeId) => NodeId

const graph = (build: (b: GraphBuilder, m: Maths) => void): Graph => {
  const b = new GraphBuilder()
  build(b, maths(b))
  return b.finish()
}

/** A spin network written through its overlaps: E = -sum[pattern] F(sum[neuron] xi s), moved by its overlaps as caches. */
export function spinMemory(F: Separation): RetrievalProgram {
  const energy = (m: Maths, overlap: NodeId): NodeId => m.neg(m.sum(['pattern'], F(m, overlap)))
  const xi = (b: GraphBuilder): NodeId => b.input('xi', ['pattern', 'neuron'])
  const moved = (b: GraphBuilder, m: Maths): NodeId => {
    const site = b.input('site:neuron', [])
    return m.add(
      b.input('cache:0', ['pattern']),
      m.mul(b.pick(xi(b), 'neuron', site), m.sub(b.input(ports.after, []), b.input(ports.before, []))),
    )
  }
  const state: DiscreteState = {
    name: 's',
    axes: ['neuron'],
    type: { kind: 'spin' },
    levels: { kind: 'values', values: [-1, 1] },
    prepare: graph((b, m) => b.output('cache:0', m.sum(['neuron'], m.mul(xi(b), b.input('value:s', ['neuron']))), ['pattern'])),
    propose: graph((b, m) => b.output('change', m.sub(energy(m, moved(b, m)), energy(m, b.input('cache:0', ['pattern']))), [])),
    commit: graph((b, m) => b.output('cache:0', moved(b, m), ['pattern'])),
    all: graph((b, m) => {
      const s = b.input('value:s', ['neuron'])
      const overlap = m.sum(['neuron'], m.mul(xi(b), s))
      const after = m.sub(overlap, m.times(m.k(2), xi(b), s))
      b.output('change', m.sub(energy(m, after), energy(m, overlap)), ['neuron'])
    }),
  }
  const whole = graph((b, m) => {
    const total = energy(m, m.sum(['neuron'], m.mul(xi(b), b.input('value:s', ['neuron']))))
    b.output('energy', total, [])
    b.output('term:overlaps', total, [])
  })
  const program = write({ states: {}, fixed: { xi: ['pattern', 'neuron'] }, energy: (m) => ({ overlaps: m.k(0) }) }, [state])
  return { ...program, graph: whole }
}

export const hebb: Separation = (m, overlap) => m.div(m.square(overlap), m.mul(m.k(2), m.builder.size('neuron')))
