import { must } from '../../base/internal-error.ts'
import { without } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import { replaced } from '../../ir/walk.ts'
import type { OpenTerm } from '../conditionals/statements.ts'
import { above, type Integral } from './integral.ts'
import { elementRoot, matrixRoot, type Root } from './root.ts'
import type { Update, Updated } from './updates.ts'

/** What is integrated over, on a builder, at the temperature `t`. */
export interface UpdatedScene {
  readonly m: Maths
  readonly t: NodeId
  readonly state: NodeId
  readonly axes: readonly string[]
}

/**
 * The integral over a variable by one vector after the other. With S the covariance (at T = 1) and m the mean so far, K = v'Sv,
 * e = target - weight v'm and D = 1 + weight K, a term leaves
 *
 *     E_term(m) - K e^2 / (2 D) + T/2 log D,    m + S v e / D,    S - (weight / D) S v v'S
 *
 * (the determinant lemma, and Sherman and Morrison 1950; a step of a Kalman filter). Where r = target / weight has no division in it, the
 * first is E_term at v'w = r, and weight (r - v'm)^2 / (2 D). S is never made: the only matrix that is factored is
 * the precision of the base. `energy` is all of E that mentions the variable, constants included.
 */
export function updatedIntegral(scene: UpdatedScene, form: Updated): Integral {
  const { m, t, axes } = scene
  const { axis, other } = form.mixing
  const { builder } = m
  const root = (form.baseMeets ? matrixRoot : elementRoot)(m, form.precision, form.mixing)
  const mean = root.solve(form.linear)
  const before: Course = { mean, values: at(scene, form.base, mean), logs: m.k(0), proper: root.valid, taken: [] }
  const end = form.updates.reduce((course, update) => step({ scene, root, axis }, course, update), before)
  const left = without(axes, [axis])
  const volume = m.sub(m.mul(builder.size(axis), m.log(m.mul(m.k(2 * Math.PI), t))), root.logDeterminant)
  const logs = m.sub(end.logs, m.mul(m.mul(m.k(0.5), t), volume))
  const own = m.sum(left, m.where(end.proper, logs, m.k(Number.NEGATIVE_INFINITY)))
  const less = (whole: NodeId, part: (taken: Taken) => NodeId): NodeId => m.mul(t, end.taken.reduce((x, u) => m.sub(x, m.mul(u.share, part(u))), whole)) // biome-ignore format: one thought
  return {
    energy: m.add(end.values, own),
    proper: end.proper,
    mean: end.mean,
    variance: less(root.diagonal, ({ moved }) => m.square(moved)),
    covariance: less(root.inverse, ({ moved }) => m.mul(moved, builder.rename(moved, axis, other))),
    spread(weights, called) {
      const nameOf = (a: string): string => must(called[axes.indexOf(a)], a)
      const renamed = (x: NodeId): NodeId => axes.reduce((node, a) => builder.rename(node, a, nameOf(a)), x)
      const along = nameOf(axis)
      const others = without(called, [along])
      const whole = root.squareAlong(weights, along, renamed)
      const left = end.taken.reduce((x, { share, moved }) => m.sub(x, m.mul(renamed(share), m.square(m.sum([along], m.mul(renamed(moved), weights))))), whole) // biome-ignore format: one thought
      return m.mul(t, m.sum(others, left))
    },
  }
}

/** After some terms. */
interface Course {
  readonly mean: NodeId
  /** E of the terms at the means before each: a scalar. */
  readonly values: NodeId
  /** What integrating adds, over the axes beside that of the vectors. */
  readonly logs: NodeId
  readonly proper: NodeId
  readonly taken: readonly Taken[]
}

/** What a vector takes from the covariance: share times S v v'S. */
interface Taken {
  readonly share: NodeId
  readonly moved: NodeId
}

function step(
  { scene, root, axis }: { readonly scene: UpdatedScene; readonly root: Root; readonly axis: string },
  { mean, values, logs, proper, taken }: Course,
  update: Update,
): Course {
  const { m, t } = scene
  const { vector, weight } = update
  const along = taken.map((u) => ({ ...u, part: m.sum([axis], m.mul(u.moved, vector)) }))
  const moved = along.reduce((v, u) => m.sub(v, m.times(u.share, u.part, u.moved)), root.solve(vector))
  const power = along.reduce((k, u) => m.sub(k, m.mul(u.share, m.square(u.part))), root.square(vector))
  const grown = above(m, m.add(m.k(1), m.mul(weight, power)))
  const left = leftBy(scene, update, m.sum([axis], m.mul(vector, mean)), { mean, power, grown: grown.value })
  return {
    mean: m.add(mean, m.mul(moved, left.gain)),
    values: m.add(values, left.value),
    logs: m.add(logs, m.add(m.times(m.k(0.5), t, m.log(grown.value)), left.distance)),
    proper: m.mul(proper, grown.proper),
    taken: [...taken, { share: m.div(weight, grown.value), moved }],
  }
}

/** e / D, and what a term leaves beside the log: about its centre as one square, which tells readings how steep it is. */
function leftBy(
  scene: UpdatedScene,
  { term, weight, target, centre }: Update,
  product: NodeId,
  { mean, power, grown }: { readonly mean: NodeId; readonly power: NodeId; readonly grown: NodeId },
): { readonly gain: NodeId; readonly value: NodeId; readonly distance: NodeId } {
  const { m } = scene
  if (centre === undefined) {
    const error = m.sub(target, m.mul(weight, product))
    const gain = m.div(error, grown)
    return { gain, value: at(scene, [term], mean), distance: m.times(m.k(-0.5), power, error, gain) }
  }
  const share = m.div(weight, grown)
  const gap = m.sub(centre.product, product)
  return { gain: m.mul(share, gap), value: centre.value, distance: m.times(m.k(0.5), share, m.square(gap)) }
}

/** The sum of terms where the variable has this value. */
function at({ m, state }: UpdatedScene, terms: readonly OpenTerm[], value: NodeId): NodeId {
  return m.plus(...replaced(m.builder, terms.map((t) => t.node), new Map([[state, value]]))) // biome-ignore format: one thought
}
