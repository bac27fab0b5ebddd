import { must } from '../base/internal-error.ts'
import type { Graph, Node, NodeId } from './graph.ts'

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
  if (args.length === 0 || args.length > 2 || 'axis' in node || 'over' in node || 'from' in node || 'rows' in node) return undefined
  return (args[0] as number) * MOST_NODES + (args.length === 2 ? (args[1] as number) + 1 : 0)
}

/** Equal nodes have equal keys. The axes follow from the operands, except where they are written here. */
function keyOf(node: Node): string {
  const own = ownKey(node)
  return `${node.op} ${node.args.join()} ${own}`
}

function ownKey(node: Node): string {
  switch (node.op) {
    case 'const':
      // -0 and 0 are different constants.
      return Object.is(node.value, -0) ? '-0' : String(node.value)
    case 'input':
      return node.name
    case 'size':
    case 'index':
    case 'pick':
      return node.axis
    case 'sum':
    case 'prod':
    case 'max_over':
    case 'min_over':
    case 'logsumexp':
      return node.over.join()
    case 'scatter':
      return `${node.axis} ${node.over.join()}`
    case 'rename':
      return `${node.from} ${node.to}`
    case 'shift':
      return `${node.axis} ${node.by}`
    case 'cumsum':
      return `${node.axis} ${node.reverse}`
    case 'cholesky':
      return `${node.rows} ${node.columns}`
    case 'solve_lower':
      return `${node.rows} ${node.columns} ${node.transposed}`
    case 'scan':
      return `${node.axis} ${node.reverse} ${node.axes.join()} ${bodyKey(node.body)}`
    default:
      return ''
  }
}

function bodyKey(body: Graph): string {
  const ports = body.inputs.map((p) => `${p.name}[${[...p.axes].sort()}]`)
  return `{${ports} ${body.nodes.map((n) => `${keyOf(n)}`).join(';')} -> ${body.outputs.map((o) => o.node)}}`
}
