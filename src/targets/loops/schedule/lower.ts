import { InternalError, must } from '../../../base/internal-error.ts'
import type { Graph, Node, ReductionOp } from '../../../ir/graph.ts'
import { applyScalar, isElementwise } from '../../../ir/scalar.ts'
import { axesFrom, isReduction } from '../../../ir/structure.ts'
import { isView, type LowGraph, type LowId } from './lowered.ts'
import { add, arrange, axesOf, axesOfAll, constantOf, type LoweringState, part, without } from './lowering.ts'
import { type BodyInputs, lowerScan, sideBySide } from './recursions.ts'
import { readFromTwin } from './twins.ts'

/**
 * Splits reductions, puts the bodies of scans among the other nodes, and turns outputs into nodes. `fixed`: names of
 * inputs. `narrow`: the axes that were written out.
 */
export function lower(graph: Graph, order: readonly string[], fixed: ReadonlySet<string>, narrow: ReadonlyMap<string, number>): LowGraph {
  const state: LoweringState = {
    nodes: [],
    known: new Map(),
    scans: [],
    order,
    fixed,
    graph,
    narrow,
    ids: [],
    split: new Map(),
    before: new Map(),
    twins: new Map(),
  }
  const { ids } = state
  for (const node of graph.nodes) {
    const args = node.args.map((a) => must(ids[a], 'operand'))
    ids.push(lowerNode(state, node, args, undefined))
  }
  const direct = new Map<LowId, number>()
  graph.outputs.forEach((port, k) => {
    const id = must(ids[port.node], `node of output ${k}`)
    if (fits(state, id, port.axes) && !direct.has(id)) direct.set(id, k)
    else add(state, { op: 'output', port: k }, [id], port.axes)
  })
  return { nodes: state.nodes, order, inputs: graph.inputs, outputs: graph.outputs, direct }
}

function lowerNode(state: LoweringState, node: Node, args: readonly LowId[], inputs: BodyInputs | undefined): LowId {
  if (node.op === 'input') return inputs === undefined ? add(state, { op: 'input', name: node.name }, [], node.axes) : inputs(node.name)
  if (node.op === 'scan') return lowerScan(state, node, args, lowerNode)
  if (isReduction(node)) return reduction(state, node.op, node.over, must(args[0], 'operand'))
  if (isElementwise(node.op)) return elementwise(state, node, args)
  const single = node.op === 'pick' ? sideBySide(state, node, args) : undefined
  const axes = args.map((a) => axesOf(state, a))
  const whole = node.op === 'cholesky_gradient' ? [stored(state, must(args[0], 'factor')), ...args.slice(1)] : args
  return single ?? add(state, part(node), whole, axesFrom(node, axes))
}

/** What routines read where it lies: a view has no array of its own, so it is multiplied by 1. */
function stored(state: LoweringState, id: LowId): LowId {
  if (!isView(must(state.nodes[id], 'operand'))) return id
  return add(state, { op: 'mul' }, [id, add(state, { op: 'const', value: 1 }, [], [])], axesOf(state, id))
}

function elementwise(state: LoweringState, node: Node, args: readonly LowId[]): LowId {
  // a + -b is a - b, bit for bit: what recursions are given comes negated where their bodies add.
  const negated = node.op === 'add' ? args.find((a) => state.nodes[a]?.op === 'neg') : undefined
  if (negated !== undefined && args[0] !== args[1]) {
    const rest = must(
      args.find((a) => a !== negated),
      'other operand',
    )
    return elementwise(state, { ...node, op: 'sub' } as Node, [rest, must(state.nodes[negated]?.args[0], 'operand')])
  }
  const constants = args.flatMap((a) => constantOf(state, a) ?? [])
  if (isElementwise(node.op) && constants.length === args.length) {
    return add(state, { op: 'const', value: applyScalar(node.op, constants) }, [], [])
  }
  const id = add(state, part(node), args, axesOfAll(state, args))
  return readFromTwin(state, node, id, args)
}

/** One axis at a time, the innermost first, so that each partial result is complete before its loop's next round. */
function reduction(state: LoweringState, op: ReductionOp, over: readonly string[], x: LowId): LowId {
  if (op === 'logsumexp') throw new InternalError('a logsumexp that was not expanded')
  return arrange(state, over)
    .toReversed()
    .reduce((id, axis) => add(state, { op, over: [axis] }, [id], without(axesOf(state, id), [axis])), x)
}

/** Whether an output can be computed in place: a node that is computed at run time, laid out as the internal arrays are. */
function fits(state: LoweringState, id: LowId, axes: readonly string[]): boolean {
  const node = must(state.nodes[id], 'output')
  return !isView(node) && !node.fixed && JSON.stringify(node.axes) === JSON.stringify(axes)
}
