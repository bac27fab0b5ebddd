import type { ElementwiseOp } from '../../ir/graph.ts'
import { applyScalar, LEAST_TOTAL } from '../../ir/scalar.ts'
import type { Tf, TfTensor } from './load.ts'

/** Operands are shaped to broadcast against each other from the right. */
type ElementwiseCall = (tf: Tf, ...args: readonly TfTensor[]) => TfTensor

/** Operations that are worked out in float64 on the host: absent from TensorFlow.js, or there with few digits. */
export const hostOps = [
  'lgamma',
  'digamma',
  'trigamma',
  'erf',
  'erfc',
  'log_erfc',
  'log_bessel_i',
  'bessel_ratio',
  'log1p_square',
  'log_gamma_p',
  'log_gamma_q',
  'log_gamma_p_by_shape',
  'log_gamma_q_by_shape',
  'log_beta',
  'digamma_gap',
  'log_beta_i',
  'log_beta_i_by_first',
  'log_beta_i_by_second',
  'log_von_mises_mass',
  'log_von_mises_mass_by_kappa',
] as const satisfies readonly ElementwiseOp[]
export type HostOp = (typeof hostOps)[number]

export function isHostOp(op: string): op is HostOp {
  return (hostOps as readonly string[]).includes(op)
}

/**
 * One way to write every operation in float32. Those that WebAssembly has with few digits (log1p, expm1 and what is made
 * of them), rounds otherwise (round), or broadcasts slowly (see `level`) are written in terms of others.
 */
export const calls: Readonly<Record<ElementwiseOp, ElementwiseCall>> = {
  neg: (tf, x) => tf.neg(x as TfTensor),
  exp: (tf, x) => tf.exp(x as TfTensor),
  expm1: (tf, x) => expm1(tf, x as TfTensor),
  log: (tf, x) => tf.log(x as TfTensor),
  log1p: (tf, x) => log1p(tf, x as TfTensor),
  sqrt: (tf, x) => tf.sqrt(x as TfTensor),
  square: (tf, x) => tf.square(x as TfTensor),
  abs: (tf, x) => tf.abs(x as TfTensor),
  sign: (tf, x) => tf.sign(x as TfTensor),
  floor: (tf, x) => tf.floor(x as TfTensor),
  ceil: (tf, x) => tf.ceil(x as TfTensor),
  // Halves go up, not to the even neighbour.
  round: (tf, x) => tf.floor(tf.add(x as TfTensor, 0.5)),
  sin: (tf, x) => tf.sin(x as TfTensor),
  cos: (tf, x) => tf.cos(x as TfTensor),
  tan: (tf, x) => tf.tan(x as TfTensor),
  asin: (tf, x) => tf.asin(x as TfTensor),
  acos: (tf, x) => tf.acos(x as TfTensor),
  atan: (tf, x) => tf.atan(x as TfTensor),
  sinh: (tf, x) => tf.sinh(x as TfTensor),
  cosh: (tf, x) => tf.cosh(x as TfTensor),
  tanh: (tf, x) => tf.tanh(x as TfTensor),
  sigmoid: (tf, x) => tf.sigmoid(x as TfTensor),
  // max(x, 0) + log(1 + e^-|x|) neither overflows nor loses the tail.
  softplus: (tf, x) => tf.add(tf.relu(x as TfTensor), log1p(tf, tf.exp(tf.neg(tf.abs(x as TfTensor))))),
  logcosh: (tf, x) => {
    const a = tf.abs(x as TfTensor)
    return tf.add(a, tf.sub(log1p(tf, tf.exp(tf.mul(a, -2))), Math.LN2))
  },
  ...(Object.fromEntries(hostOps.map((op) => [op, onHost(op)])) as Readonly<Record<HostOp, ElementwiseCall>>),
  add: (tf, a, b) => tf.add(a as TfTensor, b as TfTensor),
  sub: (tf, a, b) => tf.sub(a as TfTensor, b as TfTensor),
  mul: (tf, a, b) => tf.mul(a as TfTensor, b as TfTensor),
  div: (tf, a, b) => tf.div(a as TfTensor, b as TfTensor),
  pow: level((tf, a, b) => tf.pow(a as TfTensor, b as TfTensor)),
  min: level((tf, a, b) => tf.minimum(a as TfTensor, b as TfTensor)),
  log_total: (tf, x) => tf.maximum(x as TfTensor, LEAST_TOTAL),
  max: level((tf, a, b) => tf.maximum(a as TfTensor, b as TfTensor)),
  less: level((tf, a, b) => tf.cast(tf.less(a as TfTensor, b as TfTensor), 'float32')),
  less_equal: level((tf, a, b) => tf.cast(tf.lessEqual(a as TfTensor, b as TfTensor), 'float32')),
  equal: level((tf, a, b) => tf.cast(tf.equal(a as TfTensor, b as TfTensor), 'float32')),
  xlogy: level((tf, a, b) =>
    tf.where(tf.equal(a as TfTensor, 0), tf.zerosLike(a as TfTensor), tf.mul(a as TfTensor, tf.log(b as TfTensor))),
  ),
  where: level((tf, condition, a, b) => tf.where(tf.notEqual(condition as TfTensor, 0), a as TfTensor, b as TfTensor)),
}

/**
 * Brings operands to their common shape first, by adding zeros: on WebAssembly addition broadcasts a hundred times faster
 * than these operations do.
 */
function level(rule: ElementwiseCall): ElementwiseCall {
  return (tf, ...args) => {
    const shape = commonShape(args)
    const size = shape.reduce((n, s) => n * s, 1)
    return rule(tf, ...args.map((x) => (x.size === size && x.rank === shape.length ? x : tf.add(x, tf.zeros(shape)))))
  }
}

function commonShape(args: readonly TfTensor[]): number[] {
  const rank = Math.max(...args.map((x) => x.rank))
  return Array.from({ length: rank }, (_, i) => {
    const found = args.map((x) => x.shape[x.rank - rank + i] ?? 1)
    return found.find((size) => size !== 1) ?? 1
  })
}

/** log(u) x / (u - 1) with u = 1 + x rounded (Kahan): right where 1 + x loses digits. */
function log1p(tf: Tf, x: TfTensor): TfTensor {
  const u = tf.add(x, 1)
  const gap = tf.sub(u, 1)
  const flat = tf.equal(gap, 0)
  // Where u is infinite or zero the quotient is not a number: log(u) is right there.
  const plain = tf.log(u)
  const corrected = tf.mul(plain, tf.div(x, tf.where(flat, tf.onesLike(gap), gap)))
  return tf.where(flat, x, tf.where(tf.isNaN(corrected), plain, corrected))
}

/** 2 t / (1 - t) with t = tanh(x / 2) near zero, where e^x - 1 loses digits. */
function expm1(tf: Tf, x: TfTensor): TfTensor {
  const t = tf.tanh(tf.mul(tf.clipByValue(x, -1, 1), 0.5))
  return tf.where(tf.less(tf.abs(x), 0.5), tf.div(tf.mul(t, 2), tf.sub(1, t)), tf.sub(tf.exp(x), 1))
}

function onHost(op: HostOp): ElementwiseCall {
  return (tf, ...args) => {
    const shape = commonShape(args)
    const operands = args.map((x) => (shape.join() === x.shape.join() ? x : tf.add(x, tf.zeros(shape))).dataSync())
    const size = shape.reduce((n, s) => n * s, 1)
    const found = Float32Array.from({ length: size }, (_, i) =>
      applyScalar(
        op,
        operands.map((data) => data[i] as number),
      ),
    )
    return tf.tensor(found, shape, 'float32')
  }
}
