import { must } from '../base/internal-error.ts'
import type { Graph, Node, NodeId } from './graph.ts'
import { type Field, ownFields, statesAxes } from './structure.ts'

/** Nodes by number and by what they are. */
export class NodeTable {
  readonly nodes: Node[] = []
  readonly #byKey = new Map<string, NodeId>()
  /** Operations that their operands say everything about, without a string for each. */
  readonly #byOperands = new Map<string, Map<number, NodeId>>()

  find(node: Node): NodeId | undefined {
    const pair = operandKey(node)
    return pair === undefined ? this.#byKey.get(keyOf(node)) : this.#byOperands.get(node.op)?.get(pair)
  }

  /** A node that is not there yet. */
  add(node: Node): NodeId {
    const id = this.nodes.length
    this.nodes.push(node)
    const pair = operandKey(node)
    if (pair === undefined) this.#byKey.set(keyOf(node), id)
    else this.#operands(node.op).set(pair, id)
    return id
  }

  #operands(op: string): Map<number, NodeId> {
    if (!this.#byOperands.has(op)) this.#byOperands.set(op, new Map())
    return must(this.#byOperands.get(op), op)
  }
}

/** More nodes than any graph has; two ids fit in one exact number. */
const MOST_NODES = 1 << 26

/** One or two operands as one number; undefined where there are others, or more to say than operands. */
function operandKey(node: Node): number | undefined {
  const { args } = node
  if (args.length === 0 || args.length > 2 || ownFields(node.op).length > 0) return undefined
  return (args[0] as number) * MOST_NODES + (args.length === 2 ? (args[1] as number) + 1 : 0)
}

/** Equal nodes have equal keys. The axes follow from the operands and the fields, except where they are written in the node. */
function keyOf(node: Node): string {
  const values = node as unknown as Readonly<Record<string, unknown>>
  let key = `${node.op} ${node.args.join()}`
  for (const [name, holds] of ownFields(node.op)) key += ` ${texts[holds](values[name])}`
  return statesAxes(node) ? `${key} ${node.axes.join()}` : key
}

const texts: { readonly [H in Field[1]]: (value: unknown) => string } = {
  axis: String,
  axes: (value) => (value as readonly string[]).join(),
  // -0 and 0 are different constants.
  plain: (value) => (Object.is(value, -0) ? '-0' : String(value)),
  body: (value) => bodyKey(value as Graph),
}

function bodyKey(body: Graph): string {
  const ports = body.inputs.map((p) => `${p.name}[${[...p.axes].sort()}]`)
  return `{${ports} ${body.nodes.map((n) => `${keyOf(n)}`).join(';')} -> ${body.outputs.map((o) => o.node)}}`
}
