import { InternalError, must } from '../base/internal-error.ts'
import { exp } from '../base/special/exponential.ts'
import { log } from '../base/special/logarithm.ts'
import { entmaxPotentialAt, thresholdAt } from './entmax.ts'
import type { DenseValue, EvaluateContext } from './evaluate-context.ts'
import { cholesky, choleskyGradient, solveLower } from './evaluate-linear.ts'
import type { Graph, Node, NodeOf, ReductionOp, Sizes, StructuralOp } from './graph.ts'
import { laidOut, offsets, project, sizeOf, stridesOver, volumeOver } from './layout.ts'
import { applyScalar, isElementwise } from './scalar.ts'
import { isReduction } from './structure.ts'

/**
 * The meaning of a graph, written to be obviously right: every node becomes a dense float64 array over its sorted axes.
 *
 * `inputs` by name, laid out in their port's axis order; the result holds every output by name, laid out in its port's
 * axis order and repeated along the axes its node lacks. logsumexp of nothing, or of minus infinities, is minus
 * infinity. Throws `InternalError` when an input or a size is missing or of the wrong size, or an index out of range.
 */
export function evaluate(graph: Graph, sizes: Sizes, inputs: Readonly<Record<string, Float64Array>>): Record<string, Float64Array> {
  const values = evaluateNodes(graph, sizes, (name) => {
    const port = must(
      graph.inputs.find((p) => p.name === name),
      `port ${name}`,
    )
    return laidOut(checkedInput(name, inputs[name], volumeOver(port.axes, sizes)), port.axes, port.axes.toSorted(), sizes)
  })
  return Object.fromEntries(
    graph.outputs.map((o) => {
      const node = must(graph.nodes[o.node], `node of ${o.name}`)
      return [o.name, laidOut(must(values[o.node], o.name), node.axes, o.axes, sizes)]
    }),
  )
}

function checkedInput(name: string, data: Float64Array | undefined, length: number): Float64Array {
  const given = must(data, `input ${name}`)
  if (given.length !== length) throw new InternalError(`input ${name} has ${given.length} numbers instead of ${length}`)
  return given
}

/** Every node's value over its sorted axes; `input` gives the inputs likewise. */
function evaluateNodes(graph: Graph, sizes: Sizes, input: (name: string) => Float64Array): readonly Float64Array[] {
  const values: Float64Array[] = []
  for (const node of graph.nodes) {
    const args = node.args.map((id) => ({
      axes: must(graph.nodes[id], 'operand').axes,
      data: must(values[id], 'operand that comes before its user'),
    }))
    values.push(evaluateNode(node, { sizes, input, args }))
  }
  return values
}

type StructuralRules = { readonly [K in StructuralOp]: (node: NodeOf<K>, context: EvaluateContext) => Float64Array }

/** One node's value over its sorted axes, from those of its operands. */
export function evaluateNode(node: Node, context: EvaluateContext): Float64Array {
  if (isElementwise(node.op)) return elementwise(node, context)
  if (isReduction(node)) return reduction(node, context)
  const rule = structural[node.op as StructuralOp] as (node: Node, context: EvaluateContext) => Float64Array
  return rule(node, context)
}

function elementwise(node: Node, { sizes, args }: EvaluateContext): Float64Array {
  const reads = args.map((a) => project(node.axes, a.axes, sizes))
  const op = node.op
  if (!isElementwise(op)) throw new InternalError(`${op} is not elementwise`)
  return Float64Array.from({ length: volumeOver(node.axes, sizes) }, (_, i) =>
    applyScalar(
      op,
      args.map((a, k) => a.data[reads[k]?.[i] as number] as number),
    ),
  )
}

/** Reductions of numbers in order; of none they are what changes nothing. */
export const folds: { readonly [K in ReductionOp]: (numbers: readonly number[]) => number } = {
  sum: (xs) => xs.reduce((a, b) => a + b, 0),
  prod: (xs) => xs.reduce((a, b) => a * b, 1),
  max_over: (xs) => xs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  min_over: (xs) => xs.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
  logsumexp,
}

function logsumexp(xs: readonly number[]): number {
  const top = folds.max_over(xs)
  if (!Number.isFinite(top)) return top
  return top + log(folds.sum(xs.map((x) => exp(x - top))))
}

function reduction(node: NodeOf<ReductionOp>, { sizes, args }: EvaluateContext): Float64Array {
  const x = must(args[0], 'operand of a reduction')
  const groups: number[][] = Array.from({ length: volumeOver(node.axes, sizes) }, () => [])
  project(x.axes, node.axes, sizes).forEach((at, i) => {
    groups[at]?.push(x.data[i] as number)
  })
  return Float64Array.from(groups, folds[node.op])
}

const structural: StructuralRules = {
  const: (node) => Float64Array.of(node.value),
  input: (node, { input }) => input(node.name),
  size: (node, { sizes }) => Float64Array.of(sizeOf(node.axis, sizes)),
  index: (node, { sizes }) => Float64Array.from({ length: sizeOf(node.axis, sizes) }, (_, i) => i),
  pick,
  scatter,
  rename,
  shift,
  cumsum,
  scan,
  cholesky,
  cholesky_gradient: choleskyGradient,
  threshold: (node, context) => alongLines(node, context, thresholdAt),
  entmax_potential: (node, context) => alongLines(node, context, entmaxPotentialAt),
  solve_lower: solveLower,
}

/** What is worked out from the numbers along the axis and the second operand. */
function alongLines(
  node: NodeOf<'threshold' | 'entmax_potential'>,
  { sizes, args }: EvaluateContext,
  rule: (xs: readonly number[], parameter: number) => number,
): Float64Array {
  const [x, parameter] = two(args)
  const strides = new Map(stridesOver(x.axes, sizes))
  const step = must(strides.get(node.axis), `axis ${node.axis} of ${node.op}`)
  strides.delete(node.axis)
  const size = sizeOf(node.axis, sizes)
  const second = laidOut(parameter.data, parameter.axes, node.axes, sizes)
  return Float64Array.from(offsets(node.axes, sizes, strides), (at, i) =>
    rule(
      Array.from({ length: size }, (_, k) => x.data[at + k * step] as number),
      second[i] as number,
    ),
  )
}

function pick(node: NodeOf<'pick'>, { sizes, args }: EvaluateContext): Float64Array {
  const [x, index] = two(args)
  const strides = new Map(stridesOver(x.axes, sizes))
  const step = must(strides.get(node.axis), `axis ${node.axis} of pick`)
  strides.delete(node.axis)
  const base = offsets(node.axes, sizes, strides)
  const which = laidOut(index.data, index.axes, node.axes, sizes)
  return Float64Array.from(base, (at, i) => x.data[at + step * inRange(which[i], node.axis, sizes)] as number)
}

function scatter(node: NodeOf<'scatter'>, { sizes, args }: EvaluateContext): Float64Array {
  const [g, index] = two(args)
  const from = [...new Set([...g.axes, ...index.axes])].toSorted()
  const strides = new Map(stridesOver(node.axes, sizes))
  const step = must(strides.get(node.axis), `axis ${node.axis} of scatter`)
  for (const axis of node.over) strides.delete(axis)
  const base = offsets(from, sizes, strides)
  const what = laidOut(g.data, g.axes, from, sizes)
  const which = laidOut(index.data, index.axes, from, sizes)
  const out = new Float64Array(volumeOver(node.axes, sizes))
  base.forEach((at, i) => {
    const to = at + step * inRange(which[i], node.axis, sizes)
    out[to] = (out[to] as number) + (what[i] as number)
  })
  return out
}

function inRange(index: number | undefined, axis: string, sizes: Sizes): number {
  const k = index ?? Number.NaN
  if (!Number.isInteger(k) || k < 0 || k >= sizeOf(axis, sizes)) {
    throw new InternalError(`index ${k} outside the axis ${axis} of size ${sizeOf(axis, sizes)}`)
  }
  return k
}

function rename(node: NodeOf<'rename'>, { sizes, args }: EvaluateContext): Float64Array {
  const x = must(args[0], 'operand of rename')
  if (sizeOf(node.from, sizes) !== sizeOf(node.to, sizes)) throw new InternalError(`${node.from} and ${node.to} differ in size`)
  const called = x.axes.map((a) => (a === node.from ? node.to : a))
  return laidOut(x.data, called, node.axes, sizes)
}

function shift(node: NodeOf<'shift'>, { sizes, args }: EvaluateContext): Float64Array {
  const x = must(args[0], 'operand of shift')
  const step = must(stridesOver(x.axes, sizes).get(node.axis), `axis ${node.axis} of shift`)
  const positions = offsets(x.axes, sizes, new Map([[node.axis, 1]]))
  return Float64Array.from(positions, (k, i) => {
    const from = k - node.by
    return from >= 0 && from < sizeOf(node.axis, sizes) ? (x.data[i - node.by * step] as number) : 0
  })
}

function cumsum(node: NodeOf<'cumsum'>, { sizes, args }: EvaluateContext): Float64Array {
  const x = must(args[0], 'operand of cumsum')
  const size = sizeOf(node.axis, sizes)
  const step = must(stridesOver(x.axes, sizes).get(node.axis), `axis ${node.axis} of cumsum`)
  const starts = offsets(
    x.axes.filter((a) => a !== node.axis),
    sizes,
    stridesOver(x.axes, sizes),
  )
  const out = new Float64Array(x.data.length)
  for (const start of starts) {
    let total = 0
    for (const k of order(size, node.reverse)) {
      total += x.data[start + k * step] as number
      out[start + k * step] = total
    }
  }
  return out
}

function scan(node: NodeOf<'scan'>, { sizes, args }: EvaluateContext): Float64Array {
  const [first, ...elements] = args
  const carried = node.axes.filter((a) => a !== node.axis)
  const next = must(node.body.outputs[0], 'output of a scan').node
  const positions = project(node.axes, carried, sizes)
  const along = offsets(node.axes, sizes, new Map([[node.axis, 1]]))
  const out = new Float64Array(volumeOver(node.axes, sizes))
  let prev: Float64Array | undefined
  for (const k of order(sizeOf(node.axis, sizes), node.reverse)) {
    prev = prev === undefined ? spread(must(first, 'first of a scan')) : step(prev, k)
    for (let i = 0; i < out.length; i += 1) if (along[i] === k) out[i] = prev[positions[i] as number] as number
  }
  return out

  function spread(value: DenseValue): Float64Array {
    return laidOut(value.data, value.axes, carried, sizes)
  }
  function step(before: Float64Array, k: number): Float64Array {
    const values = evaluateNodes(node.body, sizes, (name) =>
      name === 'prev' ? before : slice(must(elements[Number(name.slice(1))], `element ${name}`), node.axis, k, sizes),
    )
    return spread({ axes: must(node.body.nodes[next], 'next').axes, data: must(values[next], 'next') })
  }
}

/** The part of an array at `k` along `axis`; all of it if it does not vary along that axis. */
function slice(value: DenseValue, axis: string, k: number, sizes: Sizes): Float64Array {
  const strides = stridesOver(value.axes, sizes)
  const rest = value.axes.filter((a) => a !== axis)
  return Float64Array.from(offsets(rest, sizes, strides), (at) => value.data[at + k * (strides.get(axis) ?? 0)] as number)
}

function order(size: number, reverse: boolean): readonly number[] {
  const up = Array.from({ length: size }, (_, i) => i)
  return reverse ? up.reverse() : up
}

function two(args: readonly DenseValue[]): readonly [DenseValue, DenseValue] {
  return [must(args[0], 'first operand'), must(args[1], 'second operand')]
}
