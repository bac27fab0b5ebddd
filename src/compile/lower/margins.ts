import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'

/**
 * How many elements at either end of an axis an expression has no value for: `y[t = t - 1]` has none at the first `t`.
 * A statement leaves these elements out; they are never taken as 0.
 */
export type Margins = ReadonlyMap<string, Margin>

export interface Margin {
  readonly before: number
  readonly after: number
}

export const noMargins: Margins = new Map()

/** What several operands together have no value for. */
export function widest(all: readonly Margins[]): Margins {
  const present = all.filter((m) => m !== noMargins)
  if (present.length === 0) return noMargins
  const out = new Map<string, Margin>()
  for (const margins of present) {
    for (const [axis, m] of margins) {
      const known = out.get(axis) ?? { before: 0, after: 0 }
      out.set(axis, { before: Math.max(known.before, m.before), after: Math.max(known.after, m.after) })
    }
  }
  return out
}

/** The margins of `x[axis = axis - by]`. */
export function shifted(margins: Margins, axis: string, by: number): Margins {
  const { before, after } = margins.get(axis) ?? { before: 0, after: 0 }
  const later = { before: Math.max(0, before + by), after: Math.max(0, after - by) }
  return later.before === 0 && later.after === 0 ? dropped(margins, [axis]) : new Map(margins).set(axis, later)
}

export function dropped(margins: Margins, axes: readonly string[]): Margins {
  if (!axes.some((a) => margins.has(a))) return margins
  const kept = [...margins].filter(([axis]) => !axes.includes(axis))
  return kept.length === 0 ? noMargins : new Map(kept)
}

export function renamed(margins: Margins, from: string, to: string): Margins {
  const margin = margins.get(from)
  return margin === undefined ? margins : new Map(dropped(margins, [from])).set(to, margin)
}

/** `x` where it has a value along `axes`, `nothing` elsewhere. */
export function masked(m: Maths, x: NodeId, margins: Margins, axes: readonly string[], nothing: number): NodeId {
  return axes.reduce((y, axis) => {
    const margin = margins.get(axis)
    if (margin === undefined) return y
    const index = m.builder.index(axis)
    const late = margin.before === 0 ? m.k(1) : m.less_equal(m.k(margin.before), index)
    const early = margin.after === 0 ? m.k(1) : m.less(index, m.sub(m.builder.size(axis), m.k(margin.after)))
    const inside = margin.before === 0 ? early : margin.after === 0 ? late : m.mul(late, early)
    return m.where(inside, y, m.k(nothing))
  }, x)
}

/** How many elements have a value along all of `axes`. */
export function counted(m: Maths, margins: Margins, axes: readonly string[]): NodeId {
  const sizes = axes.map((axis) => {
    const margin = margins.get(axis)
    const size = m.builder.size(axis)
    return margin === undefined ? size : m.sub(size, m.k(margin.before + margin.after))
  })
  return m.times(...sizes)
}
