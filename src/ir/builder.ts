import { InternalError, must } from '../base/internal-error.ts'
import type { ElementwiseOp, Graph, Node, NodeId, OutputPort, Port, ReductionOp } from './graph.ts'

/**
 * Builds a graph with sharing: equal nodes are one node. Does no algebra (that is `simplify`'s work) except what keeps
 * a node meaningful: reducing over an axis the operand does not vary over becomes a factor, so that every reduction's
 * `over` are axes of its operand.
 */
export class GraphBuilder {
  readonly #nodes: Node[] = []
  readonly #known = new Map<string, NodeId>()
  readonly #inputs = new Map<string, Port>()
  readonly #outputs: OutputPort[] = []

  node(id: NodeId): Node {
    return must(this.#nodes[id], `node ${id}`)
  }

  axes(id: NodeId): readonly string[] {
    return this.node(id).axes
  }

  constant(value: number): NodeId {
    return this.#intern({ op: 'const', value, args: [], axes: [] })
  }

  /** The same name always gives the same node; its axes must agree. `axes` in layout order. */
  input(name: string, axes: readonly string[]): NodeId {
    const before = this.#inputs.get(name)
    if (before === undefined) this.#inputs.set(name, { name, axes: [...axes] })
    else if (before.axes.join() !== axes.join()) throw new InternalError(`input ${name} has axes [${before.axes}] and [${axes}]`)
    return this.#intern({ op: 'input', name, args: [], axes: sorted(axes) })
  }

  size(axis: string): NodeId {
    return this.#intern({ op: 'size', axis, args: [], axes: [] })
  }

  /** 0, 1, 2, ... along `axis`. */
  index(axis: string): NodeId {
    return this.#intern({ op: 'index', axis, args: [], axes: [axis] })
  }

  apply(op: ElementwiseOp, ...args: readonly NodeId[]): NodeId {
    return this.#intern({ op, args, axes: union(args.map((a) => this.axes(a))) })
  }

  /** `over` may name axes the operand lacks: the operand is then constant along them. */
  reduce(op: ReductionOp, over: readonly string[], x: NodeId): NodeId {
    const axes = this.axes(x)
    const present = sorted(over.filter((a) => axes.includes(a)))
    const inner = present.length === 0 ? x : this.#intern({ op, over: present, args: [x], axes: without(axes, present) })
    return over.filter((a) => !axes.includes(a)).reduce((y, axis) => this.#repeated(op, axis, y), inner)
  }

  sum(over: readonly string[], x: NodeId): NodeId {
    return this.reduce('sum', over, x)
  }

  pick(x: NodeId, axis: string, index: NodeId): NodeId {
    if (!this.axes(x).includes(axis)) return x
    return this.#intern({ op: 'pick', axis, args: [x, index], axes: union([without(this.axes(x), [axis]), this.axes(index)]) })
  }

  scatter(g: NodeId, axis: string, index: NodeId, over: readonly string[]): NodeId {
    const axes = union([without(union([this.axes(g), this.axes(index)]), over), [axis]])
    return this.#intern({ op: 'scatter', axis, over: sorted(over), args: [g, index], axes })
  }

  rename(x: NodeId, from: string, to: string): NodeId {
    const axes = this.axes(x)
    if (from === to || !axes.includes(from)) return x
    if (axes.includes(to)) throw new InternalError(`rename of ${from} to ${to}, which is there already`)
    return this.#intern({ op: 'rename', from, to, args: [x], axes: union([without(axes, [from]), [to]]) })
  }

  shift(x: NodeId, axis: string, by: number): NodeId {
    // A constant along the axis still has zeros shifted in, so it is laid out along the axis first.
    const along = this.axes(x).includes(axis) ? x : this.apply('add', x, this.apply('mul', this.constant(0), this.index(axis)))
    return by === 0 ? along : this.#intern({ op: 'shift', axis, by, args: [along], axes: this.axes(along) })
  }

  cumsum(x: NodeId, axis: string, reverse = false): NodeId {
    const along = this.axes(x).includes(axis) ? x : this.apply('add', x, this.apply('mul', this.constant(0), this.index(axis)))
    return this.#intern({ op: 'cumsum', axis, reverse, args: [along], axes: this.axes(along) })
  }

  /** `carried`: the axes of the carried value. */
  scan(axis: string, reverse: boolean, body: Graph, first: NodeId, elements: readonly NodeId[], carried: readonly string[]): NodeId {
    return this.#intern({ op: 'scan', axis, reverse, body, args: [first, ...elements], axes: union([carried, [axis]]) })
  }

  /** A node like `node` with other operands (axes worked out afresh): what passes use to rebuild. */
  like(node: Node, args: readonly NodeId[]): NodeId {
    const arg = (i: number): NodeId => must(args[i], `operand ${i} of ${node.op}`)
    switch (node.op) {
      case 'const':
        return this.constant(node.value)
      case 'input':
        return must(this.#known.get(keyOf({ ...node })), `input ${node.name}`)
      case 'size':
        return this.size(node.axis)
      case 'index':
        return this.index(node.axis)
      case 'sum':
      case 'prod':
      case 'max_over':
      case 'min_over':
      case 'logsumexp':
        return this.reduce(node.op, node.over, arg(0))
      case 'pick':
        return this.pick(arg(0), node.axis, arg(1))
      case 'scatter':
        return this.scatter(arg(0), node.axis, arg(1), node.over)
      case 'rename':
        return this.rename(arg(0), node.from, node.to)
      case 'shift':
        return this.shift(arg(0), node.axis, node.by)
      case 'cumsum':
        return this.cumsum(arg(0), node.axis, node.reverse)
      case 'scan': {
        const carried = must(
          node.body.inputs.find((p) => p.name === 'prev'),
          'prev of a scan',
        ).axes
        return this.scan(node.axis, node.reverse, node.body, arg(0), args.slice(1), carried)
      }
      default:
        return this.apply(node.op, ...args)
    }
  }

  output(name: string, node: NodeId, axes: readonly string[] = this.axes(node)): void {
    const missing = this.axes(node).filter((a) => !axes.includes(a))
    if (missing.length > 0) throw new InternalError(`output ${name} leaves out the axes ${missing}`)
    if (this.#outputs.some((o) => o.name === name)) throw new InternalError(`two outputs named ${name}`)
    this.#outputs.push({ name, node, axes: [...axes] })
  }

  /** The graph of everything the outputs need. Inputs nobody uses are left out. */
  finish(): Graph {
    const used = new Array<boolean>(this.#nodes.length).fill(false)
    for (const o of this.#outputs) used[o.node] = true
    for (let id = this.#nodes.length - 1; id >= 0; id -= 1) {
      if (used[id]) for (const a of this.node(id).args) used[a] = true
    }
    const renumbered = new Map<NodeId, NodeId>()
    const nodes: Node[] = []
    for (let id = 0; id < this.#nodes.length; id += 1) {
      if (!used[id]) continue
      const node = this.node(id)
      renumbered.set(id, nodes.length)
      nodes.push({ ...node, args: node.args.map((a) => must(renumbered.get(a), 'operand')) })
    }
    const inputs = [...this.#inputs.values()].filter((p) => nodes.some((n) => n.op === 'input' && n.name === p.name))
    const outputs = this.#outputs.map((o) => ({ ...o, node: must(renumbered.get(o.node), 'output') }))
    return { nodes, inputs, outputs }
  }

  /** sum of a constant is size times it; logsumexp adds the log of the size; prod is a power; max and min do not mind. */
  #repeated(op: ReductionOp, axis: string, x: NodeId): NodeId {
    switch (op) {
      case 'sum':
        return this.apply('mul', this.size(axis), x)
      case 'prod':
        return this.apply('pow', x, this.size(axis))
      case 'logsumexp':
        return this.apply('add', this.apply('log', this.size(axis)), x)
      default:
        return x
    }
  }

  #intern(node: Node): NodeId {
    const key = keyOf(node)
    const before = this.#known.get(key)
    if (before !== undefined) return before
    const id = this.#nodes.length
    this.#nodes.push(node)
    this.#known.set(key, id)
    return id
  }
}

/** Copies the nodes of `graph` into `builder`, its inputs replaced by `replace(port)` (default: the same input). */
export function include(
  builder: GraphBuilder,
  graph: Graph,
  replace: (port: Port) => NodeId | undefined = () => undefined,
): readonly NodeId[] {
  const ids: NodeId[] = []
  for (const node of graph.nodes) {
    if (node.op === 'input') {
      const port = must(
        graph.inputs.find((p) => p.name === node.name),
        `input ${node.name}`,
      )
      ids.push(replace(port) ?? builder.input(port.name, port.axes))
    } else {
      ids.push(
        builder.like(
          node,
          node.args.map((a) => must(ids[a], 'operand')),
        ),
      )
    }
  }
  return ids
}

export function sorted(axes: readonly string[]): readonly string[] {
  return [...axes].sort()
}

/** Sorted union of sets of axis names. */
export function union(sets: readonly (readonly string[])[]): readonly string[] {
  return sorted([...new Set(sets.flat())])
}

export function without(axes: readonly string[], gone: readonly string[]): readonly string[] {
  return axes.filter((a) => !gone.includes(a))
}

function keyOf(node: Node): string {
  // -0 and 0 are different constants; JSON would merge them (and lose infinities).
  return JSON.stringify(node, (key, value) =>
    key === 'value' && typeof value === 'number' ? (Object.is(value, -0) ? '-0' : String(value)) : value,
  )
}
