import { must } from '../../base/internal-error.ts'
import type { Node, NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'

/** A node as a product: sign, factors, and what is divided by. */
export interface Factorised {
  readonly above: readonly NodeId[]
  readonly below: readonly NodeId[]
  readonly sign: 1 | -1
}

/** How operations make a product of those of their operands. */
const products: { readonly [op in Node['op']]?: (first: () => Factorised, second: () => Factorised) => Factorised } = {
  neg: (first) => product(first(), { above: [], below: [], sign: -1 }),
  mul: (first, second) => product(first(), second()),
  square: (first) => product(first(), first()),
  div: (first, second) => product(first(), inverse(second())),
}

/** Through products, squares, quotients and changes of sign; a constant counts as a factor. */
export function parts(nodeOf: (id: NodeId) => Node, id: NodeId): Factorised {
  const node = nodeOf(id)
  const of = (i: number) => (): Factorised => parts(nodeOf, must('args' in node ? node.args[i] : undefined, 'operand'))
  return products[node.op]?.(of(0), of(1)) ?? { above: [id], below: [], sign: 1 }
}

function product(a: Factorised, b: Factorised): Factorised {
  return { above: [...a.above, ...b.above], below: [...a.below, ...b.below], sign: a.sign === b.sign ? 1 : -1 }
}

function inverse({ above, below, sign }: Factorised): Factorised {
  return { above: below, below: above, sign }
}

/** What a node is a multiple of these factors by; undefined where it is none, or its multiple varies along their axis. */
export function quotient(m: Maths, id: NodeId, factors: readonly NodeId[], axis: string): NodeId | undefined {
  const node = m.builder.node(id)
  if (node.op === 'const' && node.value === 0) return id
  if (node.op === 'add' || node.op === 'sub') {
    const [a, b] = node.args.map((arg) => quotient(m, arg, factors, axis))
    return a === undefined || b === undefined ? undefined : m[node.op](a, b)
  }
  if (node.op === 'sum') {
    const inside = node.over.includes(axis) ? undefined : quotient(m, must(node.args[0], 'summed'), factors, axis)
    const readsSummed = factors.some((f) => m.builder.axes(f).some((a) => node.over.includes(a)))
    return inside === undefined || readsSummed ? undefined : m.sum(node.over, inside)
  }
  return oneQuotient(m, id, factors, axis)
}

function oneQuotient(m: Maths, id: NodeId, factors: readonly NodeId[], axis: string): NodeId | undefined {
  const { above, below, sign } = parts((n) => m.builder.node(n), id)
  const left = [...above]
  for (const factor of factors) {
    const at = left.indexOf(factor)
    // A sum among the factors may have it inside.
    if (at < 0) return withinSum(m, { above, below, sign }, id, factors, axis)
    left.splice(at, 1)
  }
  if ([...left, ...below].some((n) => m.builder.axes(n).includes(axis))) return undefined
  return m.div(m.times(m.k(sign), ...left), m.times(...below))
}

/** Of `(z a + z b) c / d`: the quotient of the only factor that varies along the axis, times the others. */
function withinSum(m: Maths, { above, below, sign }: Factorised, id: NodeId, factors: readonly NodeId[], axis: string): NodeId | undefined {
  const along = above.filter((n) => m.builder.axes(n).includes(axis))
  const [only] = along
  if (only === undefined || along.length > 1 || only === id) return undefined
  const inner = quotient(m, only, factors, axis)
  const others = above.filter((n) => n !== only)
  if (inner === undefined || below.some((n) => m.builder.axes(n).includes(axis))) return undefined
  return m.div(m.times(m.k(sign), inner, ...others), m.times(...below))
}

/** A node over a product, where all factors cancel but constants, so that nothing is divided by what may be 0. */
export function ratio(m: Maths, id: NodeId, by: Factorised): NodeId | undefined {
  const node = m.builder.node(id)
  if (node.op === 'add' || node.op === 'sub') {
    const [a, b] = node.args.map((arg) => ratio(m, arg, by))
    return a === undefined || b === undefined ? undefined : m[node.op](a, b)
  }
  const own = parts((n) => m.builder.node(n), id)
  const { above, below, sign } = product(own, inverse(by))
  const up = [...above]
  const down = below.filter((factor) => {
    const at = up.indexOf(factor)
    if (at >= 0) up.splice(at, 1)
    return at < 0
  })
  if (down.some((factor) => (m.known(factor) ?? 0) === 0)) return undefined
  return m.div(m.times(m.k(sign), ...up), m.times(...down))
}
