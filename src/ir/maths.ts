import type { GraphBuilder } from './builder.ts'
import type { ElementwiseOp, NodeId } from './graph.ts'

type ElementwiseMaths = { readonly [K in ElementwiseOp]: (...args: readonly NodeId[]) => NodeId }

/** What elementwise formulas are written with: `m.mul(m.k(2), m.exp(x))`. Sums and products of several terms take any number. */
export interface Formulas extends ElementwiseMaths {
  /** A constant. */
  k(value: number): NodeId
  /** The number that `x` is, where it is a constant. */
  known(x: NodeId): number | undefined
  reciprocal(x: NodeId): NodeId
  /** a + b + c + ... */
  plus(...terms: readonly NodeId[]): NodeId
  /** a * b * c * ... */
  times(...factors: readonly NodeId[]): NodeId
}

/** Writes formulas on a builder. */
export interface Maths extends Formulas {
  readonly builder: GraphBuilder
  /** The sum over named axes (axes the operand lacks count as repetition). */
  sum(over: readonly string[], x: NodeId): NodeId
  logsumexp(over: readonly string[], x: NodeId): NodeId
}

const elementwise = Object.keys({
  neg: 1,
  exp: 1,
  expm1: 1,
  log: 1,
  log1p: 1,
  sqrt: 1,
  square: 1,
  abs: 1,
  sign: 1,
  floor: 1,
  ceil: 1,
  round: 1,
  sin: 1,
  cos: 1,
  tan: 1,
  asin: 1,
  acos: 1,
  atan: 1,
  sinh: 1,
  cosh: 1,
  tanh: 1,
  sigmoid: 1,
  softplus: 1,
  logcosh: 1,
  lgamma: 1,
  digamma: 1,
  trigamma: 1,
  erf: 1,
  erfc: 1,
  log_erfc: 1,
  log_total: 1,
  add: 1,
  sub: 1,
  mul: 1,
  div: 1,
  pow: 1,
  min: 1,
  max: 1,
  less: 1,
  less_equal: 1,
  equal: 1,
  xlogy: 1,
  log_bessel_i: 1,
  bessel_ratio: 1,
  log1p_square: 1,
  log_gamma_p: 1,
  log_gamma_q: 1,
  log_gamma_p_by_shape: 1,
  log_gamma_q_by_shape: 1,
  log_beta: 1,
  digamma_gap: 1,
  log_beta_i: 1,
  log_beta_i_by_first: 1,
  log_beta_i_by_second: 1,
  log_von_mises_mass: 1,
  log_von_mises_mass_by_kappa: 1,
  where: 1,
} satisfies Record<ElementwiseOp, 1>) as ElementwiseOp[]

export function maths(builder: GraphBuilder): Maths {
  return new MathsWriter(builder) as MathsWriter & ElementwiseMaths
}

/** Each operation is written once, here, since every pass over a graph asks for a writer of its own. */
class MathsWriter implements Omit<Maths, ElementwiseOp> {
  readonly builder: GraphBuilder

  constructor(builder: GraphBuilder) {
    this.builder = builder
  }

  k(value: number): NodeId {
    return this.builder.constant(value)
  }

  known(x: NodeId): number | undefined {
    const node = this.builder.node(x)
    if (node.op === 'const') return node.value
    const negated = node.op === 'neg' ? this.known(node.args[0] as NodeId) : undefined
    return negated === undefined ? undefined : -negated
  }

  sum(over: readonly string[], x: NodeId): NodeId {
    return this.builder.sum(over, x)
  }

  logsumexp(over: readonly string[], x: NodeId): NodeId {
    return this.builder.reduce('logsumexp', over, x)
  }

  reciprocal(x: NodeId): NodeId {
    return this.builder.apply('div', this.k(1), x)
  }

  plus(...terms: readonly NodeId[]): NodeId {
    return terms.length === 0 ? this.k(0) : terms.reduce((a, b) => this.builder.apply('add', a, b))
  }

  times(...factors: readonly NodeId[]): NodeId {
    return factors.length === 0 ? this.k(1) : factors.reduce((a, b) => this.builder.apply('mul', a, b))
  }
}

for (const op of elementwise) {
  Object.defineProperty(MathsWriter.prototype, op, {
    value(this: MathsWriter, ...args: readonly NodeId[]): NodeId {
      return this.builder.apply(op, ...args)
    },
  })
}
