import { without } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { bounds, type CurvatureBounds } from './bounds.ts'
import { type Entries, type EntryAlgebra, mapEntries, mapValues, scaledOne, squared, summed, summedOne } from './entries.ts'

/**
 * logsumexp over `over` of a node f with softmax p.
 *
 * Below, by Jensen: `lse(f(y)) >= lse(f(x)) + sum_k p_k (f_k(y) - f_k(x))`, so its lower curvature is the softmax mean
 * of f's. This one line is EM's bound (Dempster, Laird & Rubin 1977), mean shift and the attention update.
 *
 * Above, for linear f: the second derivative along d is the variance of `f_k'd` under some softmax, at most a quarter of
 * its squared spread (Popoviciu), hence half of the sum of squares (Bohning 1992) where each k has coordinates of its own.
 */
export function logsumexpBounds(
  a: EntryAlgebra,
  f: CurvatureBounds,
  over: readonly string[],
  softmax: NodeId,
  axes: readonly string[],
): CurvatureBounds {
  const lower = f.lower === undefined ? undefined : averaged(a, f.lower, over, softmax, axes)
  return bounds(undefined, f.weights === undefined ? undefined : varianceBound(a, f.weights, over), lower)
}

/** `sum[over](p e)`; where e is the same for all k the weights add up to one and nothing is to be done. */
function averaged(a: EntryAlgebra, all: Entries, over: readonly string[], softmax: NodeId, axes: readonly string[]): Entries {
  return mapEntries(all, (e) => {
    const varies = a.m.builder.axes(e.value).some((axis) => over.includes(axis)) || e.coordinates.some((c) => over.includes(c.name))
    if (!varies) return e
    return summedOne(a, scaledOne(a, e, softmax, axes), over)
  })
}

function varianceBound(a: EntryAlgebra, weights: Entries, over: readonly string[]): Entries {
  const { m } = a
  const entries = [...weights.values()].flat()
  if (entries.every((e) => e.coordinates.some((c) => c.tied && over.includes(c.name)))) {
    return mapValues(summed(a, squared(a, weights), over), (v) => m.mul(m.k(0.5), v))
  }
  return mapValues(squared(a, spreads(a, weights, over)), (v) => m.mul(m.k(0.25), v))
}

/** For each coordinate the largest less the smallest weight over k; for one that is tied to k, its absolute weight. */
function spreads(a: EntryAlgebra, weights: Entries, over: readonly string[]): Entries {
  const { m } = a
  return mapEntries(weights, (e) => {
    const own = e.coordinates.filter((c) => c.tied && over.includes(c.name)).map((c) => c.name)
    const rest = without(over, own)
    const reduce = (op: 'max_over' | 'min_over', v: NodeId): NodeId => m.builder.reduce(op, rest, v)
    // With a coordinate of its own the weight is 0 at every other k.
    const highest = own.length === 0 ? reduce('max_over', e.value) : m.max(reduce('max_over', e.value), m.k(0))
    const lowest = own.length === 0 ? reduce('min_over', e.value) : m.min(reduce('min_over', e.value), m.k(0))
    const spread = { ...e, value: m.sub(highest, lowest) }
    return summedOne(a, spread, own)
  })
}
