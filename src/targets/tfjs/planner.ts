import { InternalError, must } from '../../base/internal-error.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import { factorsOf } from '../../ir/factors.ts'
import type { ElementwiseOp, Graph, Node, NodeId, NodeOf, OutputPort, Port, ReductionOp, Sizes, StructuralOp } from '../../ir/graph.ts'
import { sizeOf } from '../../ir/layout.ts'
import { isElementwise } from '../../ir/scalar.ts'
import { simplify } from '../../ir/simplify.ts'
import { isReduction } from '../../ir/structure.ts'
import * as ports from '../../middle/ports.ts'
import { contract, type ProductFactor, type Scribe } from './contract.ts'
import { expand } from './expand.ts'
import type { Located, Once, Output, TfCall, TfjsPlan, TfStep } from './plan.ts'
import { type Volume, volumes } from './volumes.ts'

export interface PlanOptions {
  /** Left out for a plan that is only to be printed: every axis is then presumed to be long. */
  readonly sizes?: Sizes
  readonly fixed?: ReadonlySet<string>
  /** Whether outputs are wanted as tensors whatever they depend on (bodies of recursions). */
  readonly tensors?: boolean
}

/** A graph as steps of TensorFlow.js. */
export function planTfjs(graph: Graph, { sizes, fixed = new Set(), tensors = false }: PlanOptions = {}): TfjsPlan {
  const expanded = expand(graph, fixed, volumes(sizes))
  const given = sizes === undefined ? undefined : withAliases(sizes, expanded.aliases)
  const planner = new Planner(simplify(expanded.graph, given ?? {}), given, fixed, expanded.aliases)
  return planner.plan(tensors)
}

export function withAliases(sizes: Sizes, aliases: Readonly<Record<string, string>>): Sizes {
  return { ...sizes, ...Object.fromEntries(Object.entries(aliases).map(([made, like]) => [made, sizeOf(like, sizes)])) }
}

interface Upload extends Located {
  readonly node: NodeId
}

/** Longer products than this are multiplied out as they stand. */
const MOST_FACTORS = 8

class Planner implements Scribe {
  readonly volume: Volume
  readonly order: readonly string[]
  readonly #graph: Graph
  readonly #sizes: Sizes | undefined
  readonly #aliases: Readonly<Record<string, string>>
  /** For every node, the fixed inputs that it depends on; undefined where it depends on one that moves. */
  readonly #depends: readonly (ReadonlySet<string> | undefined)[]
  readonly #steps: TfStep[] = []
  readonly #located = new Map<NodeId, Located>()
  readonly #uploads = new Map<string, Upload>()
  readonly #arranged = new Map<string, Located>()
  #values = 0
  readonly #inputs: (Located & { readonly name: string })[] = []

  constructor(graph: Graph, sizes: Sizes | undefined, fixed: ReadonlySet<string>, aliases: Readonly<Record<string, string>>) {
    this.#graph = graph
    this.#sizes = sizes
    this.#aliases = aliases
    this.volume = volumes(sizes)
    this.order = axisOrder(graph, fixed)
    this.#depends = dependences(graph, fixed)
  }

  plan(tensors: boolean): TfjsPlan {
    const outputs = this.#graph.outputs.map((o): Output => ({ name: o.name, axes: o.axes, from: this.#source(o, tensors) }))
    return {
      values: this.#values,
      once: this.#once(outputs),
      inputs: this.#inputs,
      steps: freed(this.#steps, outputs),
      outputs,
      aliases: this.#aliases,
    }
  }

  #source(o: OutputPort, tensors: boolean): Output['from'] {
    if (tensors) return { kind: 'value', at: this.locate(o.node) }
    const node = this.#node(o.node)
    if (this.#depends[o.node] !== undefined) return { kind: 'once' }
    return node.op === 'input' ? { kind: 'input', name: node.name } : { kind: 'value', at: this.locate(o.node) }
  }

  #node(id: NodeId): Node {
    return must(this.#graph.nodes[id], `node ${id}`)
  }

  #value(axes: readonly string[]): Located {
    this.#values += 1
    return { value: this.#values - 1, axes }
  }

  emit(call: TfCall, args: readonly Located[], axes: readonly string[]): Located {
    const made = this.#value(axes)
    this.#steps.push({ ...call, out: made.value, args, axes, free: [] })
    return made
  }

  /** The tensor of a node, in whatever layout it comes. */
  locate(id: NodeId): Located {
    const known = this.#located.get(id)
    if (known !== undefined) return known
    const made = this.#depends[id] === undefined ? this.#write(id) : this.#uploaded(id, this.#ordered(this.#node(id).axes))
    this.#located.set(id, made)
    return made
  }

  /** What is fixed, uploaded in this layout. */
  #uploaded(id: NodeId, axes: readonly string[]): Located {
    const key = `${id}:${axes.join()}`
    const known = this.#uploads.get(key)
    if (known !== undefined) return known
    const made = { ...this.#value(axes), node: id }
    this.#uploads.set(key, made)
    return made
  }

  #arrange(at: Located, axes: readonly string[]): Located {
    if (at.axes.join() === axes.join()) return at
    const key = `${at.value}:${at.axes.join()}:${axes.join()}`
    const made = this.#arranged.get(key) ?? this.emit({ call: 'transpose' }, [at], axes)
    this.#arranged.set(key, made)
    return made
  }

  factor(at: Located): ProductFactor {
    return {
      axes: at.axes,
      free: false,
      key: `value ${at.value} over ${at.axes.join()}`,
      at: (layout) => (layout === undefined ? at : this.#arrange(at, layout)),
    }
  }

  #factorOf(id: NodeId): ProductFactor {
    if (this.#depends[id] === undefined) return this.factor(this.locate(id))
    const { axes } = this.#node(id)
    return { axes, free: true, key: `node ${id}`, at: (layout) => this.#uploaded(id, layout ?? this.#ordered(axes)) }
  }

  elementwise(op: ElementwiseOp, factors: readonly ProductFactor[]): Located {
    const axes = [...new Set(factors.flatMap((f) => f.axes))]
    const whole = factors.find((f) => !f.free && f.axes.length === axes.length)
    const layout = whole === undefined ? this.#ordered(axes) : whole.at().axes
    const args = factors.map((f) => f.at(layout.filter((a) => f.axes.includes(a))))
    return this.emit({ call: 'apply', op }, args, layout)
  }

  #ordered(axes: readonly string[]): readonly string[] {
    return this.order.filter((a) => axes.includes(a))
  }

  #write(id: NodeId): Located {
    const node = this.#node(id)
    if (isElementwise(node.op))
      return this.elementwise(
        node.op,
        node.args.map((a) => this.#factorOf(a)),
      )
    if (isReduction(node)) return node.op === 'sum' ? this.#sum(node.over, must(node.args[0], 'operand')) : this.#reduce(node)
    return (this.#structural[node.op as StructuralOp] as (node: Node) => Located)(node)
  }

  #reduce({ op, over, args }: NodeOf<ReductionOp>): Located {
    const x = this.locate(must(args[0], 'operand'))
    return this.emit(
      { call: 'reduce', op, over },
      [x],
      x.axes.filter((a) => !over.includes(a)),
    )
  }

  #sum(over: readonly string[], x: NodeId): Located {
    const factors = factorsOf((id) => this.#node(id), x, {
      most: MOST_FACTORS,
      squares: true,
      whole: (id, node) => this.#keepsWhole(id, node),
    })
    if (factors.length > 1)
      return contract(
        this,
        over,
        factors.map((f) => this.#factorOf(f)),
      )
    const at = this.locate(x)
    return this.emit(
      { call: 'reduce', op: 'sum', over },
      [at],
      at.axes.filter((a) => !over.includes(a)),
    )
  }

  /** Products that are fixed stay whole unless they are larger than what they are of. */
  #keepsWhole(id: NodeId, node: Node): boolean {
    return this.#depends[id] !== undefined && node.args.some((a) => this.volume(this.#node(a).axes) >= this.volume(node.axes))
  }

  readonly #structural: { readonly [K in StructuralOp]: (node: NodeOf<K>) => Located } = {
    const: () => fixedOnly('const'),
    size: () => fixedOnly('size'),
    index: () => fixedOnly('index'),
    scatter: () => {
      throw new InternalError('a scatter is expanded before it is planned')
    },
    input: (node) => {
      const port = must(
        this.#graph.inputs.find((p) => p.name === node.name),
        node.name,
      )
      const made = this.#value(port.axes)
      this.#inputs.push({ ...made, name: node.name })
      return made
    },
    rename: (node) => {
      const x = this.locate(must(node.args[0], 'operand'))
      return { value: x.value, axes: x.axes.map((a) => (a === node.from ? node.to : a)) }
    },
    pick: (node) => this.#pick(node),
    shift: (node) => {
      const x = this.locate(must(node.args[0], 'operand'))
      return this.emit({ call: 'shift', axis: node.axis, by: node.by }, [x], x.axes)
    },
    cumsum: (node) => {
      const x = this.locate(must(node.args[0], 'operand'))
      return this.emit({ call: 'cumsum', axis: node.axis, reverse: node.reverse }, [x], x.axes)
    },
    scan: (node) => this.#scan(node),
    cholesky: (node) => this.#onHost(node),
    cholesky_gradient: (node) => this.#onHost(node),
    threshold: (node) => this.#onHost(node),
    entmax_potential: (node) => this.#onHost(node),
    solve_lower: (node) => this.#onHost(node),
  }

  /** What TensorFlow.js lacks, by its definition, in float64. */
  #onHost(node: Node): Located {
    const args = node.args.map((a) => this.#arrange(this.locate(a), this.#node(a).axes))
    return this.emit({ call: 'host', node }, args, node.axes)
  }

  /** A fixed operand is had with the picked axis first where the index does not vary along the others. */
  #pick(node: NodeOf<'pick'>): Located {
    const [x, index] = node.args as [NodeId, NodeId]
    const at = this.locate(x)
    const which = this.locate(index)
    const kept = at.axes.filter((a) => a !== node.axis)
    const shared = kept.some((a) => which.axes.includes(a))
    const axes = shared ? this.#ordered(node.axes) : at.axes.flatMap((a) => (a === node.axis ? which.axes : [a]))
    return this.emit({ call: 'pick', axis: node.axis }, [at, which], axes)
  }

  #scan(node: NodeOf<'scan'>): Located {
    const args = node.args.map((a) => this.locate(a))
    const carried = node.axes.filter((a) => a !== node.axis)
    const body = planTfjs(node.body, { ...(this.#sizes === undefined ? {} : { sizes: this.#sizes }), tensors: true })
    const call: TfCall = { call: 'scan', axis: node.axis, reverse: node.reverse, body, ports: carried }
    return this.emit(call, args, [node.axis, ...carried])
  }

  /** The graphs of what is fixed, one for every set of fixed inputs. */
  #once(outputs: readonly Output[]): readonly Once[] {
    const groups = new Map<string, { depends: readonly string[]; uploads: Upload[]; outputs: OutputPort[] }>()
    const group = (id: NodeId) => {
      const depends = [...must(this.#depends[id], 'a fixed node')].toSorted()
      const found = groups.get(depends.join('\n')) ?? { depends, uploads: [], outputs: [] }
      groups.set(depends.join('\n'), found)
      return found
    }
    for (const upload of this.#uploads.values()) group(upload.node).uploads.push(upload)
    this.#graph.outputs.forEach((o, i) => {
      if (outputs[i]?.from.kind === 'once') group(o.node).outputs.push(o)
    })
    return [...groups.values()].map(({ depends, uploads, outputs }) => ({
      depends,
      graph: fixedGraph(this.#graph, uploads, outputs),
      uploads: uploads.map(({ value, axes }) => ({ value, axes })),
      outputs: outputs.map((o) => o.name),
    }))
  }
}

function fixedOnly(op: string): never {
  throw new InternalError(`${op} depends on nothing that moves`)
}

function fixedGraph(graph: Graph, uploads: readonly Upload[], outputs: readonly OutputPort[]): Graph {
  const builder = new GraphBuilder()
  const ids = include(builder, graph)
  for (const { node, value, axes } of uploads) builder.output(ports.upload(value), must(ids[node], 'node'), axes)
  for (const o of outputs) builder.output(ports.wide(o.name), must(ids[o.node], 'node'), o.axes)
  return builder.finish()
}

function dependences(graph: Graph, fixed: ReadonlySet<string>): readonly (ReadonlySet<string> | undefined)[] {
  const depends: (ReadonlySet<string> | undefined)[] = []
  for (const node of graph.nodes) {
    if (node.op === 'input') depends.push(fixed.has(node.name) ? new Set([node.name]) : undefined)
    else {
      const of = node.args.map((a) => depends[a])
      depends.push(of.includes(undefined) ? undefined : new Set(of.flatMap((set) => [...must(set, 'set')])))
    }
  }
  return depends
}

/**
 * One order of all axes, so that most tensors meet in layouts that fit: those of the ports that move first, each new axis
 * before what follows it in its port.
 */
function axisOrder(graph: Graph, fixed: ReadonlySet<string>): readonly string[] {
  const order: string[] = []
  const place = (axes: readonly string[]): void => {
    axes.forEach((axis, i) => {
      if (order.includes(axis)) return
      const next = axes.slice(i + 1).find((a) => order.includes(a))
      order.splice(next === undefined ? order.length : order.indexOf(next), 0, axis)
    })
  }
  const moves = (p: Port): boolean => !fixed.has(p.name)
  for (const p of [...graph.inputs.filter(moves), ...graph.outputs, ...graph.inputs]) place(p.axes)
  for (const node of graph.nodes) place(node.axes)
  return order
}

/** Every step with the values that nothing reads after it. */
function freed(steps: readonly TfStep[], outputs: readonly Output[]): readonly TfStep[] {
  const needed = new Set(outputs.flatMap((o) => (o.from.kind === 'value' ? [o.from.at.value] : [])))
  const made = new Set(steps.map((s) => s.out))
  const backwards = steps.toReversed().map((step): TfStep => {
    const last = [...new Set([...step.args.map((a) => a.value), step.out])].filter((v) => made.has(v) && !needed.has(v))
    for (const v of last) needed.add(v)
    return { ...step, free: last }
  })
  return backwards.toReversed()
}
