import { must } from '../../../base/internal-error.ts'
import type { Node } from '../../../ir/graph.ts'
import { isElementwise } from '../../../ir/scalar.ts'
import { rules } from '../rules.ts'
import type { LowId } from './lowered.ts'
import { add, axesOf, axesOfAll, constantOf, described, keyOf, part, type State, type Twin } from './lowering.ts'

/** `id`, an elementwise node, or what has the same value and is read from its twin where that is cheaper. */
export function readFromTwin(state: State, node: Node, id: LowId, args: readonly LowId[]): LowId {
  const twin = state.twins.get(id) ?? twinOf(state, node, id, args)
  if (twin === undefined) return id
  state.twins.set(id, twin)
  if (!isElementwise(node.op) || rules[node.op].cost < DEAR) return id
  const read = fromTwin(state, id, twin)
  state.twins.set(read, twin)
  return read
}

/** In additions: what is better read than computed twice. */
const DEAR = 20

/**
 * What a recursion computes on its way is often needed after it, too (the way back needs the exponentials of the way
 * there): an expression of the value before each position, which stands in the body as well.
 */
function twinOf(state: State, node: Node, id: LowId, args: readonly LowId[]): Twin | undefined {
  if (state.nodes[id]?.within !== undefined) return undefined
  const known = args.flatMap((a) => state.twins.get(a) ?? [])
  const [first] = known
  if (first === undefined) return node.op === 'where' ? beforeEach(state, args) : undefined
  if (known.some((t) => t.scan !== first.scan)) return undefined
  const inside = args.map((a) => state.twins.get(a)?.inner ?? a)
  const inner = state.known.get(keyOf(described(state, part(node), inside, axesOfAll(state, inside))))
  return inner === undefined ? undefined : { ...first, inner }
}

/** `where(0 == index, s, s[... - 1])` is the value before, where there is one. */
function beforeEach(state: State, [test, start, shifted]: readonly LowId[]): Twin | undefined {
  const recursion = state.nodes[start as number]
  const moved = state.nodes[shifted as number]
  const inner = state.before.get(start as number)
  if (recursion?.op !== 'recursion' || moved?.op !== 'shift' || inner === undefined || recursion.reverse) return undefined
  if (moved.args[0] !== start || moved.axis !== recursion.axis || moved.by !== 1) return undefined
  const condition = must(state.nodes[test as number], 'condition')
  const zero = condition.args.some((a) => constantOf(state, a) === 0)
  const index = condition.args.map((a) => must(state.nodes[a], 'operand')).some((n) => n.op === 'index' && n.axis === recursion.axis)
  if (condition.op !== 'equal' || !zero || !index) return undefined
  return { inner, scan: recursion.scan, axis: recursion.axis, atStart: test as number }
}

function fromTwin(state: State, id: LowId, { inner, scan, axis, atStart }: Twin): LowId {
  const trace = add(state, { op: 'trace', scan, axis }, [inner], [...axesOf(state, inner), axis], undefined, scan)
  return add(state, { op: 'where' }, [atStart, id, trace], axesOfAll(state, [atStart, id, trace]))
}
