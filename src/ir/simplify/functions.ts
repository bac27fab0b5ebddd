import { log } from '../../base/special/logarithm.ts'
import type { ElementwiseOp, NodeId } from '../graph.ts'
import { addRules, divRules, even, mulRules, negRules, odd, powRules, subRules, undoes, whenConstant, whenNegated } from './algebra.ts'
import { equalRules, joined, lessEqualRules, lessRules, maxRules, minRules, whereRules } from './choice.ts'
import { type ElementwiseWrite, named, type Rewriter, type SimplifyRules } from './rewriter.ts'

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
const xlogyRules = named<ElementwiseWrite>({
  'xlogy(k, y) = k log y': (r, a, b) => whenConstant(r, a, (k) => (k === 0 ? r.k(0) : r.apply('mul', r.k(k), r.apply('log', b)))),
  'xlogy(x, k) = (log k) x': (r, a, b) => whenConstant(r, b, (k) => (k > 0 ? r.apply('mul', r.k(log(k)), a) : undefined)),
  'xlogy(-x, y) = -xlogy(x, y)': (r, a, b) => whenNegated(r, a, (x) => r.apply('neg', r.apply('xlogy', x, b))),
  'xlogy(k x, y) = k xlogy(x, y)': (r, a, b) => {
    const [k, x] = r.match(a, 'mul') ?? []
    return k === undefined || x === undefined
      ? undefined
      : whenConstant(r, k, (c) => (c === 0 ? undefined : r.apply('mul', k, r.apply('xlogy', x, b))))
  },
  'xlogy(exp z, exp z) = (exp z) max(z, -746)': (r, a, b) => {
    const [z] = r.match(a, 'exp') ?? []
    return a !== b || z === undefined ? undefined : r.apply('mul', a, r.apply('max', z, r.k(-746)))
  },
})

/**
 * The rules of every elementwise operation. Besides algebra, forms that lose digits or overflow are replaced by the
 * functions made for them (log(1 + x) by log1p, log sum exp by logsumexp): there the simplified value is the better one.
 */
export const elementwiseRules: SimplifyRules['elementwise'] = {
  neg: negRules,
  exp: named<ElementwiseWrite>({
    'exp(log x) = x': undoes('log'),
    'exp(-log x) = 1 / x': (r, a) => whenNegated(r, a, (x) => reciprocalOfLog(r, x)),
  }),
  expm1: named({ 'expm1(log1p x) = x': undoes('log1p') }),
  log: named<ElementwiseWrite>({
    'log(exp x) = x': undoes('exp'),
    // Of a scale that is the root of a variance.
    'log(sqrt x) = 0.5 log x': logOfRoot,
    // Functions that underflow or overflow before their logarithm does.
    'log(sigmoid x) = -softplus(-x)': logOfSigmoid,
    'log(cosh x) = logcosh x': outer('cosh', 'logcosh'),
    'log(erfc x) = log_erfc x': outer('erfc', 'log_erfc'),
    'log(1 + x) = log1p x': logOfOnePlus,
    'log(1 - x) = log1p(-x)': logOfOneMinus,
    'log(sum(exp x)) = logsumexp(x)': logOfSumOfExponentials,
  }),
  log1p: named<ElementwiseWrite>({
    'log1p(expm1 x) = x': undoes('expm1'),
    'log1p(exp x) = softplus x': outer('exp', 'softplus'),
    'log1p(-sigmoid x) = -softplus x': logOfOneMinusSigmoid,
  }),
  sqrt: named({ 'sqrt(square x) = abs x': outer('square', 'abs') }),
  square: named({
    'square(-x) = square x': even('square'),
    'square(sqrt x) = x': undoes('sqrt'),
    'square(abs x) = square x': outer('abs', 'square'),
  }),
  abs: named<ElementwiseWrite>({
    'abs(-x) = abs x': even('abs'),
    'abs x = x >= 0': (r, a) => (nonnegative.has(r.builder.node(a).op) ? a : undefined),
  }),
  sign: [],
  floor: [],
  ceil: [],
  round: [],
  sin: named({ 'sin(-x) = -sin x': odd('sin') }),
  cos: named({ 'cos(-x) = cos x': even('cos') }),
  tan: named({ 'tan(-x) = -tan x': odd('tan') }),
  asin: named({ 'asin(-x) = -asin x': odd('asin') }),
  acos: [],
  atan: named({ 'atan(-x) = -atan x': odd('atan') }),
  sinh: named({ 'sinh(-x) = -sinh x': odd('sinh') }),
  cosh: named({ 'cosh(-x) = cosh x': even('cosh') }),
  tanh: named({ 'tanh(-x) = -tanh x': odd('tanh') }),
  sigmoid: [],
  softplus: [],
  logcosh: named({ 'logcosh(-x) = logcosh x': even('logcosh') }),
  lgamma: [],
  digamma: [],
  trigamma: [],
  erf: named({ 'erf(-x) = -erf x': odd('erf') }),
  erfc: [],
  log_total: [],
  log_erfc: [],
  add: [...addRules, ...named({ 'where(c, x, 0) + where(c, 0, y) = where(c, x, y)': joined('add'), '-1 + exp x = expm1 x': minusOne })],
  sub: [
    ...named({ 'where(c, x, 0) - where(c, 0, y) = where(c, x, -y)': joined('sub') }),
    ...subRules,
    ...named({ '1 - sigmoid x = sigmoid(-x)': oneMinusSigmoid }),
  ],
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
  bessel_ratio: [],
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
function outer(g: ElementwiseOp, h: ElementwiseOp): ElementwiseWrite {
  return (r, a) => {
    const found = r.match(a, g)
    return found === undefined ? undefined : r.apply(h, found[0])
  }
}

function reciprocalOfLog(r: Rewriter, x: NodeId): NodeId | undefined {
  const found = r.match(x, 'log')
  return found === undefined ? undefined : r.apply('div', r.k(1), found[0])
}

function logOfRoot(r: Rewriter, a: NodeId): NodeId | undefined {
  const found = r.match(a, 'sqrt')
  return found === undefined ? undefined : r.apply('mul', r.k(0.5), r.apply('log', found[0]))
}

function logOfSigmoid(r: Rewriter, a: NodeId): NodeId | undefined {
  const found = r.match(a, 'sigmoid')
  return found === undefined ? undefined : r.apply('neg', r.apply('softplus', r.apply('neg', found[0])))
}

function logOfOnePlus(r: Rewriter, a: NodeId): NodeId | undefined {
  const plus = r.match(a, 'add')
  return plus !== undefined && r.value(plus[0]) === 1 ? r.apply('log1p', plus[1]) : undefined
}

function logOfOneMinus(r: Rewriter, a: NodeId): NodeId | undefined {
  const minus = r.match(a, 'sub')
  return minus !== undefined && r.value(minus[0]) === 1 ? r.apply('log1p', r.apply('neg', minus[1])) : undefined
}

/** 1 - sigmoid(x) is rounded to 0 long before its logarithm is minus infinity. */
function logOfOneMinusSigmoid(r: Rewriter, a: NodeId): NodeId | undefined {
  return whenNegated(r, a, (s) => {
    const found = r.match(s, 'sigmoid')
    return found === undefined ? undefined : r.apply('neg', r.apply('softplus', found[0]))
  })
}

function logOfSumOfExponentials(r: Rewriter, a: NodeId): NodeId | undefined {
  const sum = r.builder.node(a)
  if (!r.is(sum, 'sum')) return undefined
  const found = r.match(sum.args[0] as NodeId, 'exp')
  return found === undefined ? undefined : r.reduce('logsumexp', sum.over, found[0])
}

function minusOne(r: Rewriter, a: NodeId, b: NodeId): NodeId | undefined {
  const found = r.match(b, 'exp')
  return found !== undefined && r.value(a) === -1 ? r.apply('expm1', found[0]) : undefined
}

function oneMinusSigmoid(r: Rewriter, a: NodeId, b: NodeId): NodeId | undefined {
  const found = r.match(b, 'sigmoid')
  return found !== undefined && r.value(a) === 1 ? r.apply('sigmoid', r.apply('neg', found[0])) : undefined
}
