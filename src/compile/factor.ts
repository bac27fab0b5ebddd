import { must } from '../base/internal-error.ts'
import type { NodeId } from '../ir/graph.ts'
import type { Maths } from '../ir/maths.ts'

/** `sum[over](x)`, the factors of x that do not vary over those axes taken out of the sum. */
export function sumFactored(m: Maths, over: readonly string[], x: NodeId): NodeId {
  if (over.length === 0) return x
  const { outside, inside } = factors(m, x, (f) => !m.builder.axes(f).some((a) => over.includes(a)))
  return m.mul(m.times(...outside), m.sum(over, m.times(...inside)))
}

/** The factors of a product, in order, by whether `isOutside`. */
function factors(m: Maths, x: NodeId, isOutside: (f: NodeId) => boolean): { outside: NodeId[]; inside: NodeId[] } {
  const outside: NodeId[] = []
  const inside: NodeId[] = []
  const stack = [x]
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    const node = m.builder.node(id)
    const [a = -1, b = -1] = node.args
    if (isOutside(id)) outside.push(id)
    else if (node.op === 'mul') stack.push(b, a)
    else if (node.op === 'neg') stack.push(must(node.args[0], 'operand'), m.k(-1))
    else if (node.op === 'div' && m.builder.node(a).op !== 'const') stack.push(m.reciprocal(b), a)
    else inside.push(id)
  }
  return { outside, inside }
}
