import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { NumberEnds } from '../parts/parameter-kinds.ts'
import type { Parameter } from '../parts/signature.ts'

/**
 * Numbers that must be above 0 are taken for 0 below the smallest number with all its digits: their reciprocals and the
 * derivatives of their logarithms would be infinite.
 */
export const TINY = 2.2250738585072014e-308

/** A number that is surely inside, which formulas see in place of one that is not. */
export function insideOf({ kind, ends }: Parameter): number {
  if (kind === 'count') return 0
  return ends.low === 0 ? (ends.high === 1 ? 0.5 : 1) : 0
}

/** 1 where a parameter has a value, of the ends those that belong to it among them. */
function holds(m: Maths, a: NodeId, { kind, ends }: Parameter): NodeId {
  const whole = kind === 'count' ? [m.equal(a, m.floor(a))] : []
  return m.times(above(m, a, ends), ends.highIn ? m.less_equal(a, m.k(ends.high)) : m.less(a, m.k(ends.high)), ...whole)
}

function above(m: Maths, a: NodeId, { low, lowIn }: NumberEnds): NodeId {
  if (lowIn) return m.less_equal(m.k(low), a)
  return low === 0 ? m.less_equal(m.k(TINY), a) : m.less(m.k(low), a)
}

/** 1 where each number along an axis is above the one before. */
function increases(m: Maths, a: NodeId, axis: string): NodeId {
  const { builder } = m
  const isFirst = m.equal(builder.index(axis), m.k(0))
  return builder.reduce('min_over', [axis], m.where(isFirst, m.k(1), m.less(builder.shift(a, axis, 1), a)))
}

/**
 * A log density that is minus infinity where an argument is outside its domain, with gradients 0 there: to a sampler a
 * rejected proposal. `parameters`: those whose arguments nothing else keeps inside, in their places; undefined for the
 * safe ones. `formula` sees legal arguments only. `axes`: those of the result.
 */
export function whereLegal(
  m: Maths,
  args: readonly NodeId[],
  parameters: readonly (Parameter | undefined)[],
  axes: readonly string[],
  formula: (args: readonly NodeId[]) => NodeId,
): NodeId {
  const conditions: NodeId[] = []
  const legal = args.map((a, i) => {
    const parameter = parameters[i]
    if (parameter === undefined || isFree(parameter)) return a
    const own = m.builder.axes(a).filter((axis) => !axes.includes(axis))
    const [along] = own
    if (parameter.kind === 'ordered') {
      if (along === undefined) return a
      const increasing = increases(m, a, along)
      conditions.push(increasing)
      return m.where(increasing, a, m.builder.index(along))
    }
    const inside = holds(m, a, parameter)
    conditions.push(own.length === 0 ? inside : m.builder.reduce('min_over', own, inside))
    // Of logs of weights not all may be that of 0.
    if (parameter.kind === 'vector' && parameter.ends.lowIn)
      conditions.push(m.builder.reduce('max_over', own, m.less(m.k(parameter.ends.low), a)))
    return m.where(inside, a, m.k(insideOf(parameter)))
  })
  const value = formula(legal)
  return conditions.length === 0 ? value : m.where(m.times(...conditions), value, m.k(Number.NEGATIVE_INFINITY))
}

/** Any number will do; covariances are looked at when they are factored. */
function isFree({ kind, ends }: Parameter): boolean {
  if (kind === 'ordered') return false
  const anywhere = ends.low === -Infinity && ends.high === Infinity
  return kind === 'unit_vector' || (anywhere && !ends.lowIn && !ends.highIn)
}
