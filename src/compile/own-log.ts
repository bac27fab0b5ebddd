import type { NodeId } from '../ir/graph.ts'
import type { Maths } from '../ir/maths.ts'

/**
 * a b, where a quantity that multiplies its own logarithm makes 0 of it at 0, by the limit: x log(x), (1 - x) log(1 - x),
 * p log(p / q), p (log(p) - log(q)). What multiplies the logarithm of something else is left as it stands, and 0 log(0) is
 * not a number there, unless it is written xlogy(x, y).
 */
export function product(m: Maths, a: NodeId, b: NodeId): NodeId {
  if (a === b) return m.square(a)
  return withOwnLog(m, [a, b]) ?? distributed(m, a, b, DEEPEST) ?? distributed(m, b, a, DEEPEST) ?? m.mul(a, b)
}

/** More factors, or summands further down, than these are not looked at: a product of a thousand costs what it did. */
const MOST = 8
const DEEPEST = 4

/** The product, if one of its factors is the logarithm of something that another vanishes with. */
function withOwnLog(m: Maths, operands: readonly NodeId[]): NodeId | undefined {
  const all = factors(m, operands)
  for (const [i, log] of all.entries()) {
    const inside = insideLog(m, log)
    const own = inside === undefined ? -1 : all.findIndex((f, k) => k !== i && vanishesWith(m, f, inside))
    if (inside === undefined || own === -1) continue
    const rest = all.filter((_, k) => k !== i && k !== own)
    return m.times(...rest, m.xlogy(all[own] as NodeId, inside))
  }
  return undefined
}

/** What is multiplied, through products and signs; none where there are too many. */
function factors(m: Maths, operands: readonly NodeId[]): readonly NodeId[] {
  const found: NodeId[] = []
  const open = [...operands]
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    const node = m.builder.node(id)
    if (node.op === 'mul') open.unshift(...node.args)
    else if (node.op === 'neg') open.unshift(m.k(-1), ...node.args)
    else found.push(id)
    if (found.length + open.length > MOST) return []
  }
  return found
}

/** y of log(y), and 1 + y of log1p(y). */
function insideLog(m: Maths, id: NodeId): NodeId | undefined {
  const node = m.builder.node(id)
  const [y = id] = node.args
  if (node.op === 'log') return y
  if (node.op !== 'log1p') return undefined
  const inner = m.builder.node(y)
  return inner.op === 'neg' ? m.sub(m.k(1), inner.args[0] as NodeId) : m.add(m.k(1), y)
}

/** Whether f is 0 where y is 0 because of a quantity that is in both. */
function vanishesWith(m: Maths, f: NodeId, y: NodeId): boolean {
  const inY = new Set(roots(m, y))
  return roots(m, f).some((q) => inY.has(q))
}

/** What makes an expression 0 when it is 0: itself, its factors, what is under its fraction bar no more, bases of powers. */
function roots(m: Maths, id: NodeId): readonly NodeId[] {
  const found = [id]
  for (const at of found) {
    const node = m.builder.node(at)
    const [a = at, b = at] = node.args
    const exponent = m.builder.node(b)
    if (node.op === 'mul') found.push(a, b)
    else if (node.op === 'div' || node.op === 'neg' || node.op === 'square' || node.op === 'sqrt' || node.op === 'abs') found.push(a)
    else if (node.op === 'pow' && exponent.op === 'const' && exponent.value > 0) found.push(a)
    if (found.length > 4 * MOST) break
  }
  return found.filter((at) => m.builder.node(at).op !== 'const')
}

/** f (log(y) + rest), where f vanishes with y, as f log(y) + f rest; undefined where nothing in the sum is such a logarithm. */
function distributed(m: Maths, f: NodeId, sum: NodeId, depth: number): NodeId | undefined {
  const node = m.builder.node(sum)
  if (depth === 0 || (node.op !== 'add' && node.op !== 'sub')) return undefined
  const parts = node.args.map((part) => withOwnLog(m, [f, part]) ?? distributed(m, f, part, depth - 1))
  if (parts.every((p) => p === undefined)) return undefined
  const [p, q] = parts.map((part, k) => part ?? rest(m, f, node.args[k] as NodeId)) as [NodeId, NodeId]
  return node.op === 'add' ? m.add(p, q) : m.sub(p, q)
}

/** Of p (log(p) - log(q)) the second part, which is p log(p / q) at 0 as well. */
function rest(m: Maths, f: NodeId, part: NodeId): NodeId {
  const node = m.builder.node(part)
  return node.op === 'log' ? m.xlogy(f, node.args[0] as NodeId) : m.mul(f, part)
}
