import { must } from '../../base/internal-error.ts'
import { type Process, processes } from '../../families/processes/table.ts'
import { type GraphBuilder, include } from '../../ir/builder.ts'
import { cut } from '../../ir/cut.ts'
import type { Graph, NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import * as ports from '../../middle/ports.ts'
import type { RandomAxis } from '../../middle/random-axis.ts'

/**
 * How likely the next pattern takes each element, over the axis: those that were taken by their counts, and one that was taken by
 * none, which is new. (N_k - d) / (n + alpha) and (alpha + d K) / (n + alpha), whatever the process; the first is new for sure.
 */
export function seatShares(m: Maths, { axis, process }: RandomAxis, args: readonly NodeId[], counts: NodeId): NodeId {
  const { law }: Process = processes[process]
  const { discount, concentration } = law(args, m.k(0))
  const taken = m.less(m.k(0), counts)
  const n = m.sum([axis], counts)
  const elements = m.sum([axis], taken)
  const none = m.equal(n, m.k(0))
  const fresh = m.where(none, m.k(1), m.add(concentration, m.mul(discount, elements)))
  const total = m.where(none, m.k(1), m.add(n, concentration))
  return m.div(m.where(taken, m.sub(counts, discount), fresh), total)
}

/** The arguments of the process, from what the text says. */
export function argumentsOf(builder: GraphBuilder, { axis, ...process }: RandomAxis, written: Graph): readonly NodeId[] {
  const names = Array.from({ length: process.arguments }, (_, i) => ports.argument(ports.weight(axis), i))
  const part = cut(
    written,
    written.outputs.filter((o) => names.includes(o.name)),
  )
  const ids = include(builder, part)
  return names.map((name) => {
    const output = part.outputs.find((o) => o.name === name)
    return must(output && ids[output.node], name)
  })
}
