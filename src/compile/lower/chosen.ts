import { diagnostic } from '../../base/diagnostic.ts'
import type { Span } from '../../base/source.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import { reachable } from '../../ir/walk.ts'
import type { LowerContext, Lowered } from './context.ts'
import { holdsEverywhere } from './everywhere.ts'
import { isWhole, type Margins, noMargins, present, widest } from './margins.ts'

/**
 * Where a choice has a value: where the branch that is taken has one. It must be known before anything moves which
 * that is: by a condition on states, elements would come and go with the state, so those that either branch lacks are
 * left out, and that is said.
 */
export function chosen(c: LowerContext, span: Span, condition: Lowered, a: Lowered, b: Lowered): Margins {
  if (isWhole(a.margins) && isWhole(b.margins)) return condition.margins
  const [one, other] = [present(c.m, a.margins), present(c.m, b.margins)]
  if (one === other) return widest([condition.margins, a.margins])
  const mover = moves(c, condition.node)
  if (mover === undefined) {
    for (const id of reachable(c.builder, [condition.node])) {
      const node = c.builder.node(id)
      if (node.op === 'input' && c.inferable.has(node.name)) c.choosing.add(node.name)
    }
    return widest([condition.margins, chosenBy(c.m, condition.node, a.margins, b.margins)])
  }
  saysLeftOut(c, span, mover)
  return widest([condition.margins, a.margins, b.margins])
}

/** Where `where(condition, a, b)` has a value, for a condition that is known beforehand and has one everywhere. */
export function chosenBy(m: Maths, condition: NodeId, a: Margins, b: Margins): Margins {
  const mask = m.where(condition, present(m, a), present(m, b))
  return holdsEverywhere(m.builder, mask) ? noMargins : { ends: new Map(), masks: [mask] }
}

function saysLeftOut(c: LowerContext, span: Span, mover: string): void {
  if (c.diagnostics.some((d) => d.code === 'AMP609' && d.span?.start === span.start && d.span.end === span.end)) return
  const message = `Elements that a shift has no value for are left out here, whatever "${mover}" is.`
  const hint = 'Give the shift a value there, as in y[t = t - 1 else 0], so that no element is left out.'
  c.diagnostics.push(diagnostic('AMP609', message, { span, hint }))
}

/** The name of something in a condition that is not given. */
function moves(c: LowerContext, condition: NodeId): string | undefined {
  for (const id of reachable(c.builder, [condition])) {
    const node = c.builder.node(id)
    if (node.op !== 'input') continue
    const role = c.variables.get(node.name)?.role
    if (role === undefined || role === 'state') return node.name.startsWith('prev at ') ? 'prev' : node.name
  }
  return undefined
}
