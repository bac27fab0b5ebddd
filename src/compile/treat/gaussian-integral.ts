import { must } from '../../base/internal-error.ts'
import { factored, whitened } from '../../families/formulas/factors.ts'
import { without } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { above, energyOf, type Integral, type Integrand } from './integral.ts'

/**
 * Of x'Px / 2 - h'x: E at the mode, -h' P^-1 h / 2, less T/2 log det(2 pi T P^-1); the mean is P^-1 h, the covariance T P^-1. Elements
 * that do not meet cost a division each, those that do a Cholesky factor over the axis along which they do.
 */
export function gaussianIntegral(g: Integrand): Integral {
  return g.mixing.length === 0 ? apart(g) : together(g)
}

function apart(g: Integrand): Integral {
  const { m, t, axes } = g
  const h = g.coefficient('linear')
  const { proper, value: precision } = above(m, g.coefficient('precision'))
  const variance = m.div(t, precision)
  const mean = m.div(h, precision)
  const logs = m.mul(m.k(0.5), m.add(m.div(m.mul(h, mean), t), m.log(m.mul(m.k(2 * Math.PI), variance))))
  const spread = (weights: NodeId, called: readonly string[]): NodeId => {
    const own = axes.reduce((x, axis, i) => m.builder.rename(x, axis, must(called[i], axis)), variance)
    return m.sum(called, m.mul(m.square(weights), own))
  }
  return { ...energyOf(g, axes, proper, logs), mean, variance, spread }
}

/** Along one axis; others are apart. */
function together(g: Integrand): Integral {
  const { m, t, axes } = g
  const { builder } = m
  const { axis, other } = must(g.mixing[0], 'axis')
  const factor = factored(m, g.coefficient('precision'), axis, other)
  const { lower, columns } = factor
  const whitenedLinear = whitened(m, factor, g.coefficient('linear'))
  const mean = builder.solveLower(lower, whitenedLinear, axis, columns, true)
  const square = m.sum([columns], m.square(whitenedLinear))
  const size = builder.size(axis)
  const logVolume = m.sub(m.mul(size, m.log(m.mul(m.k(2 * Math.PI), t))), factor.logDeterminant)
  const logs = m.mul(m.k(0.5), m.add(m.div(square, t), logVolume))
  const inverse = whitened(m, factor, m.equal(builder.index(axis), builder.index(other)))
  const here = builder.rename(inverse, other, axis)
  const spread = (weights: NodeId, called: readonly string[]): NodeId => {
    const along = must(called[axes.indexOf(axis)], axis)
    const moved = axes.reduce((x, a, i) => builder.rename(x, a, must(called[i], a)), lower)
    const root = builder.solveLower(moved, weights, along, columns)
    return m.mul(t, m.sum([columns, ...without(called, [along])], m.square(root)))
  }
  return {
    ...energyOf(g, without(axes, [axis]), factor.valid, logs),
    mean,
    variance: m.mul(t, m.sum([columns], m.square(here))),
    covariance: m.mul(t, m.sum([columns], m.mul(here, inverse))),
    spread,
  }
}
