import { must } from '../base/internal-error.ts'
import { GraphBuilder } from './builder.ts'
import type { Graph, Node, NodeId, NodeOf, Sizes } from './graph.ts'
import { applyScalar, isElementwise } from './scalar.ts'
import { isReduction, worksAlong } from './structure.ts'

/** Recursions of at most so many steps are written out, if that does not make more than so many nodes more. */
export const MOST_STEPS = 16
const MOST_NODES = 4000

/**
 * The graph with short recursions written out, step after step, where the sizes of their axes are known. A step that sums, as the layer of
 * a network does, is worth more by itself than as the body of a loop: its derivative reads what the step computed, and the first position
 * has no step. Steps of single numbers stay loops, which cost nothing and keep a graph small.
 */
export function unrolled(graph: Graph, sizes: Sizes): Graph {
  if (!graph.nodes.some(hasScan)) return graph
  const u: Unrolling = { sizes, left: { nodes: MOST_NODES } }
  const builder = new GraphBuilder()
  const ids = new Steps(builder, u).include(graph, (name) =>
    builder.input(
      name,
      must(
        graph.inputs.find((p) => p.name === name),
        name,
      ).axes,
    ),
  )
  for (const o of graph.outputs) builder.output(o.name, must(ids[o.node], 'output'), o.axes)
  return builder.finish()
}

function hasScan(node: Node): boolean {
  return node.op === 'scan'
}

interface Unrolling {
  readonly sizes: Sizes
  /** How many nodes more there may still be. */
  readonly left: { nodes: number }
}

class Steps {
  readonly #builder: GraphBuilder
  readonly #unrolling: Unrolling
  /** Of what was put together: its element at each position along its axis. */
  readonly #elements = new Map<NodeId, { readonly axis: string; readonly of: readonly NodeId[] }>()
  /** The axes along which there is something like that. */
  readonly #axes = new Set<string>()
  readonly #found = new Map<string, NodeId>()

  constructor(builder: GraphBuilder, unrolling: Unrolling) {
    this.#builder = builder
    this.#unrolling = unrolling
  }

  /** The nodes of a graph on the builder, with what stands for its inputs. */
  include(graph: Graph, input: (name: string) => NodeId): readonly NodeId[] {
    const ids: NodeId[] = []
    for (const node of graph.nodes) {
      const args = node.args.map((a) => must(ids[a], 'operand'))
      ids.push(node.op === 'input' ? input(node.name) : this.#copy(node, args))
    }
    return ids
  }

  #copy(node: Node, args: readonly NodeId[]): NodeId {
    if (node.op === 'scan') return this.#scan(node, args)
    if (node.op === 'pick') {
      const [x, index] = args as readonly [NodeId, NodeId]
      const at = this.#axes.has(node.axis) ? this.#constant(index) : undefined
      if (at !== undefined) return this.#element(x, node.axis, at)
    }
    return this.#builder.like(node, args)
  }

  #scan(node: NodeOf<'scan'>, args: readonly NodeId[]): NodeId {
    const { axis, reverse, body } = node
    const size = Object.hasOwn(this.#unrolling.sizes, axis) ? (this.#unrolling.sizes[axis] as number) : Number.POSITIVE_INFINITY
    const more = (size - 1) * body.nodes.length
    const { left } = this.#unrolling
    const pays = size <= MOST_STEPS && more <= left.nodes && body.nodes.some((n) => hasScan(n) || worksAlong(n).length > 0)
    if (!pays || size < 1) return this.#builder.like({ ...node, body: this.#unrolledBody(body) }, args)
    left.nodes -= more
    const [first, ...elements] = args as readonly [NodeId, ...NodeId[]]
    const states: NodeId[] = [first]
    while (states.length < size) {
      const at = reverse ? size - 1 - states.length : states.length
      const prev = must(states.at(-1), 'state')
      const ids = this.include(body, (name) =>
        name === 'prev' ? prev : this.#element(must(elements[Number(name.slice(1))], name), axis, at),
      )
      states.push(must(ids[must(body.outputs[0], 'next of a scan').node], 'next of a scan'))
    }
    return this.#together(axis, reverse ? states.reverse() : states)
  }

  #unrolledBody(body: Graph): Graph {
    if (!body.nodes.some(hasScan)) return body
    const builder = new GraphBuilder()
    const axesOf = (name: string): readonly string[] =>
      must(
        body.inputs.find((p) => p.name === name),
        name,
      ).axes
    const ids = new Steps(builder, this.#unrolling).include(body, (name) => builder.input(name, axesOf(name)))
    const next = must(body.outputs[0], 'next of a scan')
    builder.output(next.name, must(ids[next.node], 'next of a scan'), next.axes)
    return { ...builder.finish(), inputs: body.inputs }
  }

  /** One node along `axis` again, for all that reads more than one position of it. */
  #together(axis: string, states: readonly NodeId[]): NodeId {
    const b = this.#builder
    const index = b.index(axis)
    const last = must(states.at(-1), 'state')
    const chosen = states
      .slice(0, -1)
      .reduceRight((rest, state, k) => b.apply('where', b.apply('equal', index, b.constant(k)), state, rest), last)
    const whole = b.along(chosen, axis)
    this.#elements.set(whole, { axis, of: states })
    this.#axes.add(axis)
    return whole
  }

  /** The number that a node is at known sizes. */
  #constant(id: NodeId): number | undefined {
    const node = this.#builder.node(id)
    if (node.op === 'const') return node.value
    if (node.op === 'size') return this.#unrolling.sizes[node.axis]
    if (!isElementwise(node.op) || node.axes.length > 0) return undefined
    const values = node.args.flatMap((a) => this.#constant(a) ?? [])
    return values.length === node.args.length ? applyScalar(node.op, values) : undefined
  }

  /** What `id` is at position `k` along `axis`, read as near to where it comes from as names allow. */
  #element(id: NodeId, axis: string, k: number): NodeId {
    if (!this.#builder.axes(id).includes(axis)) return id
    const together = this.#elements.get(id)
    if (together?.axis === axis) return together.of[k] ?? this.#builder.pick(id, axis, this.#builder.constant(k))
    const key = `${id} ${k} ${axis}`
    const known = this.#found.get(key)
    if (known !== undefined) return known
    const made = this.#elementOf(this.#builder.node(id), id, axis, k)
    this.#found.set(key, made)
    return made
  }

  #elementOf(node: Node, id: NodeId, axis: string, k: number): NodeId {
    const b = this.#builder
    const whole = (): NodeId => b.pick(id, axis, b.constant(k))
    const at = (arg: NodeId): NodeId => this.#element(arg, axis, k)
    const [x, y] = node.args as readonly [NodeId, NodeId]
    if (node.op === 'index') return b.constant(k)
    if (node.op === 'where') {
      const test = this.#constant(at(x))
      if (test !== undefined) return at(must(node.args[test === 0 ? 2 : 1], 'branch'))
    }
    if (isElementwise(node.op)) {
      const args = node.args.map(at)
      const made = b.apply(node.op, ...args)
      const value = this.#constant(made)
      return value === undefined ? made : b.constant(value)
    }
    if (isReduction(node)) return b.reduce(node.op, node.over, at(x))
    if (node.op === 'rename') return node.to === axis ? this.#element(x, node.from, k) : b.rename(at(x), node.from, node.to)
    if (node.op === 'shift' && node.axis === axis) return this.#shifted(x, axis, k - node.by)
    if (node.op === 'pick') {
      const index = at(y)
      const there = this.#constant(index)
      const from = node.axis === axis ? x : at(x)
      return there === undefined ? b.pick(from, node.axis, index) : this.#element(from, node.axis, there)
    }
    return whole()
  }

  #shifted(x: NodeId, axis: string, from: number): NodeId {
    const size = must(this.#unrolling.sizes[axis], `size of ${axis}`)
    return from >= 0 && from < size ? this.#element(x, axis, from) : this.#builder.constant(0)
  }
}
