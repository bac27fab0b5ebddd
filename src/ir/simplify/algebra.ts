import { hasOneDigit } from '../../base/special/words.ts'
import type { ElementwiseOp, NodeId } from '../graph.ts'
import { divided, multiplied } from './cancel.ts'
import { type ElementwiseWrite, named, type Rewriter } from './rewriter.ts'

/** Sums: constants come first and together, signs become differences, equal terms are counted. */
export const addRules = named<ElementwiseWrite>({
  '0 + x = x': (r, a, b) => (r.value(a) === 0 ? b : undefined),
  'k + (c + x) = (k + c) + x': (r, a, b) => withConstants(r, a, 'add', b, (k, c, x) => r.apply('add', r.k(k + c), x)),
  'k + (c - x) = (k + c) - x': (r, a, b) => withConstants(r, a, 'sub', b, (k, c, x) => r.apply('sub', r.k(k + c), x)),
  'p x + q x = (p + q) x': likeTerms((p, q) => p + q),
  'x + -y = x - y': (r, a, b) => whenNegated(r, b, (y) => r.apply('sub', a, y)),
  '-x + y = y - x': (r, a, b) => whenNegated(r, a, (x) => r.apply('sub', b, x)),
  'x + -k y = x - k y': (r, a, b) => whenNegativelyScaled(r, b, (y) => r.apply('sub', a, y)),
  '-k x + y = y - k x': (r, a, b) => whenNegativelyScaled(r, a, (x) => r.apply('sub', b, x)),
})

export const subRules = named<ElementwiseWrite>({
  '0 - x = -x': (r, a, b) => (r.value(a) === 0 ? r.apply('neg', b) : undefined),
  'x - k = -k + x': (r, a, b) => whenConstant(r, b, (k) => r.apply('add', r.k(-k), a)),
  'k - (c + x) = (k - c) - x': (r, a, b) => withConstants(r, a, 'add', b, (k, c, x) => r.apply('sub', r.k(k - c), x)),
  'k - (c - x) = (k - c) + x': (r, a, b) => withConstants(r, a, 'sub', b, (k, c, x) => r.apply('add', r.k(k - c), x)),
  'p x - q x = (p - q) x': likeTerms((p, q) => p - q),
  'x - -y = x + y': (r, a, b) => whenNegated(r, b, (y) => r.apply('add', a, y)),
  '-x - y = -(x + y)': (r, a, b) => whenNegated(r, a, (x) => r.apply('neg', r.apply('add', x, b))),
  'x - -k y = x + k y': (r, a, b) => whenNegativelyScaled(r, b, (y) => r.apply('add', a, y)),
})

/** Products: a constant and a sign go to the front, where they meet others. 0 x = 0, as if x were finite. */
export const mulRules = named<ElementwiseWrite>({
  '0 x = 0': (r, a) => (r.value(a) === 0 ? a : undefined),
  '1 x = x': (r, a, b) => (r.value(a) === 1 ? b : undefined),
  '-1 x = -x': (r, a, b) => (r.value(a) === -1 ? r.apply('neg', b) : undefined),
  'k (c x) = (k c) x': (r, a, b) => whenConstant(r, a, (k) => whenScaled(r, b, (c, x) => r.apply('mul', r.k(k * c), x))),
  'k (c / y) = (k c) / y': (r, a, b) => whenConstant(r, a, (k) => whenFraction(r, b, (c, y) => r.apply('div', r.k(k * c), y))),
  'k (x / c) = (k / c) x': (r, a, b) => whenConstant(r, a, (k) => whenPart(r, b, (c, x) => r.apply('mul', r.k(k / c), x))),
  'k -x = -k x': (r, a, b) => whenConstant(r, a, (k) => whenNegated(r, b, (x) => r.apply('mul', r.k(-k), x))),
  '-x y = -(x y)': (r, a, b) => whenNegated(r, a, (x) => r.apply('neg', r.apply('mul', x, b))),
  'x -y = -(x y)': (r, a, b) => whenNegated(r, b, (y) => r.apply('neg', r.apply('mul', a, y))),
  '(k x) y = k (x y)': (r, a, b) => whenScaled(r, a, (k, x) => r.apply('mul', r.k(k), r.apply('mul', x, b))),
  'x (k y) = k (x y)': (r, a, b) => whenScaled(r, b, (k, y) => r.apply('mul', r.k(k), r.apply('mul', a, y))),
  'x x = square x': (r, a, b) => (a === b ? r.apply('square', a) : undefined),
  '(x / y) y = x': (r, a, b) => multiplied(r, a, b),
  'y (x / y) = x': (r, a, b) => multiplied(r, b, a),
  '(k / y) x = k (x / y)': (r, a, b) => whenFraction(r, a, (k, y) => r.apply('mul', r.k(k), r.apply('div', b, y))),
  'x (k / y) = k (x / y)': (r, a, b) => whenFraction(r, b, (k, y) => r.apply('mul', r.k(k), r.apply('div', a, y))),
})

/** Quotients; 0 / x = 0 and x / x = 1, as if x were finite and not 0. `h` is a power of two, by which division is exact. */
export const divRules = named<ElementwiseWrite>({
  '0 / x = 0': (r, a) => (r.value(a) === 0 ? a : undefined),
  'x / h = (1 / h) x': (r, a, b) => whenConstant(r, b, (h) => (isPowerOfTwo(h) ? r.apply('mul', r.k(1 / h), a) : undefined)),
  '(c x) / k = (c / k) x': (r, a, b) => whenConstant(r, b, (k) => whenScaled(r, a, (c, x) => r.apply('mul', r.k(c / k), x))),
  '(x y) / x = y': (r, a, b) => divided(r, a, b),
  '(x / c) / k = x / (c k)': (r, a, b) => whenConstant(r, b, (k) => whenPart(r, a, (c, x) => r.apply('div', x, r.k(c * k)))),
  '(c / y) / k = (c / k) / y': (r, a, b) => whenConstant(r, b, (k) => whenFraction(r, a, (c, y) => r.apply('div', r.k(c / k), y))),
  '-x / y = -(x / y)': (r, a, b) => whenNegated(r, a, (x) => r.apply('neg', r.apply('div', x, b))),
  'x / -y = -(x / y)': (r, a, b) => whenNegated(r, b, (y) => r.apply('neg', r.apply('div', a, y))),
  '(k x) / y = k (x / y)': (r, a, b) => whenScaled(r, a, (k, x) => r.apply('mul', r.k(k), r.apply('div', x, b))),
  '(k / x) / y = k ((1 / x) / y)': (r, a, b) =>
    whenFraction(r, a, (k, y) => (k === 1 ? undefined : r.apply('mul', r.k(k), r.apply('div', r.apply('div', r.k(1), y), b)))),
  'x / (h y) = (1 / h) (x / y)': (r, a, b) =>
    whenScaled(r, b, (h, y) => (isPowerOfTwo(h) ? r.apply('mul', r.k(1 / h), r.apply('div', a, y)) : undefined)),
  'c / (k y) = (c / k) / y': (r, a, b) => whenScaled(r, b, (k, y) => whenConstant(r, a, (c) => r.apply('div', r.k(c / k), y))),
  'x / (h / y) = (1 / h) (x y)': (r, a, b) =>
    whenFraction(r, b, (h, y) => (isPowerOfTwo(h) ? r.apply('mul', r.k(1 / h), r.apply('mul', a, y)) : undefined)),
})

export const negRules = named<ElementwiseWrite>({
  '--x = x': (r, a) => r.match(a, 'neg')?.[0],
  '-(k - y) = -k + y': (r, a) => constantSum(r, a, 'sub', (k, y) => r.apply('add', r.k(-k), y)),
  '-(k x) = -k x': (r, a) => whenScaled(r, a, (k, x) => r.apply('mul', r.k(-k), x)),
  '-(k / y) = -k / y': (r, a) => whenFraction(r, a, (k, y) => r.apply('div', r.k(-k), y)),
  '-(k + y) = -k - y': (r, a) => constantSum(r, a, 'add', (k, y) => r.apply('sub', r.k(-k), y)),
})

/** Powers that are cheaper, and no less exact, by name. */
export const powRules = named<ElementwiseWrite>({
  '1^x = 1': (r, a) => (r.value(a) === 1 ? a : undefined),
  'x^0 = 1': toThe(0, (r) => r.k(1)),
  'x^1 = x': toThe(1, (_r, a) => a),
  'x^2 = square x': toThe(2, (r, a) => r.apply('square', a)),
  'x^3 = x square x': toThe(3, cube),
  'x^4 = square square x': toThe(4, fourth),
  'x^5 = x square square x': toThe(5, (r, a) => r.apply('mul', a, fourth(r, a))),
  'x^6 = square(x square x)': toThe(6, (r, a) => r.apply('square', cube(r, a))),
  'x^8 = square square square x': toThe(8, (r, a) => r.apply('square', fourth(r, a))),
  'x^0.5 = sqrt x': toThe(0.5, (r, a) => r.apply('sqrt', a)),
  'x^-0.5 = 1 / sqrt x': toThe(-0.5, (r, a) => r.apply('div', r.k(1), r.apply('sqrt', a))),
  'x^-1 = 1 / x': toThe(-1, (r, a) => r.apply('div', r.k(1), a)),
  'x^-2 = 1 / square x': toThe(-2, (r, a) => r.apply('div', r.k(1), r.apply('square', a))),
})

function toThe(k: number, write: (r: Rewriter, a: NodeId) => NodeId): ElementwiseWrite {
  return (r, a, b) => (r.value(b) === k ? write(r, a) : undefined)
}

function cube(r: Rewriter, a: NodeId): NodeId {
  return r.apply('mul', a, r.apply('square', a))
}

function fourth(r: Rewriter, a: NodeId): NodeId {
  return r.apply('square', r.apply('square', a))
}

/** f(-x) = f(x). */
export function even(op: ElementwiseOp): ElementwiseWrite {
  return (r, a) => whenNegated(r, a, (x) => r.apply(op, x))
}

/** f(-x) = -f(x). */
export function odd(op: ElementwiseOp): ElementwiseWrite {
  return (r, a) => whenNegated(r, a, (x) => r.apply('neg', r.apply(op, x)))
}

/** outer(inner(x)) = x on the domain of inner. */
export function undoes(inner: ElementwiseOp): ElementwiseWrite {
  return (r, a) => r.match(a, inner)?.[0]
}

export function whenConstant<T>(r: Rewriter, id: NodeId, then: (k: number) => T | undefined): T | undefined {
  const k = r.value(id)
  return k === undefined ? undefined : then(k)
}

export function whenNegated(r: Rewriter, id: NodeId, then: (x: NodeId) => NodeId | undefined): NodeId | undefined {
  const found = r.match(id, 'neg')
  return found === undefined ? undefined : then(found[0])
}

/** A constant times something. */
function whenScaled(r: Rewriter, id: NodeId, then: (k: number, x: NodeId) => NodeId | undefined): NodeId | undefined {
  const found = r.match(id, 'mul')
  return found === undefined ? undefined : whenConstant(r, found[0], (k) => then(k, found[1]))
}

/** `then` of c x for a node -c x, where c is a positive constant. */
function whenNegativelyScaled(r: Rewriter, id: NodeId, then: (x: NodeId) => NodeId): NodeId | undefined {
  return whenScaled(r, id, (k, x) => (k < 0 ? then(r.apply('mul', r.k(-k), x)) : undefined))
}

/** A constant over something. */
function whenFraction(r: Rewriter, id: NodeId, then: (k: number, y: NodeId) => NodeId | undefined): NodeId | undefined {
  const found = r.match(id, 'div')
  return found === undefined ? undefined : whenConstant(r, found[0], (k) => then(k, found[1]))
}

/** Something over a constant. */
function whenPart(r: Rewriter, id: NodeId, then: (k: number, x: NodeId) => NodeId | undefined): NodeId | undefined {
  const found = r.match(id, 'div')
  return found === undefined ? undefined : whenConstant(r, found[1], (k) => then(k, found[0]))
}

/** `then` of k, c and x, for a constant k and the sum or difference of a constant c and x. */
function withConstants(
  r: Rewriter,
  constant: NodeId,
  op: 'add' | 'sub',
  sum: NodeId,
  then: (k: number, c: number, x: NodeId) => NodeId,
): NodeId | undefined {
  return whenConstant(r, constant, (k) => constantSum(r, sum, op, (c, x) => then(k, c, x)))
}

function constantSum(r: Rewriter, id: NodeId, op: 'add' | 'sub', then: (c: number, x: NodeId) => NodeId): NodeId | undefined {
  const found = r.match(id, op)
  return found === undefined ? undefined : whenConstant(r, found[0], (c) => then(c, found[1]))
}

/** p x + q x, where p and q are constants: x + x = 2 x and x - x = 0. */
function likeTerms(join: (p: number, q: number) => number): ElementwiseWrite {
  return (r, a, b) => {
    const [p, x] = coefficient(r, a)
    const [q, y] = coefficient(r, b)
    return x === y ? r.apply('mul', r.k(join(p, q)), x) : undefined
  }
}

function coefficient(r: Rewriter, id: NodeId): readonly [number, NodeId] {
  const negated = r.match(id, 'neg')
  if (negated !== undefined) return [-1, negated[0]]
  const [a, b] = r.match(id, 'mul') ?? []
  const k = a === undefined ? undefined : r.value(a)
  return k === undefined || b === undefined ? [1, id] : [k, b]
}

/** Multiplying by its reciprocal is then exact. */
function isPowerOfTwo(k: number): boolean {
  return k !== 0 && Number.isFinite(k) && Number.isFinite(1 / k) && hasOneDigit(k)
}
