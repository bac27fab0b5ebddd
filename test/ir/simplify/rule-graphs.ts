import type { NodeId, UnaryOp } from '../../../src/ir/graph.ts'
import type { Pen } from './pen.ts'

/** A random formula on which the rule fires, or, now and then, does not by a hair. */
type Draw = (p: Pen) => NodeId

const one = (p: Pen): NodeId => p.m.k(1)
const zero = (p: Pen): NodeId => p.m.k(0)
const infinity = (p: Pen): NodeId => p.m.k(Number.POSITIVE_INFINITY)
const minusInfinity = (p: Pen): NodeId => p.m.k(Number.NEGATIVE_INFINITY)

const ofOpposite =
  (op: UnaryOp, leaf: (p: Pen) => NodeId = (p) => p.x()): Draw =>
  (p) =>
    p.builder.apply(op, p.m.neg(leaf(p)))

const of =
  (outer: UnaryOp, inner: UnaryOp, leaf: (p: Pen) => NodeId = (p) => p.x()): Draw =>
  (p) =>
    p.builder.apply(outer, p.builder.apply(inner, leaf(p)))

const power =
  (k: number): Draw =>
  (p) =>
    p.m.pow(p.positive(), p.m.k(k))

/** p x for a random p, which may be 1 and written as x, or -1 and written as -x. */
function term(p: Pen, x: NodeId): NodeId {
  return p.choose([() => x, () => p.m.neg(x), () => p.m.mul(p.any(), x), () => p.m.mul(p.k(), x)])()
}

/** y somewhere above the line of a product; or its square. */
function holding(p: Pen, y: NodeId): NodeId {
  const { m } = p
  const factor = p.choose([y, y, m.square(y)])
  return p.choose([
    () => factor,
    () => m.mul(p.x(), factor),
    () => m.mul(factor, p.x()),
    () => m.div(factor, p.x()),
    () => m.neg(m.mul(p.x(), factor)),
    () => m.mul(m.div(p.x(), p.x()), m.mul(factor, p.x())),
    () => m.div(p.x(), factor),
  ])()
}

/** x / y somewhere above the line of a product; y may be squared. */
function dividedBy(p: Pen, y: NodeId): NodeId {
  const { m } = p
  const part = m.div(p.x(), p.choose([y, y, m.square(y)]))
  return p.choose([
    () => part,
    () => m.mul(p.x(), part),
    () => m.mul(part, p.x()),
    () => m.div(part, p.x()),
    () => m.neg(part),
    () => m.div(m.mul(p.x(), m.neg(part)), p.x()),
    () => m.div(p.x(), part),
  ])()
}

/** A choice by c of x or 0. */
function half(p: Pen, c: NodeId, first: boolean): NodeId {
  return first ? p.m.where(c, p.x(), zero(p)) : p.m.where(c, zero(p), p.x())
}

const twoHalves =
  (op: 'add' | 'sub'): Draw =>
  (p) => {
    const c = p.truth()
    const first = p.choose([true, false])
    const other = p.choose([c, c, c, p.truth()])
    return p.builder.apply(op, half(p, c, first), half(p, other, p.choose([first, !first, !first])))
  }

/** Arithmetic with the choice by c of x or y within. */
function asking(p: Pen, c: NodeId): NodeId {
  const { m } = p
  const asked = m.where(c, p.x(), p.x())
  return p.choose([
    () => asked,
    () => m.add(p.x(), asked),
    () => m.sub(p.x(), m.mul(asked, p.x())),
    () => m.sub(asked, p.x()),
    () => m.div(p.x(), asked),
    () => m.neg(asked),
    () => m.where(p.truth(), asked, p.x()),
  ])()
}

/** An axis to reduce, and something that varies over it and something that does not (as a rule). */
function apart(p: Pen): { readonly over: readonly string[]; readonly x: NodeId; readonly c: NodeId } {
  const over = p.choose([['i'], ['j'], ['i', 'j']])
  const rest = p.choose([[], ['i'], ['j']])
  return { over, x: p.x(['i', 'j']), c: p.x(rest) }
}

type Reduce = 'sum' | 'prod' | 'max_over' | 'min_over' | 'logsumexp'

const renamed =
  (op: Reduce): Draw =>
  (p) => {
    const x = p.builder.rename(p.x(p.choose([['i'], ['i', 'j']])), 'i', 'k')
    return p.builder.reduce(op, p.choose([['k'], ['k'], ['j', 'k'], ['j']]), x)
  }

const twice =
  (op: Reduce): Draw =>
  (p) => {
    const inner = p.builder.reduce(op, ['j'], p.x(['i', 'j']))
    const outer = p.builder.reduce(op, ['i'], inner)
    return p.choose([() => outer, () => outer, () => p.m.mul(outer, inner)])()
  }

const shifted =
  (op: Reduce, how: 'add' | 'sub', turned = false): Draw =>
  (p) => {
    const { over, x, c } = apart(p)
    return p.builder.reduce(op, over, turned ? p.builder.apply(how, c, x) : p.builder.apply(how, x, c))
  }

const extremes = (op: Reduce): Readonly<Record<string, Draw>> => ({
  'f(f(x)) = f(x)': twice(op),
  'f[b](x[a -> b]) = f[a](x)': renamed(op),
  'f(c + x) = c + f(x)': shifted(op, 'add', true),
  'f(x + c) = c + f(x)': shifted(op, 'add'),
  'f(x - c) = f(x) - c': shifted(op, 'sub'),
})

/** By rules: the operation, and the name of the rule. */
export const ruleGraphs: Readonly<Record<string, Readonly<Record<string, Draw>>>> = {
  add: {
    '0 + x = x': (p) => p.choose([() => p.m.add(zero(p), p.x()), () => p.m.add(p.x(), zero(p))])(),
    'k + (c + x) = (k + c) + x': (p) => p.m.add(p.k(), p.m.add(p.any(), p.x())),
    'k + (c - x) = (k + c) - x': (p) => p.m.add(p.choose([p.k(), infinity(p)]), p.m.sub(p.any(), p.x())),
    'p x + q x = (p + q) x': (p) => {
      const x = p.x()
      return p.m.add(term(p, x), term(p, p.choose([x, x, x, p.x()])))
    },
    'x + -y = x - y': (p) => p.m.add(p.choose([p.x(), p.k(), infinity(p)]), p.m.neg(p.x())),
    '-x + y = y - x': (p) => p.m.add(p.m.neg(p.x()), p.x()),
    'x + -k y = x - k y': (p) => p.m.add(p.choose([p.x(), p.k()]), p.m.mul(p.k(), p.x())),
    '-k x + y = y - k x': (p) => p.m.add(p.m.mul(p.k(), p.x()), p.x()),
    'where(c, x, 0) + where(c, 0, y) = where(c, x, y)': twoHalves('add'),
    '-1 + exp x = expm1 x': (p) => p.m.add(p.m.k(p.choose([-1, -1, 1, -2])), p.m.exp(p.x())),
  },
  sub: {
    'where(c, x, 0) - where(c, 0, y) = where(c, x, -y)': twoHalves('sub'),
    '0 - x = -x': (p) => p.m.sub(zero(p), p.x()),
    'x - k = -k + x': (p) => p.m.sub(p.x(), p.choose([p.any(), infinity(p)])),
    'k - (c + x) = (k - c) - x': (p) => p.m.sub(p.k(), p.m.add(p.any(), p.x())),
    'k - (c - x) = (k - c) + x': (p) => p.m.sub(p.k(), p.m.sub(p.any(), p.x())),
    'p x - q x = (p - q) x': (p) => {
      const x = p.x()
      return p.m.sub(term(p, x), term(p, p.choose([x, x, x, p.x()])))
    },
    'x - -y = x + y': (p) => p.m.sub(p.choose([p.x(), p.k()]), p.m.neg(p.x())),
    '-x - y = -(x + y)': (p) => p.m.sub(p.m.neg(p.x()), p.x()),
    'x - -k y = x + k y': (p) => p.m.sub(p.choose([p.x(), p.k()]), p.m.mul(p.k(), p.x())),
    '1 - sigmoid x = sigmoid(-x)': (p) => p.m.sub(p.choose([one(p), one(p), p.k()]), p.m.sigmoid(p.x())),
  },
  mul: {
    '0 x = 0': (p) => p.choose([() => p.m.mul(zero(p), p.x()), () => p.m.mul(p.x(), zero(p))])(),
    '1 x = x': (p) => p.m.mul(one(p), p.x()),
    '-1 x = -x': (p) => p.m.mul(p.x(), p.m.k(-1)),
    'k (c x) = (k c) x': (p) => p.m.mul(p.k(), p.m.mul(p.k(), p.x())),
    'k (c / y) = (k c) / y': (p) => p.m.mul(p.k(), p.m.div(p.k(), p.x())),
    'k (x / c) = (k / c) x': (p) => p.m.mul(p.k(), p.m.div(p.x(), p.k())),
    'k -x = -k x': (p) => p.m.mul(p.k(), p.m.neg(p.x())),
    '-x y = -(x y)': (p) => p.m.mul(p.m.neg(p.x()), p.x()),
    'x -y = -(x y)': (p) => p.m.mul(p.x(), p.m.neg(p.x())),
    '(k x) y = k (x y)': (p) => p.m.mul(p.m.mul(p.k(), p.x()), p.x()),
    'x (k y) = k (x y)': (p) => p.m.mul(p.x(), p.m.mul(p.k(), p.x())),
    'x x = square x': (p) => {
      const x = p.x()
      return p.m.mul(x, p.choose([x, x, p.x()]))
    },
    '(x / y) y = x': (p) => {
      const y = p.x()
      return p.m.mul(dividedBy(p, y), y)
    },
    'y (x / y) = x': (p) => {
      const y = p.x()
      return p.m.mul(y, dividedBy(p, y))
    },
    '(k / y) x = k (x / y)': (p) => p.m.mul(p.m.div(p.k(), p.x()), p.x()),
    'x (k / y) = k (x / y)': (p) => p.m.mul(p.x(), p.m.div(p.k(), p.x())),
  },
  div: {
    '0 / x = 0': (p) => p.m.div(zero(p), p.x()),
    'x / h = (1 / h) x': (p) => p.m.div(p.x(), p.choose([p.h(), p.h(), p.k()])),
    '(c x) / k = (c / k) x': (p) => p.m.div(p.m.mul(p.k(), p.x()), p.k()),
    '(x y) / x = y': (p) => {
      const y = p.x()
      return p.m.div(holding(p, y), y)
    },
    '(x / c) / k = x / (c k)': (p) => p.m.div(p.m.div(p.x(), p.k()), p.k()),
    '(c / y) / k = (c / k) / y': (p) => p.m.div(p.m.div(p.k(), p.x()), p.k()),
    '-x / y = -(x / y)': (p) => p.m.div(p.m.neg(p.x()), p.choose([p.x(), p.k()])),
    'x / -y = -(x / y)': (p) => p.m.div(p.choose([p.x(), p.k()]), p.m.neg(p.x())),
    '(k x) / y = k (x / y)': (p) => p.m.div(p.m.mul(p.k(), p.x()), p.x()),
    '(k / x) / y = k ((1 / x) / y)': (p) => p.m.div(p.m.div(p.choose([p.k(), p.k(), one(p)]), p.x()), p.x()),
    'x / (h y) = (1 / h) (x / y)': (p) => p.m.div(p.x(), p.m.mul(p.choose([p.h(), p.h(), p.k()]), p.x())),
    'c / (k y) = (c / k) / y': (p) => p.m.div(p.k(), p.m.mul(p.k(), p.x())),
    'x / (h / y) = (1 / h) (x y)': (p) => p.m.div(p.x(), p.m.div(p.choose([p.h(), p.h(), p.k()]), p.x())),
  },
  neg: {
    '--x = x': (p) => p.m.neg(p.m.neg(p.x())),
    '-(k - y) = -k + y': (p) => p.m.neg(p.m.sub(p.choose([p.k(), infinity(p)]), p.x())),
    '-(k x) = -k x': (p) => p.m.neg(p.m.mul(p.k(), p.x())),
    '-(k / y) = -k / y': (p) => p.m.neg(p.m.div(p.k(), p.x())),
    '-(k + y) = -k - y': (p) => p.m.neg(p.m.add(p.k(), p.x())),
  },
  pow: {
    '1^x = 1': (p) => p.m.pow(p.choose([one(p), one(p), p.positive()]), p.x()),
    'x^0 = 1': power(0),
    'x^1 = x': power(1),
    'x^2 = square x': power(2),
    'x^3 = x square x': power(3),
    'x^4 = square square x': power(4),
    'x^5 = x square square x': power(5),
    'x^6 = square(x square x)': power(6),
    'x^8 = square square square x': power(8),
    'x^0.5 = sqrt x': power(0.5),
    'x^-0.5 = 1 / sqrt x': power(-0.5),
    'x^-1 = 1 / x': power(-1),
    'x^-2 = 1 / square x': power(-2),
  },
  exp: {
    'exp(log x) = x': of('exp', 'log', (p) => p.positive()),
    'exp(-log x) = 1 / x': (p) => p.m.exp(p.m.neg(p.choose([() => p.m.log(p.positive()), () => p.m.log1p(p.positive())])())),
  },
  expm1: { 'expm1(log1p x) = x': of('expm1', 'log1p', (p) => p.positive()) },
  log: {
    'log(exp x) = x': of('log', 'exp'),
    'log(sqrt x) = 0.5 log x': of('log', 'sqrt', (p) => p.positive()),
    'log(sigmoid x) = -softplus(-x)': of('log', 'sigmoid'),
    'log(cosh x) = logcosh x': of('log', 'cosh'),
    'log(erfc x) = log_erfc x': of('log', 'erfc'),
    'log(1 + x) = log1p x': (p) => p.m.log(p.m.add(p.m.k(p.choose([1, 1, 1.7])), p.positive())),
    'log(1 - x) = log1p(-x)': (p) => p.m.log(p.m.sub(p.m.k(p.choose([1, 1, 1.7])), p.unit())),
    'log(sum(exp x)) = logsumexp(x)': (p) => p.m.log(p.m.sum(p.choose([['i'], ['j'], ['i', 'j']]), p.m.exp(p.x(['i', 'j'])))),
  },
  log1p: {
    'log1p(expm1 x) = x': of('log1p', 'expm1'),
    'log1p(exp x) = softplus x': of('log1p', 'exp'),
    'log1p(-sigmoid x) = -softplus x': (p) => p.m.log1p(p.m.neg(p.choose([() => p.m.sigmoid(p.x()), () => p.unit()])())),
  },
  xlogy: {
    'xlogy(k, y) = k log y': (p) => p.m.xlogy(p.any(), p.positive()),
    'xlogy(x, k) = (log k) x': (p) => p.m.xlogy(p.x(), p.m.k(p.choose([p.uniform(0.3, 3), 1, 4]))),
    'xlogy(-x, y) = -xlogy(x, y)': (p) => p.m.xlogy(p.m.neg(p.x()), p.positive()),
    'xlogy(k x, y) = k xlogy(x, y)': (p) => p.m.xlogy(p.m.mul(p.choose([p.k(), p.any()]), p.x()), p.positive()),
    'xlogy(exp z, exp z) = (exp z) max(z, -746)': (p) => {
      const x = p.m.exp(p.x())
      return p.m.xlogy(x, p.choose([x, x, p.m.exp(p.x())]))
    },
  },
  sqrt: { 'sqrt(square x) = abs x': of('sqrt', 'square') },
  square: {
    'square(-x) = square x': ofOpposite('square'),
    'square(sqrt x) = x': of('square', 'sqrt', (p) => p.positive()),
    'square(abs x) = square x': of('square', 'abs'),
  },
  abs: {
    'abs(-x) = abs x': ofOpposite('abs'),
    'abs x = x >= 0': (p) => {
      const never = ['abs', 'square', 'exp', 'sigmoid', 'softplus', 'cosh', 'logcosh', 'erfc'] as const
      const both = ['tanh', 'sin', 'sinh', 'erf', 'cos', 'log_erfc', 'expm1', 'atan'] as const
      const inner = p.builder.apply(p.choose([...never, ...both]), p.x())
      return p.m.abs(p.choose([inner, inner, inner, p.m.sqrt(p.positive())]))
    },
  },
  sin: { 'sin(-x) = -sin x': ofOpposite('sin') },
  cos: { 'cos(-x) = cos x': ofOpposite('cos') },
  tan: { 'tan(-x) = -tan x': ofOpposite('tan', (p) => p.unit()) },
  asin: { 'asin(-x) = -asin x': ofOpposite('asin', (p) => p.unit()) },
  atan: { 'atan(-x) = -atan x': ofOpposite('atan') },
  sinh: { 'sinh(-x) = -sinh x': ofOpposite('sinh') },
  cosh: { 'cosh(-x) = cosh x': ofOpposite('cosh') },
  tanh: { 'tanh(-x) = -tanh x': ofOpposite('tanh') },
  logcosh: { 'logcosh(-x) = logcosh x': ofOpposite('logcosh') },
  erf: { 'erf(-x) = -erf x': ofOpposite('erf') },
  min: {
    'min(x, x) = x': (p) => {
      const x = p.x()
      return p.m.min(x, p.choose([x, x, p.x()]))
    },
    'min(inf, x) = x': (p) => p.m.min(p.choose([infinity(p), infinity(p), p.k(), minusInfinity(p)]), p.x()),
    'min(x, inf) = x': (p) => p.m.min(p.x(), p.choose([infinity(p), infinity(p), p.k(), minusInfinity(p)])),
  },
  max: {
    'max(x, x) = x': (p) => {
      const x = p.x()
      return p.m.max(x, p.choose([x, x, p.x()]))
    },
    'max(-inf, x) = x': (p) => p.m.max(p.choose([minusInfinity(p), minusInfinity(p), p.k(), infinity(p)]), p.x()),
    'max(x, -inf) = x': (p) => p.m.max(p.x(), p.choose([minusInfinity(p), minusInfinity(p), p.k(), infinity(p)])),
  },
  less: {
    'x < x = 0': (p) => {
      const x = p.x()
      return p.m.less(x, p.choose([x, x, p.x()]))
    },
    '0 < truth = truth': (p) => p.m.less(p.choose([zero(p), zero(p), one(p), p.k()]), p.choose([p.truth(), p.truth(), p.x()])),
  },
  less_equal: {
    'x <= x = 1': (p) => {
      const x = p.x()
      return p.m.less_equal(x, p.choose([x, x, p.x()]))
    },
  },
  equal: {
    'x == x = 1': (p) => {
      const x = p.x()
      return p.m.equal(x, p.choose([x, x, p.x()]))
    },
    '0 == (0 == truth) = truth': (p) => {
      const inner = p.m.equal(p.choose([zero(p), zero(p), one(p)]), p.choose([p.truth(), p.truth(), p.x()]))
      return p.m.equal(p.choose([zero(p), zero(p), one(p)]), inner)
    },
  },
  where: {
    'where(c, x, x) = x': (p) => {
      const x = p.x()
      return p.m.where(p.truth(), x, p.choose([x, x, p.x()]))
    },
    'where(k, x, y) is x or y': (p) => p.m.where(p.choose([zero(p), one(p), p.truth()]), p.x(), p.x()),
    'where(0 == truth, x, y) = where(truth, y, x)': (p) =>
      p.m.where(p.m.equal(p.choose([zero(p), zero(p), one(p)]), p.truth()), p.x(), p.x()),
    'where(c, -x, -y) = -where(c, x, y)': (p) => {
      const [x, y] = [p.m.neg(p.x()), p.m.neg(p.x())]
      const constant = p.choose([p.any(), infinity(p), zero(p)])
      return p.choose([
        () => p.m.where(p.truth(), x, y),
        () => p.m.where(p.truth(), x, constant),
        () => p.m.where(p.truth(), constant, y),
        () => p.m.where(p.truth(), x, p.x()),
      ])()
    },
    'where(c, f(where(c, x, y)), z) = where(c, f(x), z)': (p) => {
      const c = p.truth()
      return p.m.where(p.choose([c, c, c, p.truth()]), asking(p, c), p.x())
    },
    'where(c, z, f(where(c, x, y))) = where(c, z, f(y))': (p) => {
      const c = p.truth()
      return p.m.where(p.choose([c, c, c, p.truth()]), p.x(), asking(p, c))
    },
  },
  sum: {
    'f(f(x)) = f(x)': twice('sum'),
    'sum(-x) = -sum(x)': (p) => p.m.sum(p.choose([['i'], ['i', 'j']]), p.m.neg(p.x(['i', 'j']))),
    'f[b](x[a -> b]) = f[a](x)': renamed('sum'),
    'sum[i, j](c a[i] b[j] / d) = c sum(a) sum(b) / d': (p) => {
      const { m } = p
      const c = p.choose([p.k(), p.x([])])
      const d = p.x(p.choose([[], ['i'], ['j']]))
      const numerator = m.times(c, p.x(['i']), p.choose([p.x(['j']), p.x(['i', 'j']), d]))
      return m.sum(p.choose([['i'], ['i', 'j']]), m.mul(m.div(numerator, d), p.choose([p.x(), d, m.div(p.x(), p.x([]))])))
    },
    'sum(where(c, x, 0)) = where(c, sum(x), 0)': (p) => {
      const c = p.truth(p.choose([[], ['j'], ['i']]))
      return p.m.sum(p.choose([['i'], ['i', 'j']]), p.m.where(c, p.x(['i', 'j']), p.choose([zero(p), zero(p), p.x()])))
    },
    'sum(where(c, 0, x)) = where(c, 0, sum(x))': (p) => {
      const c = p.truth(p.choose([[], ['j'], ['i']]))
      return p.m.sum(p.choose([['i'], ['i', 'j']]), p.m.where(c, p.choose([zero(p), zero(p), p.x()]), p.x(['i', 'j'])))
    },
    'sum[a](scatter[a = k](x)) = sum(x)': (p) => {
      const x = p.x(p.choose([['i'], ['i', 'j']]))
      const at = p.choose([p.builder.index('i'), p.m.sub(p.m.k(2), p.builder.index('i')), p.m.k(1)])
      return p.m.sum(p.choose([['k'], ['j', 'k'], ['j']]), p.builder.scatter(x, 'k', at, p.choose([['i'], ['i', 'j']])))
    },
  },
  prod: { 'f(f(x)) = f(x)': twice('prod'), 'f[b](x[a -> b]) = f[a](x)': renamed('prod') },
  max_over: extremes('max_over'),
  min_over: extremes('min_over'),
  logsumexp: { ...extremes('logsumexp'), 'f(c - x) = c + f(-x)': shifted('logsumexp', 'sub', true) },
  rename: {
    'x[a -> b][b -> c] = x[a -> c]': (p) => p.builder.rename(p.builder.rename(p.x(['i', 'j']), 'i', 'k'), 'k', 'i'),
    'index(a)[a -> b] = index(b)': (p) => p.builder.rename(p.builder.index('i'), 'i', 'k'),
    '(-x)[a -> b] = -(x[a -> b])': (p) => p.builder.rename(p.m.neg(p.x(['i', 'j'])), 'i', 'k'),
  },
  pick: {
    'index(a)[a = k] = k': (p) => p.builder.pick(p.builder.index('i'), 'i', p.choose([p.m.k(2), p.builder.index('j')])),
    'x[a -> b][b = k] = x[a = k]': (p) => p.builder.pick(p.builder.rename(p.x(['i', 'j']), 'i', 'k'), 'k', place(p)),
    'scatter[a = k](x)[a = k] = x': (p) => {
      // Places may meet, and then what lands there is summed.
      const to = p.choose([p.builder.index('j'), p.m.sub(p.m.k(2), p.builder.index('j')), p.m.k(1)])
      const from = p.choose([to, to, p.builder.index('j')])
      return p.builder.pick(p.builder.scatter(p.x(['j']), 'i', to, p.choose([[], [], ['j']])), 'i', from)
    },
    'x[a = index(a)] = x': (p) => p.builder.pick(p.x(['i', 'j']), 'i', p.builder.index('i')),
    'x[a = index(b)] = x[a -> b]': (p) => p.builder.pick(p.x(p.choose([['i'], ['i', 'j'], ['i', 'k']])), 'i', p.builder.index('k')),
    '(-x)[a = k] = -(x[a = k])': (p) => p.builder.pick(p.m.neg(p.x(['i', 'j'])), 'i', place(p)),
  },
  scatter: {
    'scatter(0) = 0': (p) => p.builder.scatter(p.choose([zero(p), zero(p), p.k()]), 'k', p.builder.index('i'), ['i']),
    'scatter[a = index(b)](x) = x[b -> a]': (p) =>
      p.builder.scatter(p.x(p.choose([['i'], ['i', 'j']])), p.choose(['k', 'i']), p.builder.index('i'), p.choose([['i'], ['i', 'j']])),
    'scatter(-x) = -scatter(x)': (p) => p.builder.scatter(p.m.neg(p.x(['i', 'j'])), 'k', place(p), ['i']),
  },
  shift: {
    'shift(-x) = -shift(x)': (p) => p.builder.shift(p.m.neg(p.x(['i', 'j'])), p.choose(['i', 'j']), p.choose([-2, -1, 1, 2])),
  },
  cumsum: {
    'cumsum(-x) = -cumsum(x)': (p) => p.builder.cumsum(p.m.neg(p.x(['i', 'j'])), p.choose(['i', 'j']), p.choose([true, false])),
  },
}

/** Places along an axis of three that are not their own order. */
function place(p: Pen): NodeId {
  return p.choose([p.m.k(1), p.builder.index('j'), p.m.sub(p.m.k(2), p.builder.index('j'))])
}
