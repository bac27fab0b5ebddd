import { must } from '../../../base/internal-error.ts'
import type { Node } from '../../../ir/graph.ts'
import { oneBeforeOf } from '../../../ir/one-before.ts'
import { isElementwise } from '../../../ir/scalar.ts'
import { rules } from '../rules.ts'
import type { LowId } from './lowered.ts'
import { add, axesOf, axesOfAll, described, keyOf, type LoweringState, part, type Twin } from './lowering.ts'

/** `id`, an elementwise node, or what has the same value and is read from its twin where that is cheaper. */
export function readFromTwin(state: LoweringState, node: Node, id: LowId, args: readonly LowId[]): LowId {
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
function twinOf(state: LoweringState, node: Node, id: LowId, args: readonly LowId[]): Twin | undefined {
  if (state.nodes[id]?.within !== undefined) return undefined
  const known = args.flatMap((a) => state.twins.get(a) ?? [])
  const [first] = known
  if (first === undefined) return valuesBefore(state, node, args)
  if (known.some((t) => t.scan !== first.scan)) return undefined
  const inside = args.map((a) => state.twins.get(a)?.inner ?? a)
  const inner = state.known.get(keyOf(described(state, part(node), inside, axesOfAll(state, inside))))
  return inner === undefined ? undefined : { ...first, inner }
}

/** The value of a recursion before each position, which stands in its loop where there is one. */
function valuesBefore(state: LoweringState, node: Node, args: readonly LowId[]): Twin | undefined {
  const found = oneBeforeOf((id) => must(state.nodes[id], 'operand'), { op: node.op, args })
  const recursion = found && state.nodes[found.x]
  const inner = found && state.before.get(found.x)
  if (found === undefined || recursion?.op !== 'recursion' || inner === undefined) return undefined
  const { scan, axis, reverse } = recursion
  return reverse || axis !== found.axis ? undefined : { inner, scan, axis, atStart: found.atStart }
}

function fromTwin(state: LoweringState, id: LowId, { inner, scan, axis, atStart }: Twin): LowId {
  const trace = add(state, { op: 'trace', scan, axis }, [inner], [...axesOf(state, inner), axis], undefined, scan)
  return add(state, { op: 'where' }, [atStart, id, trace], axesOfAll(state, [atStart, id, trace]))
}
