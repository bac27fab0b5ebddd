import type { Node, NodeId } from '../../ir/graph.ts'
import type { MeanGraph } from './blocks.ts'
import { MOST_PIECES, type Piece, type PieceAlgebra, type SumOfPieces } from './pieces.ts'

/** By operation: how the pieces of a node follow from those of its operands. Of all others there are none. */
export const pieceRules: { readonly [K in Node['op']]?: (s: PieceAlgebra, node: Node) => SumOfPieces } = {
  neg: (s, { args: [x] }) => scaled(s, s.at(x), (m, shared) => m.neg(shared)),
  add: (s, { args: [a, b] }) => s.centred(all([...(s.at(a) ?? [undefined]), ...(s.at(b) ?? [undefined])])),
  sub: (s, { args: [a, b] }) => {
    const minus = scaled(s, s.at(b), (m, shared) => m.neg(shared))
    return s.centred(all([...(s.at(a) ?? [undefined]), ...(minus ?? [undefined])]))
  },
  mul: (s, { args: [a, b] }) => product(s, s.at(a), s.at(b)),
  square: (s, { args: [x] }) => {
    const pieces = s.at(x)
    if (pieces === undefined || pieces.length * pieces.length > MOST_PIECES) return undefined
    const pairs = pieces.flatMap((a, i) =>
      pieces.slice(i).map((b, k) => {
        const found = s.times(a, b)
        return found === undefined || k === 0 ? found : { ...found, shared: s.m.mul(s.m.k(2), found.shared) }
      }),
    )
    return all(pairs)
  },
  div: (s, { args: [a, b = 0] }) => {
    if (!s.isOfRows(b)) return scaled(s, s.at(a), (m, shared) => m.div(shared, b))
    if (!s.isOwn(b)) return undefined
    return s.at(a)?.map((p) => ({ ...p, own: p.own === undefined ? s.m.reciprocal(b) : s.m.div(p.own, b) }))
  },
  sum: (s, node) => {
    const over = node.op === 'sum' ? node.over : []
    const pieces = s.at(node.args[0])?.map((p) => over.filter((a) => a !== s.row).reduce((x, axis) => s.summed(x, axis), p))
    if (pieces === undefined) return undefined
    return over.includes(s.row) ? all(pieces.map((p) => s.overRows(p))) : pieces
  },
  rename: (s, node) => (node.op === 'rename' ? s.at(node.args[0])?.map((p) => s.renamed(p, node.from, node.to)) : undefined),
}

const all = (pieces: readonly (Piece | undefined)[]): SumOfPieces => (pieces.includes(undefined) ? undefined : (pieces as readonly Piece[]))
const scaled = ({ m }: PieceAlgebra, pieces: SumOfPieces, by: (m: MeanGraph['m'], shared: NodeId) => NodeId): SumOfPieces =>
  pieces?.map((p) => ({ ...p, shared: by(m, p.shared) }))

function product(s: PieceAlgebra, a: SumOfPieces, b: SumOfPieces): SumOfPieces {
  if (a === undefined || b === undefined || a.length * b.length > MOST_PIECES) return undefined
  return all(a.flatMap((x) => b.map((y) => s.times(x, y))))
}
