import { describe, expect, it } from 'vitest'
import { GraphBuilder } from '../../src/ir/builder.ts'
import type { Graph, NodeId } from '../../src/ir/graph.ts'
import { type Maths, maths } from '../../src/ir/maths.ts'
import { kernel } from '../../src/targets/kernel.ts'
import type { GraphCase } from '../generators/graphs.ts'
import { agreesWithReference, gradientIsCentralDifference, simplifyKeepsGradients, simplifyKeepsValues } from '../laws/agreement.ts'

type Leaves = Readonly<Record<'y' | 'c' | 'f' | 'w', NodeId>>
interface Branch {
  readonly what: string
  readonly write: (m: Maths, leaves: Leaves, reverse: boolean) => NodeId
}

/** A body from its inputs and their axes. */
function body(axes: Readonly<Record<string, readonly string[]>>, next: (m: Maths, at: (name: string) => NodeId) => NodeId): Graph {
  const builder = new GraphBuilder()
  for (const [name, over] of Object.entries(axes)) builder.input(name, over)
  builder.output(
    'next',
    next(maths(builder), (name) => builder.input(name, axes[name] ?? [])),
  )
  return builder.finish()
}

const leaky = body({ prev: [], e0: [], e1: [] }, (m, at) => m.add(m.mul(m.tanh(at('prev')), at('e1')), m.sin(at('e0'))))
const squared = body({ prev: [], e0: [], e1: [] }, (m, at) => m.add(m.mul(at('e0'), at('e1')), m.mul(m.k(0.3), at('prev'))))
const forgetful = body({ e0: [] }, (m, at) => m.exp(m.mul(m.k(0.2), at('e0'))))
const alone = body({ prev: [] }, (m, at) => m.sin(m.mul(m.k(1.3), at('prev'))))
/** The result does not vary over the carried axis. */
const spread = body({ prev: ['k'], e0: [] }, (m, at) => m.add(m.sum(['k'], m.tanh(at('prev'))), at('e0')))
const mixing = body({ prev: ['k'], e0: ['k'] }, (m, at) => m.add(m.mul(m.k(0.4), m.sum(['k'], at('prev'))), m.mul(at('prev'), at('e0'))))

/** y over t; c and f alone; w over t and k. */
const branches: readonly Branch[] = [
  { what: 'one element varies, the other does not', write: (m, { y, c, f }, r) => m.builder.scan('t', r, leaky, f, [y, c], []) },
  { what: 'both elements are one', write: (m, { y, f }, r) => m.builder.scan('t', r, squared, f, [y, y], []) },
  { what: 'the first is an element, too', write: (m, { y, f }, r) => m.builder.scan('t', r, leaky, f, [y, f], []) },
  { what: 'no element varies', write: (m, { c, f }, r) => m.builder.scan('t', r, leaky, f, [c, c], []) },
  { what: 'what was before does not matter', write: (m, { y, f }, r) => m.builder.scan('t', r, forgetful, f, [y], []) },
  { what: 'there is no element', write: (m, { f }, r) => m.builder.scan('t', r, alone, f, [], []) },
  { what: 'the first is a constant', write: (m, { y, c }, r) => m.builder.scan('t', r, leaky, m.k(0.7), [y, c], []) },
  {
    what: 'the first is an element of what goes along',
    write: (m, { y, c }, r) => m.builder.scan('t', r, leaky, m.builder.pick(y, 't', m.k(0)), [y, c], []),
  },
  { what: 'the result lacks the carried axis', write: (m, { y, f }, r) => m.builder.scan('t', r, spread, f, [y], ['k']) },
  { what: 'the carried axis is mixed', write: (m, { w, f }, r) => m.builder.scan('t', r, mixing, f, [w], ['k']) },
  {
    what: 'one recursion feeds another, the other way round',
    write: (m, { y, c, f }, r) => m.builder.scan('t', !r, leaky, f, [m.builder.scan('t', r, leaky, c, [y, c], []), y], []),
  },
  {
    what: 'the energy reads one place only',
    write: (m, { y, c, f }, r) => m.mul(m.k(2), m.builder.pick(m.builder.scan('t', r, leaky, f, [y, c], []), 't', m.k(0))),
  },
]

const numbers = { y: [0.4, -1.1, 0.9, 0.3], c: [0.8], f: [-0.6], w: [0.3, -0.5, 0.2, 0.8, -0.4, 0.6, 0.1, -0.2] }

describe.each(branches)('a recursion in which $what', ({ write }) => {
  describe.each([
    [false, 4],
    [true, 4],
    [false, 1],
    [true, 1],
    [true, 2],
  ] as const)('from the end %s, of %d steps', (reverse, t) => {
    const example = caseOf((m, leaves) => write(m, leaves, reverse), t)

    it('has the gradient of differences', () => {
      expect(gradientIsCentralDifference(1e-6)(example)).toBeUndefined()
    })
    it('is what its definition says when simplified, its gradients too, and in a kernel', () => {
      expect(simplifyKeepsValues(1e-13)(example)).toBeUndefined()
      expect(simplifyKeepsGradients(1e-12)(example)).toBeUndefined()
      expect(agreesWithReference(kernel, { tolerance: 1e-13 })(example)).toBeUndefined()
    })
  })
})

function caseOf(write: (m: Maths, leaves: Leaves) => NodeId, t: number): GraphCase {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const leaves = { y: builder.input('y', ['t']), c: builder.input('c', []), f: builder.input('f', []), w: builder.input('w', ['t', 'k']) }
  const states = write(m, leaves)
  const axes = builder.axes(states)
  // Every place weighs differently, so that one shifted by a step shows.
  const place = axes.includes('t') ? m.add(m.k(1), m.mul(m.k(0.7), builder.index('t'))) : m.k(1)
  builder.output('value', states, axes)
  builder.output('energy', m.sum(axes, m.mul(m.square(states), place)))
  const graph = builder.finish()
  const sizes = { t, k: 2 }
  const length = { y: t, c: 1, f: 1, w: 2 * t }
  const inputs = Object.fromEntries(
    graph.inputs.map(({ name }) => [name, Float64Array.from(numbers[name as keyof Leaves]).subarray(0, length[name as keyof Leaves])]),
  )
  return { graph, sizes, inputs }
}
