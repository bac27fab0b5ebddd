import { must } from '../../src/base/internal-error.ts'
import { withBatch } from '../../src/ir/batch.ts'
import { GraphBuilder, include } from '../../src/ir/builder.ts'
import { type Derivatives, derivatives } from '../../src/ir/derivatives.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import { gradient, plainGradient } from '../../src/ir/gradient.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { maths } from '../../src/ir/maths.ts'
import { printGraph } from '../../src/ir/print.ts'
import { simplify } from '../../src/ir/simplify.ts'
import type { Target } from '../../src/middle/executable.ts'
import * as ports from '../../src/middle/ports.ts'
import { bounded } from '../generators/graph-steps.ts'
import type { GraphCase } from '../generators/graphs.ts'

/** What is wrong, in a sentence; undefined where the law holds. */
export type Violation = string | undefined
export type GraphLaw = (example: GraphCase) => Violation

type Numbers = Readonly<Record<string, Float64Array>>

/** Every output agrees to `tolerance`, relative to the largest number of that output (or to 1 where all are smaller). */
export function agree(found: Numbers, expected: Numbers, tolerance: number): Violation {
  for (const [name, numbers] of Object.entries(expected)) {
    const other = must(found[name], `output ${name}`)
    if (other.length !== numbers.length) return `${name} has ${other.length} numbers instead of ${numbers.length}`
    const scale = numbers.reduce((top, x) => (Number.isFinite(x) ? Math.max(top, Math.abs(x)) : top), 1)
    const at = numbers.findIndex((x, i) => !close(other[i] as number, x, tolerance * scale))
    if (at >= 0) return `${name}[${at}] is ${other[at]} instead of ${numbers[at]}`
  }
  return undefined
}

/** NaN agrees with NaN and an infinity with itself. */
function close(found: number, expected: number, tolerance: number): boolean {
  return Object.is(found, expected) || found === expected || Math.abs(found - expected) <= tolerance
}

/** Simplified, a graph has the same values, up to rounding: the order of sums and products changes. */
export const simplifyKeepsValues =
  (tolerance: number): GraphLaw =>
  ({ graph, sizes, inputs }) =>
    agree(evaluate(simplify(graph, sizes), sizes, inputs), evaluate(graph, sizes, inputs), tolerance)

/** What is simple is left alone. */
export const simplifyIsIdempotent: GraphLaw = ({ graph, sizes }) => {
  const once = simplify(graph, sizes)
  const [a, b] = [printGraph(once), printGraph(simplify(once, sizes))]
  return a === b ? undefined : `simplified again,\n${a}\nbecomes\n${b}`
}

/**
 * The gradient of `energy` along a direction is its central difference, Richardson-extrapolated from the steps h and
 * h/2: the error is of order h^4 and below that of the plain differences, which bounds it.
 */
export const gradientIsCentralDifference =
  (tolerance: number, table: Derivatives = derivatives): GraphLaw =>
  (example) => {
    const { graph, sizes, inputs } = example
    const slopes = evaluate(gradientGraph(graph, table), sizes, inputs)
    const moving = graph.inputs.map((p) => p.name).filter((name) => !name.startsWith('which'))
    for (const name of moving) {
      const direction = Float64Array.from(must(inputs[name], name), (_, i) => Math.cos(1 + 2 * i))
      const found = dot(must(slopes[ports.gradient(name)], 'gradient'), direction)
      const [wide, narrow] = [1e-4, 5e-5].map((h) => centralDifference(example, name, direction, h)) as [number, number]
      const expected = (4 * narrow - wide) / 3
      const allowed = tolerance * Math.max(1, Math.abs(expected)) + 2 * Math.abs(wide - narrow)
      if (!(Math.abs(found - expected) <= allowed)) return `the derivative by ${name} is ${found}, the central difference ${expected}`
    }
    return undefined
  }

/** The same graph with a bounded function of its gradients as the energy: laws about derivatives, one order up. */
export function gradientAsEnergy(example: GraphCase): GraphCase {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const slopes = gradientGraph(example.graph)
  const ids = include(builder, slopes)
  builder.output(ports.energy, m.plus(...slopes.outputs.map((o) => bounded(m, must(ids[o.node], 'gradient')))))
  const graph = builder.finish()
  const used = graph.inputs.map((p) => [p.name, must(example.inputs[p.name], p.name)] as const)
  return { ...example, graph, inputs: Object.fromEntries(used) }
}

/** It makes no difference whether a graph is simplified before it is differentiated. */
export const simplifyKeepsGradients =
  (tolerance: number): GraphLaw =>
  ({ graph, sizes, inputs }) => {
    const plain = evaluate(gradientGraph(graph), sizes, inputs)
    const early = evaluate(gradientGraph(graph, derivatives, graph, gradient), sizes, inputs)
    const late = evaluate(simplify(gradientGraph(graph), sizes), sizes, inputs)
    return agree(early, plain, tolerance) ?? agree(late, plain, tolerance)
  }

/** A batch is the same as one call after another. */
export const batchIsLoop =
  (tolerance: number): GraphLaw =>
  ({ graph, sizes, inputs }) => {
    const names = graph.inputs.map((p) => p.name).filter((_, i) => i % 2 === 0)
    const members = [0, 1, 2].map((k) => variant(inputs, names, k))
    const batched = Object.fromEntries(
      Object.entries(inputs).map(([name, one]) => [name, names.includes(name) ? stacked(members.map((m) => must(m[name], name))) : one]),
    )
    const outputs = graph.outputs.map((o) => o.name)
    const found = evaluate(withBatch(graph, names, 'member', outputs), { ...sizes, member: members.length }, batched)
    const loop = members.map((m) => evaluate(graph, sizes, m))
    const expected = Object.fromEntries(outputs.map((name) => [name, stacked(loop.map((values) => must(values[name], name)))]))
    return agree(found, expected, tolerance)
  }

/** The target gives what the definition gives, run after run: on new numbers in the same buffers too. */
export const agreesWithReference =
  (target: Target, options: { readonly tolerance: number }): GraphLaw =>
  ({ graph, sizes, inputs }) => {
    const executable = target(graph, sizes)
    const names = graph.inputs.map((p) => p.name)
    try {
      for (const given of [inputs, variant(inputs, names, 1), inputs]) {
        for (const name of names) {
          must(executable.inputs.get(name), `buffer of ${name}`).set(must(given[name], name))
          executable.touch(name)
        }
        executable.run()
        const wrong = agree(Object.fromEntries(executable.outputs), evaluate(graph, sizes, given), options.tolerance)
        if (wrong !== undefined) return `${wrong} in\n${printGraph(graph)}`
      }
      return undefined
    } finally {
      executable.dispose()
    }
  }

/** The gradients of `energy` by every input but places along axes (the ports are those of `like`), as outputs `gradient:NAME`. */
export function gradientGraph(graph: Graph, table: Derivatives = derivatives, like: Graph = graph, rule = plainGradient): Graph {
  const builder = new GraphBuilder()
  const moving = like.inputs.filter((p) => !p.name.startsWith('which'))
  for (const p of like.inputs) builder.input(p.name, p.axes)
  const ids = include(builder, graph)
  const energy = must(
    ids[
      must(
        graph.outputs.find((o) => o.name === ports.energy),
        'energy',
      ).node
    ],
    'energy',
  )
  const inputs = moving.map((p) => builder.input(p.name, p.axes))
  rule(builder, energy, inputs, { table }).forEach((g, k) => {
    const port = must(moving[k], 'input')
    builder.output(ports.gradient(port.name), g, port.axes)
  })
  return builder.finish()
}

function centralDifference({ graph, sizes, inputs }: GraphCase, name: string, direction: Float64Array, h: number): number {
  const at = (step: number): number => {
    const moved = Float64Array.from(must(inputs[name], name), (x, i) => x + step * (direction[i] as number))
    return must(evaluate(graph, sizes, { ...inputs, [name]: moved }).energy?.[0], 'energy')
  }
  return (at(h) - at(-h)) / (2 * h)
}

/** Other numbers near the given ones, so that domains are kept; places along axes stay. Member 0 is the given one. */
function variant(inputs: Numbers, names: readonly string[], k: number): Numbers {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, numbers]) => {
      const moves = names.includes(name) && !name.startsWith('which')
      return [name, moves ? numbers.map((x, i) => x + 1e-3 * k * Math.sin(i + 1)) : numbers]
    }),
  )
}

function stacked(parts: readonly Float64Array[]): Float64Array {
  return Float64Array.from(parts.flatMap((p) => [...p]))
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + x * (b[i] as number), 0)
}
