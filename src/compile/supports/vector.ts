import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import { elementwise, type Transform } from './transform.ts'

/** Below any square that matters: it keeps 0 / 0 from happening at the origin. */
const LEAST = 1e-300

/**
 * A direction and a length that nothing else depends on: the value is y / |y|, and the length is given the density of
 * the norm of a standard normal vector, so that what is integrated over lengths adds nothing.
 */
export const unit: Transform<'unit'> = {
  ...elementwise,
  source: 'Stan reference manual, unit vector; the constant makes the density of the lengths integrate to 1',
  forward: (m, { axis }, y) => {
    const squared = m.sum([axis], m.square(y))
    const half = m.mul(m.k(0.5), m.builder.size(axis))
    const constant = m.add(m.mul(m.sub(half, m.k(1)), m.k(Math.LN2)), m.lgamma(half))
    return { value: m.div(y, m.sqrt(m.max(squared, m.k(LEAST)))), logJacobian: m.neg(m.add(m.mul(m.k(0.5), squared), constant)) }
  },
  inverse: (m, { axis }, x) => m.mul(x, m.sqrt(m.builder.size(axis))),
}

/** The axis of the coordinates of a simplex: one element less. */
export function freeAxis(axis: string): string {
  return `${axis}:free`
}

/** sqrt((j + 1) (j + 2)) along the coordinates. */
function helmertScale(m: Maths, axis: string): NodeId {
  const j = m.builder.index(freeAxis(axis))
  return m.sqrt(m.mul(m.add(j, m.k(1)), m.add(j, m.k(2))))
}

/**
 * Isometric log-ratio: log x is an orthonormal combination of the Helmert contrasts (the first j + 1 elements against
 * the next), which two running sums compute.
 */
export const simplex: Transform<'simplex'> = {
  source: 'Egozcue et al. (2003), Mathematical Geology 35; the Jacobian is that of all elements but the last, as in Stan 2.37',
  coordinateAxes: ({ axis }, axes) => axes.map((a) => (a === axis ? freeAxis(axis) : a)),
  madeAxes: ({ axis }) => [{ name: freeAxis(axis), size: { kind: 'less', than: axis, by: 1 } }],
  forward: (m, { axis }, y) => {
    const logits = contrasts(m, axis, y)
    const total = m.logsumexp([axis], logits)
    const size = m.builder.size(axis)
    // The logits add up to 0, so the logs of the values add up to -size * total.
    return { value: m.exp(m.sub(logits, total)), logJacobian: m.sub(m.mul(m.k(0.5), m.log(size)), m.mul(size, total)) }
  },
  inverse: (m, { axis }, x) => {
    // A zero has no coordinate: it starts as near to the edge as ones are told apart.
    return ofLogs(m, axis, m.log(m.where(m.equal(x, m.k(0)), m.k(Number.EPSILON), x)))
  },
  entropy: {
    parts: (m, _type, x) => [m.xlogy(x, x)],
    coordinates: (m, { axis }, logits) => (m.builder.axes(logits).includes(axis) ? ofLogs(m, axis, logits) : m.k(0)),
    // Pinsker's inequality, D >= |y - x|_1^2 / 2, and |d|_1^2 >= 2 |d|^2 for what adds up to 0.
    strength: 2,
  },
}

/** Contrasts of logs, in which a constant along the axis cancels. */
function ofLogs(m: Maths, axis: string, logs: NodeId): NodeId {
  const j = m.builder.index(freeAxis(axis))
  const before = m.builder.pick(m.builder.cumsum(logs, axis), axis, j)
  const next = m.builder.pick(logs, axis, m.add(j, m.k(1)))
  return m.div(m.sub(before, m.mul(m.add(j, m.k(1)), next)), helmertScale(m, axis))
}

/** Element i: the sum of w over the contrasts from i on, less i times the contrast before. */
function contrasts(m: Maths, axis: string, y: NodeId): NodeId {
  const { builder } = m
  const free = freeAxis(axis)
  const padded = builder.scatter(m.div(y, helmertScale(m, axis)), axis, builder.index(free), [free])
  return m.sub(builder.cumsum(padded, axis, true), m.mul(builder.index(axis), builder.shift(padded, axis, 1)))
}

/** The first element, and the logs of the steps. */
export const ordered: Transform<'ordered'> = {
  ...elementwise,
  source: 'Stan reference manual, ordered vector',
  forward: (m, { axis }, y) => {
    const first = m.equal(m.builder.index(axis), m.k(0))
    const steps = m.where(first, y, m.exp(y))
    return { value: m.builder.cumsum(steps, axis), logJacobian: m.sum([axis], m.where(first, m.k(0), y)) }
  },
  inverse: (m, { axis }, x) => {
    const first = m.equal(m.builder.index(axis), m.k(0))
    return m.where(first, x, m.log(m.sub(x, m.builder.shift(x, axis, 1))))
  },
}
