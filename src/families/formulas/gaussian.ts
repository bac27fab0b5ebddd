import { log } from '../../base/special/logarithm.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Formulas, Maths } from '../../ir/maths.ts'
import type { Tails } from '../parts/masses.ts'

/** (x - mu) / sigma. */
export function standard(m: Formulas, x: NodeId, mu: NodeId, sigma: NodeId): NodeId {
  return m.div(m.sub(x, mu), sigma)
}

const LOG_ROOT_2_PI = 0.5 * log(2 * Math.PI)

/** Scales whose squares have all their digits. */
const LEAST_SCALE = 1e-150
const MOST_SCALE = 1e150

/**
 * The shape in which passes recognise a quadratic: -square(x - mu) / (2 square(sigma)) - log(sigma) - log(2 pi) / 2. Minus
 * infinity for a sigma whose square is not a number with all its digits, and one that is none.
 */
export function normalLogDensity(m: Maths, x: NodeId, mu: NodeId, sigma: NodeId): NodeId {
  const scale = asScale(m, sigma)
  const quadratic = m.neg(m.div(m.square(m.sub(x, mu)), m.mul(m.k(2), m.square(scale.value))))
  return m.sub(m.sub(quadratic, scale.log), m.k(LOG_ROOT_2_PI))
}

/** The log density of normal(0, sigma) at d, for any sigma above 0, without guards. */
export function gaussianKernel(m: Formulas, d: NodeId, sigma: NodeId): NodeId {
  const quadratic = m.div(m.square(d), m.mul(m.k(2), m.square(sigma)))
  return m.neg(m.plus(quadratic, m.log(sigma), m.k(LOG_ROOT_2_PI)))
}

/** A scale to square, and its log; 1 and infinity for one that cannot be squared. */
function asScale(m: Maths, sigma: NodeId): { readonly value: NodeId; readonly log: NodeId } {
  const node = m.builder.node(sigma)
  const valid = m.mul(m.less_equal(m.k(LEAST_SCALE), sigma), m.less_equal(sigma, m.k(MOST_SCALE)))
  if (node.op === 'const' && node.value >= LEAST_SCALE && node.value <= MOST_SCALE) return { value: sigma, log: m.log(sigma) }
  const value = m.where(valid, sigma, m.k(1))
  return { value, log: m.where(valid, m.log(value), m.k(Infinity)) }
}

/** Phi(z) = erfc(-z / sqrt 2) / 2. */
export function normalTails(m: Formulas, z: NodeId): Tails {
  const log2 = m.k(Math.LN2)
  const scaled = m.mul(z, m.k(Math.SQRT1_2))
  return { lower: m.sub(m.log_erfc(m.neg(scaled)), log2), upper: m.sub(m.log_erfc(scaled), log2) }
}
