import type { NodeId } from '../../ir/graph.ts'
import type { Formulas } from '../../ir/maths.ts'

const LOG_2PI = 1.8378770664093453

/** lgamma(a) = (a - 1/2) log(a) - a + `stirlingRest(a)`, for a > 0: what is left keeps its digits (DLMF 5.11.1). */
export function stirlingRest(m: Formulas, a: NodeId): NodeId {
  const half = m.k(0.5)
  // From 30 up the first term left out is below 1e-16; up to there lgamma is below 72.
  return joined(m, a, 30, { near, far: (z) => m.add(m.k(0.5 * LOG_2PI), inverses(m, z, [1 / 12, 0, -1 / 360, 0, 1 / 1260, 0, -1 / 1680])) })

  function near(z: NodeId): NodeId {
    return m.add(m.lgamma(z), m.sub(z, m.mul(m.sub(z, half), m.log(z))))
  }
}

/** log(I0(kappa)) - kappa, for kappa > 0 (DLMF 10.40.1). */
export function logScaledBessel(m: Formulas, kappa: NodeId): NodeId {
  // From 1000 up the first term left out is below 1e-15; up to there kappa rounds at 1e-13.
  return joined(m, kappa, 1000, {
    near: (z) => m.sub(m.log_bessel_i(m.k(0), z), z),
    far: (z) => m.sub(m.log1p(inverses(m, z, [1 / 8, 9 / 128, 225 / 3072, 11025 / 98304])), m.mul(m.k(0.5), m.add(m.log(z), m.k(LOG_2PI)))),
  })
}

/** One formula up to a number and another from there, each kept where it is good. */
function joined(m: Formulas, x: NodeId, from: number, { near, far }: { near: (x: NodeId) => NodeId; far: (x: NodeId) => NodeId }): NodeId {
  const start = m.k(from)
  const isFar = m.less_equal(start, x)
  return m.where(isFar, far(m.where(isFar, x, start)), near(m.where(isFar, start, x)))
}

/** c_1 / z + c_2 / z^2 + ... */
function inverses(m: Formulas, z: NodeId, coefficients: readonly number[]): NodeId {
  const w = m.reciprocal(z)
  return coefficients.reduceRight((sum, c) => m.mul(w, m.add(m.k(c), sum)), m.k(0))
}
