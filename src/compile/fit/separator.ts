import { must } from '../../base/internal-error.ts'
import { without } from '../../ir/builder.ts'
import type { Node, NodeId } from '../../ir/graph.ts'
import { twinOf } from '../../ir/layout.ts'
import { worksAlong } from '../../ir/structure.ts'
import { reachable } from '../../ir/walk.ts'
import * as ports from '../../middle/ports.ts'
import type { MeanGraph } from './blocks.ts'
import { pieceRules } from './piece-rules.ts'
import { type Centre, MOST_PIECES, type Piece, type PieceAlgebra, type RowInputs, type SeparatedSum, type SumOfPieces } from './pieces.ts'
import { renamedWithin } from './renamed.ts'

/** The total as a sum of pieces; undefined where it is none, or one too long. */
export function piecesOver(mean: MeanGraph, rows: RowInputs): SeparatedSum | undefined {
  const separator = new Separator(mean, rows)
  const pieces = separator.pieces()
  return pieces && { pieces, centres: separator.centres }
}

/** What is beneath a node. */
interface Beneath {
  /** Something of rows. */
  readonly row: boolean
  /** Something that moves for all of them. */
  readonly shared: boolean
  /** Something of all rows together. */
  readonly whole: boolean
  /** Nothing that moves. */
  readonly given: boolean
}

/** Walks a graph from its inputs on. */
class Separator implements PieceAlgebra {
  readonly #m: MeanGraph['m']
  readonly #total: NodeId
  readonly #rows: RowInputs
  readonly #centres = new Map<NodeId, Centre>()
  readonly #beneath = new Map<NodeId, Beneath>()
  readonly #done = new Map<NodeId, SumOfPieces>()
  readonly #axes: Set<string>

  constructor({ m, total }: MeanGraph, rows: RowInputs) {
    this.#m = m
    this.#total = total
    this.#rows = rows
    const ids = reachable(m.builder, [total])
    this.#axes = new Set(ids.flatMap((id) => m.builder.axes(id)))
    for (const id of ids) this.#beneath.set(id, this.#look(m.builder.node(id)))
  }

  pieces(): SumOfPieces {
    for (const id of reachable(this.#m.builder, [this.#total])) this.#done.set(id, this.#of(id))
    return this.#done.get(this.#total)
  }

  #look(node: Node): Beneath {
    const args = node.args.map((a) => must(this.#beneath.get(a), 'operand'))
    const { row } = this
    const own = (node.op === 'input' && node.axes.includes(row)) || (node.op === 'size' && node.axis === row)
    const isWhole = (node.op === 'sum' && node.over.includes(row)) || (node.op === 'size' && node.axis === row)
    return {
      row: own || args.some((a) => a.row),
      shared: (node.op === 'input' && this.#rows.isShared(node.name)) || args.some((a) => a.shared),
      whole: isWhole || args.some((a) => a.whole),
      given: (node.op !== 'input' || this.#rows.isGiven(node.name)) && args.every((a) => a.given),
    }
  }

  #is(id: NodeId): Beneath {
    return must(this.#beneath.get(id), 'node')
  }

  #of(id: NodeId): SumOfPieces {
    const node = this.#m.builder.node(id)
    const { row, shared, whole } = this.#is(id)
    if (!row) return node.op === 'index' && node.axis === this.row ? undefined : [plain(id)]
    if (node.op !== 'sum' && worksAlong(node).includes(this.row)) return undefined
    if (node.op === 'size') return [{ ...plain(this.#m.k(1)), whole: true }]
    // What is of one row alone stays as it is, but for numbers before it.
    if (!shared && !whole && node.op !== 'mul' && node.op !== 'neg') {
      return node.args.every((a) => this.#done.get(a) !== undefined) ? [{ ...plain(this.#m.k(1)), own: id }] : undefined
    }
    const rule = pieceRules[node.op]
    const found = rule?.(this, node)
    return found === undefined || found.length > MOST_PIECES ? undefined : merged(this, found)
  }

  at(id: NodeId | undefined): SumOfPieces {
    return this.#done.get(must(id, 'operand'))
  }

  isOfRows(id: NodeId | undefined): boolean {
    return this.#is(must(id, 'operand')).row
  }

  isOwn(id: NodeId | undefined): boolean {
    const { row, shared, whole } = this.#is(must(id, 'operand'))
    return row && !shared && !whole
  }

  get m(): MeanGraph['m'] {
    return this.#m
  }

  get row(): string {
    return this.#rows.axis
  }

  get centres(): readonly Centre[] {
    return [...this.#centres.values()]
  }

  centred(pieces: SumOfPieces): SumOfPieces {
    if (pieces === undefined || pieces.every((p) => p.own !== undefined)) return pieces
    const { m } = this
    return pieces.flatMap((p): Piece[] => {
      const { own, shared, whole } = p
      if (own === undefined || whole || m.known(shared) === undefined || this.#beneath.get(own)?.given !== true) return [p]
      const centre = m.builder.input(this.#centre(own).port, without(m.builder.axes(own), [this.row]))
      return [
        { ...p, own: m.sub(own, centre) },
        { ...p, own: undefined, shared: m.mul(shared, centre) },
      ]
    })
  }

  #centre(own: NodeId): Centre {
    const { m } = this
    const port = ports.centre(this.#centres.size)
    const known = this.#centres.get(own) ?? { port, node: m.div(m.sum([this.row], own), m.builder.size(this.row)) }
    this.#centres.set(own, known)
    return known
  }

  /** An axis of the same size that nothing has. */
  #fresh(axis: string): string {
    let name = twinOf(axis)
    while (this.#axes.has(name)) name = twinOf(name)
    this.#axes.add(name)
    return name
  }

  renamed(piece: Piece, from: string, to: string): Piece {
    const { builder } = this.#m
    const own = piece.own === undefined ? undefined : renamedWithin(builder, piece.own, from, to)
    return { ...piece, shared: renamedWithin(builder, piece.shared, from, to), own }
  }

  /** The same under other names of the axes that it is summed over. */
  apart(piece: Piece): Piece {
    return piece.bound.reduce<Piece>((p, axis) => {
      const to = this.#fresh(axis)
      return { ...this.renamed(p, axis, to), bound: p.bound.map((b) => (b === axis ? to : b)) }
    }, piece)
  }

  times(a: Piece, b: Piece): Piece | undefined {
    // A sum over rows times something of a row or of rows: rows meet.
    if ((a.whole && (b.whole || b.own !== undefined)) || (b.whole && a.own !== undefined)) return undefined
    const other = b.bound.some((axis) => a.bound.includes(axis)) ? this.apart(b) : b
    return {
      shared: this.#m.mul(a.shared, other.shared),
      own: this.#product(a.own, other.own),
      bound: [...a.bound, ...other.bound],
      whole: a.whole || other.whole,
    }
  }

  #product(a: NodeId | undefined, b: NodeId | undefined): NodeId | undefined {
    if (a === undefined || b === undefined) return a ?? b
    return a === b ? this.#m.square(a) : this.#m.mul(a, b)
  }

  summed(piece: Piece, axis: string): Piece {
    const { m } = this
    const has = (id: NodeId): boolean => m.builder.axes(id).includes(axis)
    if (piece.own === undefined || !has(piece.own)) return { ...piece, shared: m.sum([axis], piece.shared) }
    if (!has(piece.shared)) return { ...piece, own: m.sum([axis], piece.own) }
    const to = this.#fresh(axis)
    return { ...this.renamed(piece, axis, to), bound: [...piece.bound, to] }
  }

  overRows(piece: Piece): Piece | undefined {
    return piece.whole ? undefined : { ...piece, whole: true }
  }
}

const plain = (id: NodeId): Piece => ({ shared: id, own: undefined, bound: [], whole: false })

/** SumOfPieces with one and the same part of a row together. */
function merged({ m }: Separator, pieces: readonly Piece[]): readonly Piece[] {
  const kept: Piece[] = []
  for (const piece of pieces) {
    const at = kept.findIndex((k) => k.own === piece.own && k.whole === piece.whole && k.bound.length + piece.bound.length === 0)
    const before = kept[at]
    if (before === undefined) kept.push(piece)
    else kept[at] = { ...before, shared: m.add(before.shared, piece.shared) }
  }
  return kept
}
