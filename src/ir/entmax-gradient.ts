import { type Adjoint, product } from './adjoint.ts'
import { without } from './builder.ts'
import { entmax, excess } from './entmax.ts'
import type { NodeId, NodeOf } from './graph.ts'
import type { StructuralContext } from './structural-context.ts'

/**
 * With r = max(z - t, 0) the t at which sum r^q is 1 moves by dt = sum r^(q-1) dz / sum r^(q-1), and by
 * sum r^q log(r) dq / (q sum r^(q-1)).
 */
export function thresholdPullback(node: NodeOf<'threshold'>, context: StructuralContext): readonly (Adjoint | undefined)[] {
  const { m, id, wants } = context
  const [z, q] = node.args as readonly [NodeId, NodeId]
  const part = excess(m, z, id, m.sub(q, m.k(1)))
  const whole = m.sum([node.axis], part)
  const share = (x: NodeId): NodeId => m.where(m.less(m.k(0), whole), m.div(x, whole), m.k(0))
  const byPower = (): NodeId => share(m.div(m.sum([node.axis], timesLog(context, q, excess(m, z, id, q))), q))
  return [wants(z) ? given(context, z, share(part)) : undefined, wants(q) ? given(context, q, byPower()) : undefined]
}

/** The gradient by x is entmax; by alpha that of minus the entropy's part at it, since p is the best there is (Danskin). */
export function entmaxPullback(node: NodeOf<'entmax_potential'>, context: StructuralContext): readonly (Adjoint | undefined)[] {
  const { m, wants } = context
  const [x, alpha] = node.args as readonly [NodeId, NodeId]
  const p = entmax(m, x, alpha, node.axis)
  const byAlpha = (): NodeId => {
    const some = m.less(m.k(0), p)
    const power = m.where(some, m.pow(m.where(some, p, m.k(1)), alpha), m.k(0))
    const scale = m.mul(alpha, m.sub(alpha, m.k(1)))
    const bent = m.div(m.mul(power, m.log(m.where(some, p, m.k(1)))), scale)
    const scaled = m.div(m.mul(m.sub(power, p), m.sub(m.mul(m.k(2), alpha), m.k(1))), m.square(scale))
    return m.sum([node.axis], m.sub(scaled, bent))
  }
  return [wants(x) ? given(context, x, p) : undefined, wants(alpha) ? given(context, alpha, byAlpha()) : undefined]
}

/** r^q log r, from r^q. */
function timesLog({ m }: StructuralContext, q: NodeId, power: NodeId): NodeId {
  const some = m.less(m.k(0), power)
  return m.where(some, m.div(m.mul(power, m.log(m.where(some, power, m.k(1)))), q), m.k(0))
}

/** The adjoint times a slope, summed over the axes that the operand lacks. */
function given({ m, known, adjoint }: StructuralContext, operand: NodeId, slope: NodeId): Adjoint {
  const { g, alive } = product(m, known, adjoint, slope, m.mul(adjoint.g, slope))
  const over = (x: NodeId): readonly string[] => without(m.builder.axes(x), m.builder.axes(operand))
  const summed = m.sum(over(g), g)
  return alive === undefined ? { g: summed } : { g: summed, alive: m.builder.reduce('max_over', over(alive), alive) }
}
