import { must } from '../base/internal-error.ts'
import { GraphBuilder } from './builder.ts'
import type { Graph, Node, NodeOf, ReductionOp } from './graph.ts'

/** What a forward recursion calls the level at a position, and that at the position before. */
export interface ForwardLevels {
  readonly level: string
  readonly before: string
}

/**
 * The body of a forward recursion in logs (Rabiner 1989, section III): `next(l) = logsumexp over k of (prev(k) + e0(l, k))`.
 * `carried` and `element`: the axes of prev and e0. `op` instead of logsumexp: `max_over` for the likeliest way (Viterbi 1967).
 */
export function forwardStep(
  carried: readonly string[],
  element: readonly string[],
  { level, before }: ForwardLevels,
  op: ReductionOp = 'logsumexp',
): Graph {
  const body = new GraphBuilder()
  const prev = body.rename(body.input('prev', carried), level, before)
  const both = body.apply('add', prev, body.input('e0', element))
  body.output('next', body.reduce(op, [before], both))
  return body.finish()
}

/** The levels of a recursion whose body is what `forwardStep` writes, whoever wrote it; undefined of any other. */
export function forwardLevels({ body, args }: NodeOf<'scan'>): ForwardLevels | undefined {
  const next = must(body.nodes[must(body.outputs[0], 'next').node], 'next')
  const sum = body.nodes[next.args[0] ?? -1]
  if (next.op !== 'logsumexp' || sum?.op !== 'add' || args.length !== 2) return undefined
  const terms = sum.args.map((a) => must(body.nodes[a], 'term'))
  const renamed = terms.find((n) => n.op === 'rename')
  const isPrevious = renamed !== undefined && isInput(body.nodes[renamed.args[0] as number], 'prev')
  if (!isPrevious || !terms.some((n) => isInput(n, 'e0')) || next.over.join() !== renamed.to) return undefined
  return { level: renamed.from, before: renamed.to }
}

function isInput(node: Node | undefined, name: string): boolean {
  return node?.op === 'input' && node.name === name
}
