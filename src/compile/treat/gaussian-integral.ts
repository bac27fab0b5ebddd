import { must } from '../../base/internal-error.ts'
import { factored, whitened } from '../../families/formulas/factors.ts'
import { without } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { above, energyOf, type Integral, type Integrand } from './integral.ts'
import { beside, stackedMatrix, stackOf } from './stacked.ts'

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

/** Along one axis, or several stacked as one; others are apart. */
function together(g: Integrand): Integral {
  const { m, t, axes, mixing, stack } = g
  const { builder } = m
  const { axis, other } = stack ?? must(mixing[0], 'axis')
  const { stacked, apart, matrix } = layoutOf(m, mixing, stack)
  const factor = factored(m, matrix(g.coefficient('precision')), axis, other)
  const { lower, columns } = factor
  const whitenedLinear = whitened(m, factor, stacked(g.coefficient('linear')))
  const mean = builder.solveLower(lower, whitenedLinear, axis, columns, true)
  const square = m.sum([columns], m.square(whitenedLinear))
  const size = builder.size(axis)
  const logVolume = m.sub(m.mul(size, m.log(m.mul(m.k(2 * Math.PI), t))), factor.logDeterminant)
  const logs = m.mul(m.k(0.5), m.add(m.div(square, t), logVolume))
  const inverse = whitened(m, factor, m.equal(builder.index(axis), builder.index(other)))
  const here = builder.rename(inverse, other, axis)
  const left = beside(axes, mixing)
  const spread = (weights: NodeId, called: readonly string[]): NodeId => {
    const nameOf = (a: string): string => must(called[axes.indexOf(a)], a)
    const along = stack === undefined ? nameOf(axis) : axis
    const own = mixing.map((p) => nameOf(p.axis))
    const moved = [...left, ...(stack === undefined ? [axis] : [])].reduce((x, a) => builder.rename(x, a, nameOf(a)), lower)
    const root = builder.solveLower(moved, stack === undefined ? weights : stacked(weights, own), along, columns)
    return m.mul(t, m.sum([columns, ...without(called, own)], m.square(root)))
  }
  return {
    ...energyOf(g, left, factor.valid, logs),
    mean: apart(mean),
    variance: apart(m.mul(t, m.sum([columns], m.square(here)))),
    covariance: apart(apart(m.mul(t, m.sum([columns], m.mul(here, inverse)))), other, mixing.map((p) => p.other)), // biome-ignore format: one thought
    spread,
  }
}

/** How what is over the axes of a variable is laid out along the one that its matrix has. */
function layoutOf(m: Integrand['m'], mixing: Integrand['mixing'], stack: Integrand['stack']) {
  if (stack === undefined) {
    const same = (x: NodeId): NodeId => x
    return { stacked: same, apart: same, matrix: same }
  }
  const { axis, other } = stack
  const { stacked, apart } = stackOf(m, mixing.map((p) => p.axis), axis) // biome-ignore format: one thought
  return { stacked, apart, matrix: (x: NodeId) => stackedMatrix(m, { stacked, apart }, mixing, axis, other, x) }
}
