import { must } from '../../base/internal-error.ts'
import { gradient } from '../../ir/gradient.ts'
import type { NodeId } from '../../ir/graph.ts'
import { replaced } from '../../ir/walk.ts'
import type { HessianPosition } from '../../middle/program.ts'
import { analysis, isFailure } from '../conditionals/analysis.ts'
import { called } from '../conditionals/coefficients.ts'
import { expanded, type LinearAlgebra } from '../conditionals/entries.ts'
import { isAffine, type Linear } from '../conditionals/linear.ts'
import { freshAxis } from '../curvature/entries.ts'
import type { Majorant } from './majorant.ts'
import { withoutShares } from './shares.ts'

/** A state as an input of the graph. */
export interface BlockState {
  readonly name: string
  readonly node: NodeId
  readonly axes: readonly string[]
}

/** Second derivatives by two states, over positions of both. */
export interface HessianNodes {
  readonly row: string
  readonly column: string
  readonly node: NodeId
  readonly positions: readonly HessianPosition[]
}

/**
 * The second derivatives of a majorant by each pair of its states, the lower triangle of pairs; none for a pair that does not
 * meet. Where each element of one is about the element of the other at the same position alone, both have that axis
 * together: what no position couples comes apart by names. Undefined where some map between them has no rule.
 */
export function hessianOf(a: LinearAlgebra, majorant: Majorant, states: readonly BlockState[]): readonly HessianNodes[] | undefined {
  const { m } = a
  const slopes = gradient(m.builder, majorant.scalar, states.map((s) => s.node)) // biome-ignore format: one line
  const parts: HessianNodes[] = []
  for (const [j, column] of states.entries()) {
    const look = analysis(a, column.node, column.axes, false)
    for (const [i, row] of states.entries()) {
      if (i < j) continue
      const linear = look(must(slopes[i], 'slope'))
      if (isFailure(linear) || !isAffine(linear)) return undefined
      const part = partOf(a, linear, row, column)
      if (part !== undefined) parts.push(part)
    }
  }
  const apart = withoutShares(m, parts.map((p) => p.node), majorant.shares) // biome-ignore format: one line
  const nodes = replaced(m.builder, apart, majorant.held)
  return parts.map((p, i) => ({ ...p, node: must(nodes[i], 'part') }))
}

function partOf(a: LinearAlgebra, linear: Linear, row: BlockState, column: BlockState): HessianNodes | undefined {
  const entries = linear.parts.get(1) ?? []
  if (entries.length === 0) return undefined
  const shared = sharedAxes(linear, column.axes)
  const names = column.axes.map((axis, i) => shared[i] ?? freshAxis(a.maker, axis))
  const values = entries.map((e) => {
    const open = e.coordinates.reduce((entry, _, i) => (shared[i] === undefined ? expanded(a, entry, i, names[i]) : entry), e)
    return called(a, open, names)
  })
  const own = row.axes.map((axis): HessianPosition => {
    const at = shared.indexOf(axis)
    return at === -1 ? { axis, row: axis } : { axis, row: axis, column: must(column.axes[at], 'axis') }
  })
  const others = names.flatMap((axis, i) => (shared[i] === undefined ? [{ axis, column: must(column.axes[i], 'axis') }] : []))
  return { row: row.name, column: column.name, node: a.m.plus(...values), positions: [...own, ...others] }
}

/** For each axis of the column the axis of the row whose position it shares, if every weight says so. */
function sharedAxes({ parts }: Linear, axes: readonly string[]): readonly (string | undefined)[] {
  const entries = parts.get(1) ?? []
  const names = axes.map((_, i) => {
    const [first, ...others] = entries.map((e) => {
      const c = must(e.coordinates[i], 'coordinate')
      return c.kind === 'tied' && c.offset === 0 ? c.name : undefined
    })
    return others.every((name) => name === first) ? first : undefined
  })
  return names.map((name, i) => (names.indexOf(name) === i ? name : undefined))
}
