import { must } from '../../src/base/internal-error.ts'
import { GraphBuilder, union, without } from '../../src/ir/builder.ts'
import type { Graph, NodeId } from '../../src/ir/graph.ts'
import { type Maths, maths } from '../../src/ir/maths.ts'

/** The body of a recursion from prev, e0 and e1; which of several kinds, `kind` decides. Bounded, whatever it is given. */
export function scanBody(
  kind: number,
  axis: string,
  first: readonly string[],
  elements: readonly (readonly string[])[],
): { readonly body: Graph; readonly carried: readonly string[] } {
  const wanted = must(templates[kind % templates.length], 'kind of recursion')
  // A value cannot be carried over the axis that is recursed along.
  const template = wanted.carried.includes(axis) ? must(templates[0], 'gated sum') : wanted
  const carried = union([template.carried, first])
  const builder = new GraphBuilder()
  const [e0, e1] = elements.map((axes, k) => builder.input(`e${k}`, axes)) as [NodeId, NodeId]
  const next = template.next({ m: maths(builder), prev: builder.input('prev', carried), e0, e1, axis })
  builder.output('next', next)
  return { body: builder.finish(), carried }
}

interface Parts {
  readonly m: Maths
  readonly prev: NodeId
  readonly e0: NodeId
  readonly e1: NodeId
  readonly axis: string
}

interface Template {
  readonly carried: readonly string[]
  next(parts: Parts): NodeId
}

const templates: readonly Template[] = [
  // A gated sum.
  { carried: [], next: ({ m, prev, e0, e1 }) => m.add(m.mul(m.sigmoid(prev), e0), e1) },
  // A recurrent network: mixes the carried axis.
  { carried: ['d'], next: ({ m, prev, e0, e1 }) => m.tanh(m.add(m.mul(m.builder.index('d'), e1), m.sum(['d'], m.mul(prev, e0)))) },
  // The variance of a GARCH process, without e1.
  { carried: [], next: ({ m, prev, e0 }) => m.add(m.mul(m.k(0.4), prev), m.mul(m.k(0.1), m.square(e0))) },
  // The forward algorithm of a hidden Markov chain: moves from b to d, which is then called b.
  {
    carried: ['b'],
    next: ({ m, prev, e0, e1 }) => {
      const moved = m.logsumexp(['b'], m.add(prev, e0))
      const back = m.builder.axes(moved).includes('b') ? moved : m.builder.rename(moved, 'd', 'b')
      return m.add(back, m.mul(m.k(0.1), m.sum(['d'], e1)))
    },
  },
  // A recursion within a recursion.
  {
    carried: [],
    next: ({ m, prev, e0, e1, axis }) => {
      const inner = axis === 'a' ? 'b' : 'a'
      const start = m.builder.pick(prev, inner, m.k(0))
      const within = scanBody(2, inner, m.builder.axes(start), [without(m.builder.axes(e0), [inner]), without(m.builder.axes(e1), [inner])])
      const all = m.builder.scan(inner, false, within.body, start, [m.sin(e0), e1], within.carried)
      return m.builder.pick(all, inner, m.sub(m.builder.size(inner), m.k(1)))
    },
  },
  // Not a recursion at all.
  { carried: [], next: ({ m, e1 }) => m.sin(e1) },
]
