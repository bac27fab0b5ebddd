import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { FamilyContext } from '../parts/density.ts'
import { type Factored, factored } from './factors.ts'
import { first, half, LOG_PI, second, where } from './matrices.ts'

/** Both Wishart densities need as many degrees of freedom as there are rows, less less than one; beyond 1e150 no digit is left. */
function degrees(m: Maths, nu: NodeId, rows: string): { readonly enough: NodeId; readonly nu: NodeId } {
  const n = m.builder.size(rows)
  const enough = m.mul(m.less(m.sub(n, m.k(1)), nu), m.less_equal(nu, m.k(1e150)))
  return { enough, nu: m.where(enough, nu, n) }
}

/** Log of the multivariate gamma function of order n = size(rows) at a. */
export function lgammaOver(m: Maths, rows: string, a: NodeId): NodeId {
  const n = m.builder.size(rows)
  const constant = m.mul(m.k(LOG_PI / 4), m.mul(n, m.sub(n, m.k(1))))
  return m.add(constant, m.sum([rows], m.lgamma(m.sub(a, half(m, m.builder.index(rows))))))
}

interface Wishart {
  readonly n: NodeId
  readonly nu: NodeId
  readonly w: Factored
  readonly s: Factored
  /** log Gamma_n(nu / 2) + nu n / 2 log 2 */
  readonly constant: NodeId
}

export function wishartDensity(
  m: Maths,
  x: NodeId,
  [nu, sigma]: readonly [NodeId, NodeId],
  context: FamilyContext,
  formula: (parts: Wishart) => NodeId,
): NodeId {
  const rows = first(context)
  const free = degrees(m, nu, rows)
  const [w, s] = [factored(m, x, rows, second(context)), factored(m, sigma, rows, second(context))]
  const n = m.builder.size(rows)
  const constant = m.add(lgammaOver(m, rows, half(m, free.nu)), m.times(m.k(Math.LN2 / 2), free.nu, n))
  return where(m, [free.enough, w.valid, s.valid], formula({ n, nu: free.nu, w, s, constant }))
}
