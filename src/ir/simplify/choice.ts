import { must } from '../../base/internal-error.ts'
import type { NodeId, Op } from '../graph.ts'
import { isElementwise } from '../scalar.ts'
import { type ElementwiseWrite, named, type Rewriter } from './rewriter.ts'

const { POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number

const same: ElementwiseWrite = (_r, a, b) => (a === b ? a : undefined)

/** The other operand of a constant that never wins. */
const notFirst =
  (loser: number): ElementwiseWrite =>
  (r, a, b) =>
    r.value(a) === loser ? b : undefined
const notSecond =
  (loser: number): ElementwiseWrite =>
  (r, a, b) =>
    r.value(b) === loser ? a : undefined

export const minRules = named({
  'min(x, x) = x': same,
  'min(inf, x) = x': notFirst(POSITIVE_INFINITY),
  'min(x, inf) = x': notSecond(POSITIVE_INFINITY),
})

export const maxRules = named({
  'max(x, x) = x': same,
  'max(-inf, x) = x': notFirst(NEGATIVE_INFINITY),
  'max(x, -inf) = x': notSecond(NEGATIVE_INFINITY),
})

export const lessRules = named<ElementwiseWrite>({
  'x < x = 0': (r, a, b) => (a === b ? r.k(0) : undefined),
  // What is 1 or 0 is above 0 where it is 1.
  '0 < truth = truth': (r, a, b) => (r.value(a) === 0 && isTruth(r, b) ? b : undefined),
})

export const lessEqualRules = named<ElementwiseWrite>({ 'x <= x = 1': (r, a, b) => (a === b ? r.k(1) : undefined) })

export const equalRules = named<ElementwiseWrite>({
  'x == x = 1': (r, a, b) => (a === b ? r.k(1) : undefined),
  '0 == (0 == truth) = truth': (r, a, b) => (r.value(a) === 0 ? negation(r, b) : undefined),
})

export const whereRules = named<ElementwiseWrite>({
  'where(c, x, x) = x': (_r, _c, a, b) => (a === b ? a : undefined),
  'where(k, x, y) is x or y': (r, c, a, b) => {
    const known = r.value(c)
    return known === undefined ? undefined : known !== 0 ? a : b
  },
  'where(0 == truth, x, y) = where(truth, y, x)': (r, c, a, b) => {
    const other = negation(r, c)
    return other === undefined ? undefined : r.apply('where', other, b, a)
  },
  'where(c, -x, -y) = -where(c, x, y)': signOut,
  // The same question asked again has the same answer.
  'where(c, f(where(c, x, y)), z) = where(c, f(x), z)': (r, c, a, b) => answered(r, c, a, 1, (known) => r.apply('where', c, known, b)),
  'where(c, z, f(where(c, x, y))) = where(c, z, f(y))': (r, c, a, b) => answered(r, c, b, 2, (known) => r.apply('where', c, a, known)),
})

/** where(c, -a, -b) = -where(c, a, b), a constant being as good as its opposite. */
function signOut(r: Rewriter, c: NodeId, a: NodeId, b: NodeId): NodeId | undefined {
  const [x, y] = [r.match(a, 'neg')?.[0], r.match(b, 'neg')?.[0]]
  if (x === undefined && y === undefined) return undefined
  const [p, q] = [x ?? opposite(r, a), y ?? opposite(r, b)]
  return p === undefined || q === undefined ? undefined : r.apply('neg', r.apply('where', c, p, q))
}

function opposite(r: Rewriter, id: NodeId): NodeId | undefined {
  const k = r.value(id)
  return k === undefined ? undefined : r.k(k === 0 ? 0 : -k)
}

/** where(c, a, 0) + where(c, 0, b) = where(c, a, b), and so with differences: one choice where a sum of two is no more work. */
export function joined(op: 'add' | 'sub'): ElementwiseWrite {
  return (r, left, right) => {
    const [c, a, b] = r.match(left, 'where') ?? []
    const [d, x, y] = r.match(right, 'where') ?? []
    if (c === undefined || c !== d) return undefined
    if (a === undefined || b === undefined || x === undefined || y === undefined) return undefined
    const free = (p: NodeId, q: NodeId): boolean => r.value(p) === 0 || r.value(q) === 0
    return free(a, x) && free(b, y) ? r.apply('where', c, r.apply(op, a, x), r.apply(op, b, y)) : undefined
  }
}

const truths: ReadonlySet<string> = new Set<Op>(['less', 'less_equal', 'equal'])

function isTruth(r: Rewriter, id: NodeId): boolean {
  return truths.has(r.builder.node(id).op)
}

/** What `id` is the opposite of, if it says that something else is 0 that can only be 1 or 0. */
function negation(r: Rewriter, id: NodeId): NodeId | undefined {
  const [zero, truth] = r.match(id, 'equal') ?? []
  return zero !== undefined && truth !== undefined && r.value(zero) === 0 && isTruth(r, truth) ? truth : undefined
}

/** How far below a choice to look for the same choice. */
const DEEPEST = 4

const arithmetic: ReadonlySet<string> = new Set<Op>(['add', 'sub', 'mul', 'div', 'neg'])

/** `then` of `id` with every choice by `c` in its arithmetic made, if there is one. */
function answered(r: Rewriter, c: NodeId, id: NodeId, branch: 1 | 2, then: (known: NodeId) => NodeId): NodeId | undefined {
  const known = chosen(r, c, id, branch, DEEPEST)
  return known === id ? undefined : then(known)
}

function chosen(r: Rewriter, c: NodeId, id: NodeId, branch: 1 | 2, depth: number): NodeId {
  const node = r.builder.node(id)
  if (node.op === 'where' && node.args[0] === c) return must(node.args[branch], 'branch')
  if (depth === 0 || !isElementwise(node.op) || !arithmetic.has(node.op)) return id
  const args = node.args.map((a) => chosen(r, c, a, branch, depth - 1))
  return args.every((a, k) => a === node.args[k]) ? id : r.apply(node.op, ...args)
}
