import { must } from '../../base/internal-error.ts'
import { factorsOf } from '../../ir/factors.ts'
import type { Graph, NodeId } from '../../ir/graph.ts'
import { originalOf, twinOf } from '../../ir/layout.ts'
import type { Maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import type { EnergyAxis } from '../../middle/energy.ts'
import type { RowSums } from '../../middle/fit-program.ts'
import * as ports from '../../middle/ports.ts'
import type { MeanGraph } from './blocks.ts'
import type { Centre, Piece, RowInputs } from './pieces.ts'
import { renamedWithin } from './renamed.ts'
import { piecesOver } from './separator.ts'

/** E_q[E] written twice: with sums over rows as inputs, and with what they are. */
export interface OverRows {
  readonly rows: RowSums
  /** For what all rows share. */
  readonly summed: MeanGraph
  /** For what each row has by itself. */
  readonly inline: MeanGraph
}

/**
 * E_q[E] as products of a factor that all rows share and a sum over rows that is free of what moves for all of them: squares and
 * products are multiplied out. Then one pass over the rows serves every block. Undefined where E_q[E] is no such sum, as where rows meet.
 */
export function overRows(mean: MeanGraph, of: RowInputs, axes: readonly EnergyAxis[]): OverRows | undefined {
  const { m } = mean
  const { axis } = of
  const separated = piecesOver(mean, of)
  if (separated === undefined || separated.pieces.some((p) => p.own !== undefined && !p.whole)) return undefined
  const { pieces, centres } = separated
  const plain = pieces.filter((p) => !p.whole).map((p) => m.sum(p.bound, p.shared))
  const whole = pieces.filter((p) => p.whole).map((p) => underPlainNames(mean, p, axis, axes))
  const totals = whole.map(({ own }) => (own === undefined ? m.builder.size(axis) : m.sum([axis], own)))
  const graph = simplify(m.builder.part(totals.map((node, i) => ({ name: `${i}`, node, axes: m.builder.axes(node) }))))
  const numbers = [...new Set(graph.outputs.map((o) => o.node))]
  const outputs = numbers.map((node, k) => ({ name: ports.rowSum(k), node, axes: must(graph.nodes[node], 'sum').axes }))
  const read = graph.outputs.map(({ node }) => {
    const { name, axes: over } = must(outputs[numbers.indexOf(node)], 'sum')
    return m.builder.input(name, over)
  })
  const written = (sums: typeof totals): MeanGraph => ({
    m,
    total: m.plus(...plain, ...whole.map((p, i) => m.sum(p.bound, m.mul(p.shared, must(sums[i], 'sum'))))),
  })
  return {
    rows: {
      axis,
      graph: { ...graph, outputs },
      sums: outputs.map(({ name, axes: over }) => ({ port: name, axes: over })),
      centres: centresGraph(mean, centres),
    },
    summed: written(read),
    inline: written(totals),
  }
}

function centresGraph({ m }: MeanGraph, centres: readonly Centre[]): Graph {
  return simplify(m.builder.part(centres.map(({ port, node }) => ({ name: port, node, axes: m.builder.port(port).axes }))))
}

/** Copies of an axis are called as the axis itself where one alone is there, so that equal sums are one. */
function underPlainNames({ m }: MeanGraph, piece: Piece, row: string, all: readonly EnergyAxis[]): Piece {
  const { builder } = m
  let { shared, own } = piece
  let bound = [...piece.bound]
  const present = (): readonly string[] => [shared, ...(own === undefined ? [] : [own])].flatMap((id) => builder.axes(id))
  for (const axis of piece.bound.filter((a) => a !== row)) {
    const others = new Set([...present(), ...bound].filter((a) => a !== axis))
    let to = plainName(axis, all)
    while (others.has(to)) to = twinOf(to)
    shared = renamedWithin(builder, shared, axis, to)
    own = own === undefined ? undefined : renamedWithin(builder, own, axis, to)
    bound = bound.map((b) => (b === axis ? to : b))
  }
  return { ...piece, shared, own: own === undefined ? undefined : inOrder(m, own), bound }
}

/** A product with its factors in one order, so that equal ones are one. */
function inOrder(m: Maths, product: NodeId): NodeId {
  const factors = factorsOf((id) => m.builder.node(id), product)
  return m.times(...factors.toSorted((a, b) => a - b))
}

/** The axis that an axis is a copy of. */
function plainName(axis: string, all: readonly EnergyAxis[]): string {
  const own = originalOf(axis)
  const size = all.find((a) => a.name === own)?.size
  return size?.kind === 'same' ? plainName(size.as, all) : own
}
