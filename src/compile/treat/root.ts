import { factored, whitened } from '../../families/formulas/factors.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { Mixing } from '../conditionals/coefficients.ts'
import { above } from './integral.ts'

/** A precision P by a square root of its inverse. */
export interface Root {
  /** 1 where P is positive definite. */
  readonly valid: NodeId
  /** log det P, over what else P varies along. */
  readonly logDeterminant: NodeId
  /** P^-1 v, over the axis. */
  solve(v: NodeId): NodeId
  /** v' P^-1 v. */
  square(v: NodeId): NodeId
  /** The same for `v` over `along` instead; `renamed`: what P is taken by to other names. */
  squareAlong(v: NodeId, along: string, renamed: (x: NodeId) => NodeId): NodeId
  /** P^-1 over the axis and its second name, and its diagonal. */
  readonly inverse: NodeId
  readonly diagonal: NodeId
}

/** Of a matrix over an axis and its second name, by its Cholesky factor. */
export function matrixRoot(m: Maths, matrix: NodeId, { axis, other }: Mixing): Root {
  const { builder } = m
  const factor = factored(m, matrix, axis, other)
  const { lower, columns, valid, logDeterminant } = factor
  const inverse = whitened(m, factor, m.equal(builder.index(axis), builder.index(other)))
  const here = builder.rename(inverse, other, axis)
  return {
    ...{ valid, logDeterminant },
    solve: (v) => builder.solveLower(lower, whitened(m, factor, v), axis, columns, true),
    square: (v) => m.sum([columns], m.square(whitened(m, factor, v))),
    squareAlong: (v, along, renamed) => m.sum([columns], m.square(builder.solveLower(renamed(lower), v, along, columns))),
    inverse: m.sum([columns], m.mul(here, inverse)),
    diagonal: m.sum([columns], m.square(here)),
  }
}

/** Of a precision for each element, none of which meet. */
export function elementRoot(m: Maths, precision: NodeId, { axis, other }: Mixing): Root {
  const { builder } = m
  const { proper, value } = above(m, precision)
  const same = m.equal(builder.index(axis), builder.index(other))
  return {
    valid: builder.axes(proper).includes(axis) ? builder.reduce('min_over', [axis], proper) : proper,
    logDeterminant: m.sum([axis], m.log(value)),
    solve: (v) => m.div(v, value),
    square: (v) => m.sum([axis], m.div(m.square(v), value)),
    squareAlong: (v, along, renamed) => m.sum([along], m.div(m.square(v), renamed(value))),
    inverse: m.div(same, value),
    diagonal: m.reciprocal(value),
  }
}
