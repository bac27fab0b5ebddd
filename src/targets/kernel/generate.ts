import { must } from '../../base/internal-error.ts'
import type { Graph, Port, Sizes } from '../../ir/graph.ts'
import { originalOf } from '../../ir/layout.ts'
import { axisOrder } from '../loops/graph/axis-order.ts'
import { expand } from '../loops/graph/expand.ts'
import { withFactoredElements } from '../loops/graph/factored-elements.ts'
import { hoist } from '../loops/graph/hoist.ts'
import { narrowAxes } from '../loops/graph/narrow.ts'
import { scaledGraphs } from '../loops/graph/scaled-graphs.ts'
import { writtenOut } from '../loops/graph/written-out.ts'
import { helperName } from '../loops/rules.ts'
import { lower } from '../loops/schedule/lower.ts'
import type { Lowered, LowId } from '../loops/schedule/lowered.ts'
import { type Block, type Schedule, schedule } from '../loops/schedule/schedule.ts'
import { type Storage, storage } from '../loops/schedule/storage.ts'
import type { Extents } from '../loops/write/address.ts'
import { writeBlock } from '../loops/write/loops.ts'
import { functionScope, Sharing } from '../loops/write/scope.ts'
import type { Writing } from '../loops/write/statements.ts'
import { blockKey, type Stored } from '../loops/write/values.ts'
import { stringLiteral } from './literal.ts'
import { inOrder, type QuickForm } from './quick-form.ts'

/** A graph as JavaScript text. Plain data: it can be written to a file. */
export interface KernelSource {
  /**
   * A function expression `(sizes, f, buffers) => { inputs, outputs, run, touch }` in one self-contained piece of text:
   * `sizes` is a Map from axis name to number of elements, `f` an object with the functions named in `helpers`,
   * `buffers` a Map from port name to Float64Array for ports that shall not get a fresh one.
   */
  readonly text: string
  /** The axes whose sizes it asks for. */
  readonly axes: readonly string[]
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
  /** The sizes that the text relies on; it throws when it gets another. */
  readonly assumes: Sizes
  /** The special functions (by operation name, as in the table of scalar functions) that it calls. */
  readonly helpers: readonly string[]
}

export interface KernelOptions {
  /** Names of inputs that change only when `touch` says so: what depends only on them is computed once. */
  readonly fixed?: ReadonlySet<string>
  /** Sizes that are known: axes of two or three elements are then written out, and the text is good for these only. */
  readonly sizes?: Sizes
}

/** A kernel as one text, or as the texts of two ways to the same outputs. */
export interface KernelForms {
  /** The way that always works; its text is written when it is asked for. */
  readonly plain: () => KernelSource
  readonly quick?: QuickForm
}

/**
 * The text of a function that evaluates `graph`: loop nests over Float64Array, no allocation in a run. Sizes are not
 * part of it. Names of the user's occur only as quoted strings.
 */
export function generateKernel(graph: Graph, options: KernelOptions = {}): KernelSource {
  const { plain, quick } = kernelForms(graph, options)
  return quick === undefined ? plain() : inOrder(plain(), quick)
}

/** The same in parts, for a kernel that is made where it runs. */
export function kernelForms(graph: Graph, options: KernelOptions = {}): KernelForms {
  const narrow = narrowAxes(graph, options.sizes ?? {})
  const plain = (): KernelSource => sourceOf(expand(graph, narrow), narrow, options)
  const scaled = scaledGraphs(graph, narrow)
  if (scaled === undefined) return { plain }
  return { plain, quick: { before: sourceOf(scaled.before, narrow, options), source: sourceOf(scaled.quick, narrow, options) } }
}

function sourceOf(graph: Graph, narrow: ReadonlyMap<string, number>, options: KernelOptions): KernelSource {
  const expanded = [...narrow].reduce((g, [axis, size]) => writtenOut(g, axis, size), withFactoredElements(graph))
  const order = axisOrder(expanded)
  const fixed = options.fixed ?? new Set()
  const lowered = lower(hoist(expanded, order, fixed), order, fixed, narrow)
  const plan = schedule(lowered)
  const where = storage(lowered, plan)
  const first = writeAll(lowered, plan, where, narrow, new Sharing())
  const { text, axes, helpers } = writeAll(lowered, plan, where, narrow, new Sharing(first.counts))
  const assumes = Object.fromEntries(narrow)
  return { text, axes, assumes, inputs: graph.inputs, outputs: graph.outputs.map(({ name, axes: a }) => ({ name, axes: a })), helpers }
}

interface Written {
  readonly text: string
  readonly axes: readonly string[]
  readonly helpers: readonly string[]
  readonly counts: ReadonlyMap<string, number>
}

function writeAll(lowered: Lowered, plan: Schedule, where: Storage, narrow: ReadonlyMap<string, number>, sharing: Sharing): Written {
  const sizes = new Extent()
  const arrays = declareArrays(lowered, where, sizes)
  const w: Writing = {
    lowered,
    schedule: plan,
    storage: where,
    extents: sizes,
    sharing,
    input: (name) => must(arrays.inputs.get(name), 'array of an input'),
    stored: arrays.stored,
    states: arrays.states,
    outputs: arrays.outputs,
    locals: new Map(),
    pending: new Map(),
    carries: new Map(),
    heights: new Map(),
    collectors: new Map(),
    helpers: new Set(),
  }
  for (const axis of narrow.keys()) sizes.size(axis)
  const once = writeFunction(w, plan.once)
  const always = writeFunction(w, plan.always)
  const helpers = [...w.helpers].sort()
  const declared = [
    ...sizes.declarations(),
    ...[...narrow].map(
      ([axis, size]) => `if (${sizes.size(axis)} !== ${size}) throw new Error(${stringLiteral(`made for ${size} of ${axis}`)})`,
    ),
    ...helpers.map((h) => `const ${helperName(h)} = f.${h}`),
    ...arrays.declarations,
    ...(once.length === 0 ? [] : ['let ready = false', ...body('function prepare()', once)]),
  ]
  const text = [
    'function create(sizes, f, buffers) {',
    ...indent(declared),
    '  return {',
    `    inputs: new Map([${lowered.inputs.map((p, k) => `[${stringLiteral(p.name)}, x${k}]`).join(', ')}]),`,
    `    outputs: new Map([${lowered.outputs.map((p, k) => `[${stringLiteral(p.name)}, y${k}]`).join(', ')}]),`,
    once.length === 0 ? '    touch() {},' : '    touch() { ready = false },',
    ...indent(indent(body('run()', once.length === 0 ? always : ['if (!ready) { prepare(); ready = true }', ...always]))),
    '  }',
    '}',
  ].join('\n')
  return { text, axes: sizes.axes(), helpers, counts: sharing.counts }
}

function body(head: string, lines: readonly string[]): readonly string[] {
  return [`${head} {`, ...indent(lines), '}']
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((l) => `  ${l}`)
}

function writeFunction(w: Writing, block: Block): readonly string[] {
  const scope = functionScope(blockKey(block.id))
  writeBlock(w, block, scope)
  return scope.lines
}

interface Arrays {
  readonly declarations: readonly string[]
  readonly inputs: ReadonlyMap<string, Stored>
  readonly outputs: readonly Stored[]
  readonly stored: ReadonlyMap<LowId, Stored>
  readonly states: ReadonlyMap<LowId, Stored>
}

function declareArrays(lowered: Lowered, where: Storage, sizes: Extent): Arrays {
  const declarations: string[] = []
  const declare = (name: string, layout: readonly string[], given?: string): Stored => {
    const fresh = `new Float64Array(${layout.length === 0 ? '1' : sizes.product(layout)})`
    declarations.push(`const ${name} = ${given === undefined ? '' : `buffers.get(${stringLiteral(given)}) ?? `}${fresh}`)
    return { name, layout }
  }
  const inputs = new Map(lowered.inputs.map((p, k) => [p.name, declare(`x${k}`, p.axes, p.name)] as const))
  const outputs = lowered.outputs.map((p, k) => declare(`y${k}`, p.axes, p.name))
  const stored = new Map<LowId, Stored>()
  for (const [id, layout] of where.arrays) {
    const port = lowered.direct.get(id)
    stored.set(id, port === undefined ? declare(`b${stored.size}`, layout) : must(outputs[port], 'output'))
  }
  const states = new Map<LowId, Stored>()
  for (const [id, layout] of where.states) if (layout.length > 0) states.set(id, declare(`c${states.size}`, layout))
  return { declarations, inputs, outputs, stored, states }
}

/** Numbers the axes as they are asked for. */
class Extent implements Extents {
  readonly #sizes = new Map<string, string>()
  readonly #products = new Map<string, string>()

  size(axis: string): string {
    const original = originalOf(axis)
    const name = this.#sizes.get(original) ?? `n${this.#sizes.size}`
    this.#sizes.set(original, name)
    return name
  }

  product(axes: readonly string[]): string {
    const text = axes.map((a) => this.size(a)).join(' * ')
    if (axes.length === 1) return text
    const name = this.#products.get(text) ?? `m${this.#products.size}`
    this.#products.set(text, name)
    return name
  }

  axes(): readonly string[] {
    return [...this.#sizes.keys()]
  }

  declarations(): readonly string[] {
    return [
      ...[...this.#sizes].map(([axis, name]) => `const ${name} = sizes.get(${stringLiteral(axis)})`),
      ...[...this.#products].map(([text, name]) => `const ${name} = ${text}`),
    ]
  }
}
