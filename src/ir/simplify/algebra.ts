import type { ElementwiseOp, NodeId } from '../graph.ts'
import { divided, multiplied } from './cancel.ts'
import type { ElementwiseRule, Rewriter } from './rewriter.ts'

/** Sums: constants come first and together, signs become differences, equal terms are counted. */
export const addRules: readonly ElementwiseRule[] = [
  (r, a, b) => (r.value(a) === 0 ? b : undefined),
  addConstants,
  likeTerms((p, q) => p + q),
  (r, a, b) => whenNegated(r, b, (y) => r.apply('sub', a, y)),
  (r, a, b) => whenNegated(r, a, (x) => r.apply('sub', b, x)),
  (r, a, b) => whenNegativelyScaled(r, b, (y) => r.apply('sub', a, y)),
  (r, a, b) => whenNegativelyScaled(r, a, (x) => r.apply('sub', b, x)),
]

export const subRules: readonly ElementwiseRule[] = [
  (r, a, b) => (r.value(a) === 0 ? r.apply('neg', b) : undefined),
  (r, a, b) => whenConstant(r, b, (k) => r.apply('add', r.k(-k), a)),
  subConstants,
  likeTerms((p, q) => p - q),
  (r, a, b) => whenNegated(r, b, (y) => r.apply('add', a, y)),
  (r, a, b) => whenNegated(r, a, (x) => r.apply('neg', r.apply('add', x, b))),
  (r, a, b) => whenNegativelyScaled(r, b, (y) => r.apply('add', a, y)),
]

/** Products: a constant and a sign go to the front, where they meet others. 0 x = 0, as if x were finite. */
export const mulRules: readonly ElementwiseRule[] = [
  (r, a) => (r.value(a) === 0 ? a : undefined),
  (r, a, b) => (r.value(a) === 1 ? b : undefined),
  (r, a, b) => (r.value(a) === -1 ? r.apply('neg', b) : undefined),
  (r, a, b) => whenConstant(r, a, (k) => scaled(r, k, b)),
  (r, a, b) => whenNegated(r, a, (x) => r.apply('neg', r.apply('mul', x, b))),
  (r, a, b) => whenNegated(r, b, (y) => r.apply('neg', r.apply('mul', a, y))),
  (r, a, b) => whenScaled(r, a, (k, x) => r.apply('mul', r.k(k), r.apply('mul', x, b))),
  (r, a, b) => whenScaled(r, b, (k, y) => r.apply('mul', r.k(k), r.apply('mul', a, y))),
  (r, a, b) => (a === b ? r.apply('square', a) : undefined),
  (r, a, b) => multiplied(r, a, b) ?? multiplied(r, b, a),
  (r, a, b) => whenFraction(r, a, (k, y) => r.apply('mul', r.k(k), r.apply('div', b, y))),
  (r, a, b) => whenFraction(r, b, (k, y) => r.apply('mul', r.k(k), r.apply('div', a, y))),
]

/** Quotients; 0 / x = 0 and x / x = 1, as if x were finite and not 0. */
export const divRules: readonly ElementwiseRule[] = [
  (r, a) => (r.value(a) === 0 ? a : undefined),
  (r, a, b) => whenConstant(r, b, (k) => (isPowerOfTwo(k) ? r.apply('mul', r.k(1 / k), a) : undefined)),
  (r, a, b) => whenConstant(r, b, (k) => whenScaled(r, a, (c, x) => r.apply('mul', r.k(c / k), x))),
  (r, a, b) => divided(r, a, b),
  (r, a, b) => whenConstant(r, b, (k) => overConstant(r, a, k)),
  (r, a, b) => whenNegated(r, a, (x) => r.apply('neg', r.apply('div', x, b))),
  (r, a, b) => whenNegated(r, b, (y) => r.apply('neg', r.apply('div', a, y))),
  (r, a, b) => whenScaled(r, a, (k, x) => r.apply('mul', r.k(k), r.apply('div', x, b))),
  (r, a, b) => whenFraction(r, a, (k, y) => (k === 1 ? undefined : r.apply('mul', r.k(k), r.apply('div', r.apply('div', r.k(1), y), b)))),
  (r, a, b) => whenScaled(r, b, (k, y) => (isPowerOfTwo(k) ? r.apply('mul', r.k(1 / k), r.apply('div', a, y)) : undefined)),
  (r, a, b) => whenScaled(r, b, (k, y) => whenConstant(r, a, (c) => r.apply('div', r.k(c / k), y))),
  (r, a, b) => whenFraction(r, b, (k, y) => (isPowerOfTwo(k) ? r.apply('mul', r.k(1 / k), r.apply('mul', a, y)) : undefined)),
]

export const negRules: readonly ElementwiseRule[] = [
  (r, a) => r.match(a, 'neg')?.[0],
  (r, a) => {
    const [x, y] = r.match(a, 'sub') ?? []
    return x === undefined || y === undefined ? undefined : whenConstant(r, x, (k) => r.apply('add', r.k(-k), y))
  },
  (r, a) => whenScaled(r, a, (k, x) => r.apply('mul', r.k(-k), x)),
  (r, a) => whenFraction(r, a, (k, y) => r.apply('div', r.k(-k), y)),
  (r, a) => {
    const [x, y] = r.match(a, 'add') ?? []
    return x === undefined || y === undefined ? undefined : whenConstant(r, x, (k) => r.apply('sub', r.k(-k), y))
  },
]

export const powRules: readonly ElementwiseRule[] = [
  (r, a) => (r.value(a) === 1 ? a : undefined),
  (r, a, b) => whenConstant(r, b, (k) => powers.get(k)?.(r, a)),
]

/** Powers that are cheaper, and no less exact, by name. */
const powers: ReadonlyMap<number, (r: Rewriter, a: NodeId) => NodeId> = new Map([
  [0, (r) => r.k(1)],
  [1, (_r, a) => a],
  [2, (r, a) => r.apply('square', a)],
  [3, cube],
  [4, fourth],
  [5, (r, a) => r.apply('mul', a, fourth(r, a))],
  [6, (r, a) => r.apply('square', cube(r, a))],
  [8, (r, a) => r.apply('square', fourth(r, a))],
  [0.5, (r, a) => r.apply('sqrt', a)],
  [-0.5, (r, a) => r.apply('div', r.k(1), r.apply('sqrt', a))],
  [-1, (r, a) => r.apply('div', r.k(1), a)],
  [-2, (r, a) => r.apply('div', r.k(1), r.apply('square', a))],
])

function cube(r: Rewriter, a: NodeId): NodeId {
  return r.apply('mul', a, r.apply('square', a))
}

function fourth(r: Rewriter, a: NodeId): NodeId {
  return r.apply('square', r.apply('square', a))
}

/** f(-x) = f(x). */
export function even(op: ElementwiseOp): ElementwiseRule {
  return (r, a) => whenNegated(r, a, (x) => r.apply(op, x))
}

/** f(-x) = -f(x). */
export function odd(op: ElementwiseOp): ElementwiseRule {
  return (r, a) => whenNegated(r, a, (x) => r.apply('neg', r.apply(op, x)))
}

/** outer(inner(x)) = x on the domain of inner. */
export function undoes(inner: ElementwiseOp): ElementwiseRule {
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

/** a / k, where a has a constant of its own. */
function overConstant(r: Rewriter, a: NodeId, k: number): NodeId | undefined {
  return whenPart(r, a, (c, x) => r.apply('div', x, r.k(c * k))) ?? whenFraction(r, a, (c, y) => r.apply('div', r.k(c / k), y))
}

/** k times b, where b has a constant or a sign of its own. */
function scaled(r: Rewriter, k: number, b: NodeId): NodeId | undefined {
  return (
    whenScaled(r, b, (c, x) => r.apply('mul', r.k(k * c), x)) ??
    whenFraction(r, b, (c, y) => r.apply('div', r.k(k * c), y)) ??
    whenPart(r, b, (c, x) => r.apply('mul', r.k(k / c), x)) ??
    whenNegated(r, b, (x) => r.apply('mul', r.k(-k), x))
  )
}

/** k + (c + x), k + (c - x); and a constant inside a sum comes to its front. */
function addConstants(r: Rewriter, a: NodeId, b: NodeId): NodeId | undefined {
  const k = r.value(a)
  if (k === undefined) return undefined
  return (
    constantSum(r, b, 'add', (c, x) => r.apply('add', r.k(k + c), x)) ?? constantSum(r, b, 'sub', (c, x) => r.apply('sub', r.k(k + c), x))
  )
}

/** k - (c + x), k - (c - x). */
function subConstants(r: Rewriter, a: NodeId, b: NodeId): NodeId | undefined {
  const k = r.value(a)
  if (k === undefined) return undefined
  return (
    constantSum(r, b, 'add', (c, x) => r.apply('sub', r.k(k - c), x)) ?? constantSum(r, b, 'sub', (c, x) => r.apply('add', r.k(k - c), x))
  )
}

function constantSum(r: Rewriter, id: NodeId, op: 'add' | 'sub', then: (c: number, x: NodeId) => NodeId): NodeId | undefined {
  const found = r.match(id, op)
  return found === undefined ? undefined : whenConstant(r, found[0], (c) => then(c, found[1]))
}

/** p x + q x, where p and q are constants: x + x = 2 x and x - x = 0. */
function likeTerms(join: (p: number, q: number) => number): ElementwiseRule {
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
  return k !== 0 && Number.isFinite(k) && Number.isFinite(1 / k) && Number.isInteger(Math.log2(Math.abs(k)))
}
