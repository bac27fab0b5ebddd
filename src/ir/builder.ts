import { InternalError, must } from '../base/internal-error.ts'
import { cut } from './cut.ts'
import type { ElementwiseOp, Graph, Node, NodeId, OutputPort, Port, ReductionOp } from './graph.ts'
import { originalOf } from './layout.ts'
import { NodeTable } from './node-table.ts'
import { rebuilt } from './rebuilt.ts'
import { axesFrom, isStructured, worksAlong } from './structure.ts'

/** A node that is being made. */
type Fresh = Node extends infer N ? (N extends Node ? Omit<N, 'axes'> & { axes: readonly string[] } : never) : never

/** What a reduction along an axis that its operand lacks is instead: a sum of equal terms is as many times one. */
const repeated: { readonly [K in ReductionOp]: (builder: GraphBuilder, x: NodeId, axis: string) => NodeId } = {
  sum: (b, x, axis) => b.apply('mul', b.size(axis), x),
  prod: (b, x, axis) => b.apply('pow', x, b.size(axis)),
  max_over: (_b, x) => x,
  min_over: (_b, x) => x,
  logsumexp: (b, x, axis) => b.apply('add', b.apply('log', b.size(axis)), x),
}

/**
 * Builds a graph with sharing: equal nodes are one node. Does no algebra (that is `simplify`'s work) except what keeps
 * a node meaningful: reducing over an axis the operand does not vary over becomes a factor, so that every reduction's
 * `over` are axes of its operand.
 */
export class GraphBuilder {
  readonly #table = new NodeTable()
  readonly #inputs = new Map<string, Port>()
  readonly #outputs: OutputPort[] = []
  readonly #outputNames = new Set<string>()

  /** How many nodes there are; their ids are the numbers below it. */
  get length(): number {
    return this.#table.nodes.length
  }

  node(id: NodeId): Node {
    const node = this.#table.nodes[id]
    // Asked for so often that the text of an error is made only where there is one.
    if (node === undefined) throw new InternalError(`no node ${id}`)
    return node
  }

  axes(id: NodeId): readonly string[] {
    return this.node(id).axes
  }

  constant(value: number): NodeId {
    return this.#structured({ op: 'const', value, args: [], axes: [] })
  }

  /** The same name always gives the same node; its axes must agree. `axes` in layout order. */
  input(name: string, axes: readonly string[]): NodeId {
    const before = this.#inputs.get(name)
    if (before === undefined) this.#inputs.set(name, { name, axes: [...axes] })
    else if (before.axes.join() !== axes.join()) throw new InternalError(`input ${name} has axes [${before.axes}] and [${axes}]`)
    return this.#intern({ op: 'input', name, args: [], axes: sorted(axes) })
  }

  /** How an input is laid out. */
  port(name: string): Port {
    return must(this.#inputs.get(name), `input ${name}`)
  }

  size(axis: string): NodeId {
    return this.#structured({ op: 'size', axis: originalOf(axis), args: [], axes: [] })
  }

  /** 0, 1, 2, ... along `axis`. */
  index(axis: string): NodeId {
    return this.#structured({ op: 'index', axis, args: [], axes: [] })
  }

  apply(op: ElementwiseOp, ...args: readonly NodeId[]): NodeId {
    return this.#intern({ op, args, axes: joined(args.map((a) => this.axes(a))) })
  }

  /** The node of this operation, if it was written before. */
  known(op: ElementwiseOp, ...args: readonly NodeId[]): NodeId | undefined {
    return this.#table.find({ op, args, axes: [] })
  }

  /** `over` may name axes the operand lacks: the operand is then constant along them. */
  reduce(op: ReductionOp, over: readonly string[], x: NodeId): NodeId {
    const axes = this.axes(x)
    const present = sorted(over.filter((a) => axes.includes(a)))
    const inner = present.length === 0 ? x : this.#structured({ op, over: present, args: [x], axes: [] })
    return over.filter((a) => !axes.includes(a)).reduce((y, axis) => repeated[op](this, y, axis), inner)
  }

  sum(over: readonly string[], x: NodeId): NodeId {
    return this.reduce('sum', over, x)
  }

  pick(x: NodeId, axis: string, index: NodeId): NodeId {
    if (!this.axes(x).includes(axis)) return x
    return this.#structured({ op: 'pick', axis, args: [x, index], axes: [] })
  }

  /** `over` may name axes that neither operand has: what is added is then constant along them. */
  scatter(g: NodeId, axis: string, index: NodeId, over: readonly string[]): NodeId {
    const from = union([this.axes(g), this.axes(index)])
    const present = sorted(over.filter((a) => from.includes(a)))
    if (from.includes(axis) && !present.includes(axis)) throw new InternalError(`scatter along ${axis}, which is there already`)
    const inner = this.#structured({ op: 'scatter', axis, over: present, args: [g, index], axes: [] })
    return over.filter((a) => !from.includes(a)).reduce((y, a) => repeated.sum(this, y, a), inner)
  }

  rename(x: NodeId, from: string, to: string): NodeId {
    const axes = this.axes(x)
    if (from === to || !axes.includes(from)) return x
    if (axes.includes(to)) throw new InternalError(`rename of ${from} to ${to}, which is there already`)
    return this.#structured({ op: 'rename', from, to, args: [x], axes: [] })
  }

  /** Of something constant along the axis too: zeros come in all the same. */
  shift(x: NodeId, axis: string, by: number): NodeId {
    if (by === 0) return x
    if (this.axes(x).includes(axis)) return this.#structured({ op: 'shift', axis, by, args: [x], axes: [] })
    const zero = this.constant(0)
    const edge = by > 0 ? this.constant(by) : this.apply('add', this.size(axis), this.constant(by))
    const before = this.apply('less', this.index(axis), edge)
    return by > 0 ? this.apply('where', before, zero, x) : this.apply('where', before, x, zero)
  }

  /** The same numbers, laid out along `axis` too. */
  along(x: NodeId, axis: string): NodeId {
    return this.axes(x).includes(axis) ? x : this.apply('add', x, this.apply('mul', this.constant(0), this.index(axis)))
  }

  cumsum(x: NodeId, axis: string, reverse = false): NodeId {
    if (this.axes(x).includes(axis)) return this.#structured({ op: 'cumsum', axis, reverse, args: [x], axes: [] })
    const index = this.index(axis)
    const terms = reverse ? this.apply('sub', this.size(axis), index) : this.apply('add', index, this.constant(1))
    return this.apply('mul', x, terms)
  }

  /**
   * `carried`: the axes of the carried value; it gets those of `first` and of what the body makes of the elements besides.
   * The body is fitted to its operands: inputs may gain axes (a batch, say), but none that the body removes or moves along.
   */
  scan(axis: string, reverse: boolean, body: Graph, first: NodeId, elements: readonly NodeId[], carried: readonly string[]): NodeId {
    const used = elements.filter((_, k) => body.inputs.some((p) => p.name === `e${k}`))
    const fitted = fitBody(
      used.length === elements.length ? body : renumberElements(body),
      union([carried, this.axes(first)]),
      used.map((e) => without(this.axes(e), [axis])),
    )
    if (fitted.body.nodes.some((n) => n.axes.includes(axis))) throw new InternalError(`the body of a scan varies along its axis ${axis}`)
    const axes = union([fitted.carried, [axis]])
    return this.#intern({ op: 'scan', axis, reverse, body: fitted.body, args: [first, ...used], axes })
  }

  /** Of something constant along one of the two axes too: it is then laid out along it. */
  cholesky(x: NodeId, rows: string, columns: string): NodeId {
    const matrix = this.along(this.along(x, rows), columns)
    return this.#structured({ op: 'cholesky', rows, columns, args: [matrix], axes: [] })
  }

  /** The adjoint of x from that of its factor L. */
  choleskyGradient(lower: NodeId, adjoint: NodeId, rows: string, columns: string): NodeId {
    const [factor, g] = [lower, adjoint].map((x) => this.along(this.along(x, rows), columns)) as [NodeId, NodeId]
    return this.#structured({ op: 'cholesky_gradient', rows, columns, args: [factor, g], axes: [] })
  }

  /** L z = b; b lacks the axis that z gets. */
  solveLower(lower: NodeId, b: NodeId, rows: string, columns: string, transposed = false): NodeId {
    const [from, to] = transposed ? [columns, rows] : [rows, columns]
    if (this.axes(b).includes(to)) throw new InternalError(`the right side of a solution along ${to} varies along it`)
    const matrix = this.along(this.along(lower, rows), columns)
    const right = this.along(b, from)
    return this.#structured({ op: 'solve_lower', rows, columns, transposed, args: [matrix, right], axes: [] })
  }

  threshold(z: NodeId, q: NodeId, axis: string): NodeId {
    return this.#structured({ op: 'threshold', axis, args: [this.along(z, axis), this.#still(q, axis)], axes: [] })
  }

  entmaxPotential(x: NodeId, alpha: NodeId, axis: string): NodeId {
    return this.#structured({ op: 'entmax_potential', axis, args: [this.along(x, axis), this.#still(alpha, axis)], axes: [] })
  }

  /** A parameter of all elements along an axis. */
  #still(parameter: NodeId, axis: string): NodeId {
    if (this.axes(parameter).includes(axis)) throw new InternalError(`a parameter varies along ${axis}`)
    return parameter
  }

  /** A node like `node` with other operands (axes worked out afresh): what passes use to rebuild. */
  like(node: Node, args: readonly NodeId[]): NodeId {
    const { op } = node
    return isStructured(op) ? rebuilt(this, node, args) : this.apply(op, ...args)
  }

  output(name: string, node: NodeId, axes: readonly string[] = this.axes(node)): void {
    const missing = this.axes(node).filter((a) => !axes.includes(a))
    if (missing.length > 0) throw new InternalError(`output ${name} leaves out the axes ${missing}`)
    if (this.#outputNames.has(name)) throw new InternalError(`two outputs named ${name}`)
    this.#outputNames.add(name)
    this.#outputs.push({ name, node, axes: [...axes] })
  }

  /** The graph of everything the outputs need. Inputs nobody uses are left out. */
  finish(): Graph {
    return this.part(this.#outputs)
  }

  /** The graph of some nodes, called as these outputs say. */
  part(outputs: readonly OutputPort[]): Graph {
    return cut({ nodes: this.#table.nodes, inputs: [...this.#inputs.values()] }, outputs)
  }

  /** A node whose axes follow from those of its operands: they are filled in before anything sees it. */
  #structured(node: Fresh): NodeId {
    const known = this.#table.find(node)
    if (known !== undefined) return known
    node.axes = sorted(
      axesFrom(
        node,
        node.args.map((a) => this.axes(a)),
      ),
    )
    return this.#table.add(node)
  }

  #intern(node: Node): NodeId {
    return this.#table.find(node) ?? this.#table.add(node)
  }
}

/** Copies the nodes of `graph` into `builder`, its inputs replaced by `replace(port)` (default: the same input). */
export function include(
  builder: GraphBuilder,
  graph: Graph,
  replace: (port: Port) => NodeId | undefined = () => undefined,
): readonly NodeId[] {
  const inputs = new Map(graph.inputs.map((p) => [p.name, p]))
  const ids: NodeId[] = []
  for (const node of graph.nodes) {
    if (node.op === 'input') {
      const port = must(inputs.get(node.name), `input ${node.name}`)
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

/** The body with the axes of its inputs made those of the operands, and the carried axes grown to hold what it returns. */
function fitBody(
  body: Graph,
  carried: readonly string[],
  elements: readonly (readonly string[])[],
): { body: Graph; carried: readonly string[] } {
  const axesOf = (name: string): readonly string[] =>
    name === 'prev' ? carried : must(elements[Number(name.slice(1))], `element ${name} of a scan`)
  const fits = body.inputs.every((p) => sorted(p.axes).join() === sorted(axesOf(p.name)).join())
  const fitted = fits ? body : withPorts(body, axesOf)
  const next = must(fitted.nodes[must(fitted.outputs[0], 'next of a scan').node], 'next of a scan').axes
  return next.every((a) => carried.includes(a)) ? { body: fitted, carried } : fitBody(fitted, union([carried, next]), elements)
}

/** The body with its elements called e0, e1, ... without gaps. */
function renumberElements(body: Graph): Graph {
  const names = body.inputs.map((p) => p.name).filter((n) => n !== 'prev')
  const order = names.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
  const called = (name: string): string => (name === 'prev' ? name : `e${order.indexOf(name)}`)
  return {
    nodes: body.nodes.map((n) => (n.op === 'input' ? { ...n, name: called(n.name) } : n)),
    inputs: body.inputs.map((p) => ({ ...p, name: called(p.name) })),
    outputs: body.outputs,
  }
}

function withPorts(body: Graph, axesOf: (name: string) => readonly string[]): Graph {
  for (const p of body.inputs) {
    const captured = without(axesOf(p.name), p.axes).find((axis) => binds(body, axis))
    if (captured !== undefined) throw new InternalError(`${p.name} of a scan gains the axis ${captured}, which its body gives a meaning`)
  }
  const builder = new GraphBuilder()
  const ids = include(builder, body, (p) => builder.input(p.name, sorted(axesOf(p.name))))
  for (const o of body.outputs) builder.output(o.name, must(ids[o.node], 'output'))
  return builder.finish()
}

/** Whether a graph works along an axis, so that its nodes mean something else when they gain it. */
export function binds(graph: Graph, axis: string): boolean {
  return graph.nodes.some((n) => worksAlong(n).includes(axis))
}

export function sorted(axes: readonly string[]): readonly string[] {
  return [...axes].sort()
}

/** Sorted union of sets of axis names. */
export function union(sets: readonly (readonly string[])[]): readonly string[] {
  return sorted([...new Set(sets.flat())])
}

/** As `union` of sorted sets, but without a new array where one of them holds all the others, as is usual. */
function joined(sets: readonly (readonly string[])[]): readonly string[] {
  const widest = sets.reduce((a, b) => (b.length > a.length ? b : a), [])
  return sets.every((s) => s === widest || s.every((a) => widest.includes(a))) ? widest : union(sets)
}

export function without(axes: readonly string[], gone: readonly string[]): readonly string[] {
  return axes.filter((a) => !gone.includes(a))
}
