import { must } from '../../base/internal-error.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { FamilyContext } from '../parts/density.ts'
import type { Tempered } from '../parts/power.ts'

/** 1 + (a - 1) / T: the exponent a - 1 of x, divided. Where it is 0 or less the power has no integral. */
export function exponent(m: Maths, a: NodeId, temperature: NodeId): NodeId {
  return m.add(m.k(1), m.div(m.sub(a, m.k(1)), temperature))
}

/** (a + 1) / T - 1: of x^-(a + 1). */
export function decay(m: Maths, a: NodeId, temperature: NodeId): NodeId {
  return m.sub(m.div(m.add(a, m.k(1)), temperature), m.k(1))
}

export const rooted = (m: Maths, sigma: NodeId, temperature: NodeId): NodeId => m.mul(sigma, m.sqrt(temperature))
/** The number of elements along the axis of the family. */
export const length = (m: Maths, { over }: FamilyContext): NodeId => m.builder.size(must(over[0], 'the axis of the family'))

/** (1 + z^2 / nu)^(-(nu + 1) / (2 T)): nu becomes (nu + 1) / T - 1, and sigma follows so that nu sigma^2 stays. */
export function student(m: Maths, nu: NodeId, mu: NodeId, sigma: NodeId, temperature: NodeId): Tempered {
  const degrees = decay(m, nu, temperature)
  return { family: 'student_t', args: [degrees, mu, m.mul(sigma, m.sqrt(m.div(nu, degrees)))], positive: degrees }
}

export function gammaPower(m: Maths, alpha: NodeId, beta: NodeId, temperature: NodeId): Tempered {
  const shape = exponent(m, alpha, temperature)
  return { family: 'gamma', args: [shape, m.div(beta, temperature)], positive: shape }
}

/** log p of every element of the axis, less what they share, divided. */
export function elements(m: Maths, logits: NodeId, temperature: NodeId): Tempered {
  return { family: 'categorical_logit', args: [m.div(logits, temperature)] }
}
