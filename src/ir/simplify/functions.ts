import type { ElementwiseOp, NodeId } from '../graph.ts'
import { addRules, divRules, even, mulRules, negRules, odd, powRules, subRules, undoes, whenConstant, whenNegated } from './algebra.ts'
import { equalRules, joined, lessEqualRules, lessRules, maxRules, minRules, whereRules } from './choice.ts'
import type { ElementwiseRule, Rewriter, Rules } from './rewriter.ts'

const nonnegative: ReadonlySet<string> = new Set<ElementwiseOp>([
  'abs',
  'square',
  'exp',
  'sqrt',
  'sigmoid',
  'softplus',
  'cosh',
  'logcosh',
  'erfc',
])

/**
 * Constants and signs go to the front. exp(z) log(exp(z)) = exp(z) z, with z kept from minus infinity: below -745 the
 * exponential is 0, and so is the product.
 */
const xlogyRules: readonly ElementwiseRule[] = [
  (r, a, b) => whenConstant(r, a, (k) => (k === 0 ? r.k(0) : r.apply('mul', r.k(k), r.apply('log', b)))),
  (r, a, b) => whenConstant(r, b, (k) => (k > 0 ? r.apply('mul', r.k(Math.log(k)), a) : undefined)),
  (r, a, b) => whenNegated(r, a, (x) => r.apply('neg', r.apply('xlogy', x, b))),
  (r, a, b) => {
    const [k, x] = r.match(a, 'mul') ?? []
    return k === undefined || x === undefined
      ? undefined
      : whenConstant(r, k, (c) => (c === 0 ? undefined : r.apply('mul', k, r.apply('xlogy', x, b))))
  },
  (r, a, b) => {
    const [z] = r.match(a, 'exp') ?? []
    return a !== b || z === undefined ? undefined : r.apply('mul', a, r.apply('max', z, r.k(-746)))
  },
]

/**
 * The rules of every elementwise operation. Besides algebra, forms that lose digits or overflow are replaced by the
 * functions made for them (log(1 + x) by log1p, log sum exp by logsumexp): there the simplified value is the better one.
 */
export const elementwiseRules: Rules['elementwise'] = {
  neg: negRules,
  exp: [undoes('log'), (r, a) => whenNegated(r, a, (x) => reciprocalOfLog(r, x))],
  expm1: [undoes('log1p')],
  log: [undoes('exp'), logOfRoot, logOfStable, logOfOnePlus, logOfSumOfExponentials],
  log1p: [undoes('expm1'), (r, a) => outer(r, a, 'exp', 'softplus'), logOfOneMinusSigmoid],
  sqrt: [(r, a) => outer(r, a, 'square', 'abs')],
  square: [even('square'), undoes('sqrt'), (r, a) => outer(r, a, 'abs', 'square')],
  abs: [even('abs'), (r, a) => (nonnegative.has(r.builder.node(a).op) ? a : undefined)],
  sign: [],
  floor: [],
  ceil: [],
  round: [],
  sin: [odd('sin')],
  cos: [even('cos')],
  tan: [odd('tan')],
  asin: [odd('asin')],
  acos: [],
  atan: [odd('atan')],
  sinh: [odd('sinh')],
  cosh: [even('cosh')],
  tanh: [odd('tanh')],
  sigmoid: [],
  softplus: [],
  logcosh: [even('logcosh')],
  lgamma: [],
  digamma: [],
  trigamma: [],
  erf: [odd('erf')],
  erfc: [],
  log_erfc: [],
  add: [...addRules, joined('add'), minusOne],
  sub: [joined('sub'), ...subRules, oneMinusSigmoid],
  mul: mulRules,
  div: divRules,
  pow: powRules,
  min: minRules,
  max: maxRules,
  less: lessRules,
  less_equal: lessEqualRules,
  equal: equalRules,
  xlogy: xlogyRules,
  log_bessel_i: [],
  log1p_square: [],
  log_gamma_p: [],
  log_gamma_q: [],
  log_gamma_p_by_shape: [],
  log_gamma_q_by_shape: [],
  log_beta: [],
  digamma_gap: [],
  log_beta_i: [],
  log_beta_i_by_first: [],
  log_beta_i_by_second: [],
  log_von_mises_mass: [],
  log_von_mises_mass_by_kappa: [],
  where: whereRules,
}

/** f(g(x)) = h(x). */
function outer(r: Rewriter, a: NodeId, g: ElementwiseOp, h: ElementwiseOp): NodeId | undefined {
  const found = r.match(a, g)
  return found === undefined ? undefined : r.apply(h, found[0])
}

/** exp(-log x) = 1 / x. */
function reciprocalOfLog(r: Rewriter, x: NodeId): NodeId | undefined {
  const found = r.match(x, 'log')
  return found === undefined ? undefined : r.apply('div', r.k(1), found[0])
}

/** log(sqrt x) = log(x) / 2: of a scale that is the root of a variance. */
function logOfRoot(r: Rewriter, a: NodeId): NodeId | undefined {
  const found = r.match(a, 'sqrt')
  return found === undefined ? undefined : r.apply('mul', r.k(0.5), r.apply('log', found[0]))
}

/** Logarithms of functions that underflow or overflow before their logarithm does. */
function logOfStable(r: Rewriter, a: NodeId): NodeId | undefined {
  const s = r.match(a, 'sigmoid')
  if (s !== undefined) return r.apply('neg', r.apply('softplus', r.apply('neg', s[0])))
  return outer(r, a, 'cosh', 'logcosh') ?? outer(r, a, 'erfc', 'log_erfc')
}

/** log(1 + x), log(1 - x). */
function logOfOnePlus(r: Rewriter, a: NodeId): NodeId | undefined {
  const plus = r.match(a, 'add')
  if (plus !== undefined && r.value(plus[0]) === 1) return r.apply('log1p', plus[1])
  const minus = r.match(a, 'sub')
  if (minus !== undefined && r.value(minus[0]) === 1) return r.apply('log1p', r.apply('neg', minus[1]))
  return undefined
}

/** log1p(-sigmoid x): 1 - sigmoid(x) is rounded to 0 long before its logarithm is minus infinity. */
function logOfOneMinusSigmoid(r: Rewriter, a: NodeId): NodeId | undefined {
  return whenNegated(r, a, (s) => whenSigmoid(r, s, (x) => r.apply('neg', r.apply('softplus', x))))
}

function whenSigmoid(r: Rewriter, id: NodeId, then: (x: NodeId) => NodeId): NodeId | undefined {
  const found = r.match(id, 'sigmoid')
  return found === undefined ? undefined : then(found[0])
}

/** log(sum[k](exp x)). */
function logOfSumOfExponentials(r: Rewriter, a: NodeId): NodeId | undefined {
  const sum = r.builder.node(a)
  if (!r.is(sum, 'sum')) return undefined
  const found = r.match(sum.args[0] as NodeId, 'exp')
  return found === undefined ? undefined : r.reduce('logsumexp', sum.over, found[0])
}

/** exp x - 1. */
function minusOne(r: Rewriter, a: NodeId, b: NodeId): NodeId | undefined {
  return whenConstant(r, a, (k) => (k === -1 ? outer(r, b, 'exp', 'expm1') : undefined))
}

/** 1 - sigmoid x. */
function oneMinusSigmoid(r: Rewriter, a: NodeId, b: NodeId): NodeId | undefined {
  const found = r.match(b, 'sigmoid')
  return found !== undefined && r.value(a) === 1 ? r.apply('sigmoid', r.apply('neg', found[0])) : undefined
}
