import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'

/**
 * For which elements an expression has a value: `y[t = t - 1]` has none at the first `t`. A statement leaves the others
 * out; they are never taken as 0.
 */
export interface Margins {
  /** How many elements at either end of an axis have no value. */
  readonly ends: ReadonlyMap<string, Margin>
  /** Each is 1 where there is a value and else 0, for what depends on a choice: `where(index(t) == 1, mu, y[t = t - 1])`. */
  readonly masks: readonly NodeId[]
}

export interface Margin {
  readonly before: number
  readonly after: number
}

export const noMargins: Margins = { ends: new Map(), masks: [] }

export function isWhole({ ends, masks }: Margins): boolean {
  return ends.size === 0 && masks.length === 0
}

/** Whether some element along one of `axes` has no value. */
export function lacksAlong(m: Maths, { ends, masks }: Margins, axes: readonly string[]): boolean {
  return axes.some((axis) => ends.has(axis) || masks.some((mask) => m.builder.axes(mask).includes(axis)))
}

/** What several operands together have no value for. */
export function widest(all: readonly Margins[]): Margins {
  const lacking = all.filter((m) => !isWhole(m))
  if (lacking.length === 0) return noMargins
  const ends = new Map<string, Margin>()
  for (const margins of lacking) {
    for (const [axis, m] of margins.ends) {
      const known = ends.get(axis) ?? { before: 0, after: 0 }
      ends.set(axis, { before: Math.max(known.before, m.before), after: Math.max(known.after, m.after) })
    }
  }
  return { ends, masks: [...new Set(lacking.flatMap((m) => m.masks))] }
}

/** The margins of `x[axis = axis - by]`. */
export function shifted(m: Maths, margins: Margins, axis: string, by: number): Margins {
  const { before, after } = margins.ends.get(axis) ?? { before: 0, after: 0 }
  const later = { before: Math.max(0, before + by), after: Math.max(0, after - by) }
  const ends = new Map(margins.ends)
  if (later.before === 0 && later.after === 0) ends.delete(axis)
  else ends.set(axis, later)
  // A mask is 0 where it falls outside, as it should be.
  return { ends, masks: margins.masks.map((mask) => (m.builder.axes(mask).includes(axis) ? m.builder.shift(mask, axis, by) : mask)) }
}

/**
 * What is left after a reduction over `axes`, which leaves out what has no value. Along its other axes a mask then says
 * where anything was left to reduce.
 */
export function dropped(m: Maths, margins: Margins, axes: readonly string[]): Margins {
  if (!lacksAlong(m, margins, axes)) return margins
  const ends = new Map([...margins.ends].filter(([axis]) => !axes.includes(axis)))
  const masks = margins.masks.map((mask) => {
    const removed = m.builder.axes(mask).filter((a) => axes.includes(a))
    return removed.length === 0 ? mask : m.builder.reduce('max_over', removed, mask)
  })
  return { ends, masks: masks.filter((mask) => m.builder.axes(mask).length > 0) }
}

/** Without what lies along `axis`. */
export function withoutAxis(m: Maths, { ends, masks }: Margins, axis: string): Margins {
  return {
    ends: new Map([...ends].filter(([a]) => a !== axis)),
    masks: masks.filter((mask) => !m.builder.axes(mask).includes(axis)),
  }
}

export function renamed(m: Maths, margins: Margins, from: string, to: string): Margins {
  const margin = margins.ends.get(from)
  const ends = new Map(margins.ends)
  ends.delete(from)
  if (margin !== undefined) ends.set(to, margin)
  return { ends, masks: margins.masks.map((mask) => m.builder.rename(mask, from, to)) }
}

/** `x` where it has a value along `axes`, `nothing` elsewhere. */
export function masked(m: Maths, x: NodeId, margins: Margins, axes: readonly string[], nothing: number): NodeId {
  return conditionsAlong(m, margins, axes).reduce((y, inside) => m.where(inside, y, m.k(nothing)), x)
}

/** 1 where there is a value, else 0. */
export function present(m: Maths, { ends, masks }: Margins): NodeId {
  return m.times(...[...ends].map(([axis, margin]) => withinEnds(m, axis, margin)), ...masks)
}

function conditionsAlong(m: Maths, { ends, masks }: Margins, axes: readonly string[]): readonly NodeId[] {
  return [
    ...axes.flatMap((axis) => {
      const margin = ends.get(axis)
      return margin === undefined ? [] : [withinEnds(m, axis, margin)]
    }),
    ...masks.filter((mask) => m.builder.axes(mask).some((a) => axes.includes(a))),
  ]
}

/** 1 for the elements of `axis` that are not in its margin. */
function withinEnds(m: Maths, axis: string, { before, after }: Margin): NodeId {
  const index = m.builder.index(axis)
  const late = before === 0 ? m.k(1) : m.less_equal(m.k(before), index)
  const early = after === 0 ? m.k(1) : m.less(index, m.sub(m.builder.size(axis), m.k(after)))
  return before === 0 ? early : after === 0 ? late : m.mul(late, early)
}

/** How many elements have a value along all of `axes`. */
export function counted(m: Maths, margins: Margins, axes: readonly string[]): NodeId {
  const masks = margins.masks.filter((mask) => m.builder.axes(mask).some((a) => axes.includes(a)))
  if (masks.length > 0) return m.sum(axes, m.times(...conditionsAlong(m, margins, axes)))
  const sizes = axes.map((axis) => {
    const margin = margins.ends.get(axis)
    const size = m.builder.size(axis)
    return margin === undefined ? size : m.sub(size, m.k(margin.before + margin.after))
  })
  return m.times(...sizes)
}
