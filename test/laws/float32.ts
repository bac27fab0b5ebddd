import { must } from '../../src/base/internal-error.ts'
import { evaluate, evaluateNode } from '../../src/ir/evaluate.ts'
import type { Graph, Sizes } from '../../src/ir/graph.ts'
import { laidOut } from '../../src/ir/layout.ts'
import { printGraph } from '../../src/ir/print.ts'
import type { Target } from '../../src/middle/executable.ts'
import type { GraphLaw, Violation } from './agreement.ts'

type Numbers = Readonly<Record<string, Float64Array>>

/** Runs with rounding played by chance; more do not move the largest difference by much. */
const PLAYS = 4

/**
 * How far float32 may take every output: the largest difference between the exact values and those of runs in which every
 * node is off by up to `unit` relative (Monte Carlo arithmetic, Parker 1997). Large where a graph is ill-conditioned.
 */
export function playedRounding(graph: Graph, sizes: Sizes, inputs: Numbers, unit: number): Numbers {
  const exact = evaluate(graph, sizes, inputs)
  const spread = Object.fromEntries(Object.entries(exact).map(([name, data]) => [name, new Float64Array(data.length)]))
  for (let play = 1; play <= PLAYS; play += 1) {
    const found = played(graph, sizes, inputs, unit, play)
    for (const [name, data] of Object.entries(spread)) {
      data.forEach((before, i) => {
        const gap = Math.abs((found[name]?.[i] as number) - (exact[name]?.[i] as number))
        data[i] = Number.isNaN(gap) ? Infinity : Math.max(before, gap)
      })
    }
  }
  return spread
}

function played(graph: Graph, sizes: Sizes, inputs: Numbers, unit: number, play: number): Numbers {
  const values: Float64Array[] = []
  graph.nodes.forEach((node, id) => {
    const args = node.args.map((a) => ({ axes: must(graph.nodes[a], 'operand').axes, data: must(values[a], 'operand') }))
    const input = (name: string): Float64Array => {
      const port = must(
        graph.inputs.find((p) => p.name === name),
        name,
      )
      return laidOut(must(inputs[name], name), port.axes, port.axes.toSorted(), sizes)
    }
    const data = evaluateNode(node, { sizes, input, args })
    const whole = node.op === 'input' && node.name.startsWith('which')
    const indicates = node.op === 'index' || node.op === 'size' || data.every((x) => Number.isInteger(x))
    values.push(whole || indicates ? data : data.map((x, i) => x * (1 + unit * chance(play, id, i))))
  })
  return Object.fromEntries(
    graph.outputs.map((o) => [o.name, laidOut(must(values[o.node], o.name), must(graph.nodes[o.node], 'node').axes, o.axes, sizes)]),
  )
}

/** A number in [-1, 1) that looks random. */
function chance(play: number, id: number, i: number): number {
  let h = Math.imul(play + 1, 0x9e3779b9) ^ Math.imul(id + 1, 0x85ebca6b) ^ Math.imul(i + 1, 0xc2b2ae35)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39)
  return ((h ^ (h >>> 15)) >>> 0) / 0x8000_0000 - 1
}

export interface Float32Tolerance {
  /** Relative error of one operation. */
  readonly unit: number
  /** What every output may be off by besides, relative to its largest number (or to 1). */
  readonly floor: number
}

/** The target gives what the definition gives, up to what float32 can do to this graph at these numbers. */
export const agreesInFloat32 =
  (target: Target, { unit, floor }: Float32Tolerance, fixed: ReadonlySet<string> = new Set()): GraphLaw =>
  ({ graph, sizes, inputs }) => {
    const executable = target(graph, sizes, { fixed })
    try {
      for (const p of graph.inputs) {
        must(executable.inputs.get(p.name), p.name).set(must(inputs[p.name], p.name))
        executable.touch(p.name)
      }
      executable.run()
      const exact = evaluate(graph, sizes, inputs)
      const spread = playedRounding(graph, sizes, inputs, unit)
      for (const [name, numbers] of Object.entries(exact)) {
        const wrong = apart(name, must(executable.outputs.get(name), name), numbers, must(spread[name], name), floor)
        if (wrong !== undefined) return `${wrong} in\n${printGraph(graph)}`
      }
      return undefined
    } finally {
      executable.dispose()
    }
  }

function apart(name: string, found: Float64Array, exact: Float64Array, spread: Float64Array, floor: number): Violation {
  const scale = exact.reduce((top, x) => (Number.isFinite(x) ? Math.max(top, Math.abs(x)) : top), 1)
  const at = exact.findIndex((x, i) => {
    const y = found[i] as number
    return !(Object.is(x, y) || x === y || Math.abs(x - y) <= (spread[i] as number) + floor * scale)
  })
  return at < 0 ? undefined : `${name}[${at}] is ${found[at]} instead of ${exact[at]}, allowed ${spread[at]}`
}
