import type { NodeId } from '../graph.ts'
import type { ElementwiseRule, Rewriter } from './rewriter.ts'

const same: ElementwiseRule = (_r, a, b) => (a === b ? a : undefined)

export const minRules: readonly ElementwiseRule[] = [same, (r, a, b) => besides(r, Number.POSITIVE_INFINITY, a, b)]
export const maxRules: readonly ElementwiseRule[] = [same, (r, a, b) => besides(r, Number.NEGATIVE_INFINITY, a, b)]
export const lessRules: readonly ElementwiseRule[] = [(r, a, b) => (a === b ? r.k(0) : undefined)]
/** For `equal` too. */
export const lessEqualRules: readonly ElementwiseRule[] = [(r, a, b) => (a === b ? r.k(1) : undefined)]

export const whereRules: readonly ElementwiseRule[] = [
  (_r, _c, a, b) => (a === b ? a : undefined),
  (r, c, a, b) => {
    const known = r.value(c)
    return known === undefined ? undefined : known !== 0 ? a : b
  },
  // The same question asked again has the same answer.
  (r, c, a, b) => asked(r, c, a, (then) => r.apply('where', c, then[1], b)),
  (r, c, a, b) => asked(r, c, b, (then) => r.apply('where', c, a, then[2])),
]

/** The other operand, where one is a constant that never wins. */
function besides(r: Rewriter, loser: number, a: NodeId, b: NodeId): NodeId | undefined {
  if (r.value(a) === loser) return b
  return r.value(b) === loser ? a : undefined
}

function asked(r: Rewriter, c: NodeId, branch: NodeId, then: (found: readonly [NodeId, NodeId, NodeId]) => NodeId): NodeId | undefined {
  const found = r.match(branch, 'where')
  return found !== undefined && found[0] === c ? then(found) : undefined
}
