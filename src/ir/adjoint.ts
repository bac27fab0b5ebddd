import type { NodeId } from './graph.ts'
import type { Knowledge } from './infinities.ts'
import type { Maths } from './maths.ts'

/** The adjoint of a node, with what is known of it without looking at numbers. */
export interface Adjoint {
  readonly g: NodeId
  /**
   * Where it is there, says (1 or 0) which elements have any part in the result: the others lie in branches not taken,
   * or are never picked.
   */
  readonly alive?: NodeId
  /** Whether elements of `g` may be 0 besides: where the weight of a sum over levels or the factor of a product is. */
  readonly vanishes?: boolean
  /** Whether it may be infinite where the result is not: beyond a root or a power at 0. */
  readonly steep?: boolean
}

/**
 * `value`, which is `adjoint` times the derivative `d`: 0 where one of the two is 0, whatever the other is. What has no
 * weight has no part in the result however steep it is, and what does not change moves nothing. Only where a number may
 * be infinite is it asked whether the other is 0. `causes`: what else may make d infinite below a branch not taken.
 */
export function product(m: Maths, known: Knowledge, adjoint: Adjoint, d: NodeId, value: NodeId, causes: readonly NodeId[] = []): Adjoint {
  const { g, alive, vanishes = false, steep = false } = adjoint
  const thin = known.zero(d)
  const zero = m.k(0)
  const still = steep && thin ? m.where(m.equal(d, zero), zero, value) : value
  const after = { ...adjoint, g: still, vanishes: vanishes || thin }
  const infinite = m.builder.node(g).op !== 'const' && known.infinite(d)
  if (infinite && vanishes) return { ...after, g: m.where(m.equal(g, zero), zero, still) }
  if (alive === undefined || !varies(m, alive, infinite ? [...causes, d] : causes)) return after
  return { ...after, g: m.where(alive, still, zero) }
}

/** What does not vary between the dead and the living is no danger to the dead alone. */
function varies(m: Maths, alive: NodeId, causes: readonly NodeId[]): boolean {
  const axes = m.builder.axes(alive)
  if (axes.length === 0) return causes.length > 0
  return causes.some((id) => m.builder.axes(id).some((a) => axes.includes(a)))
}
