import { anywhere } from '../../base/interval.ts'
import { badTriangular, identity } from './matrix.ts'
import type { KindRule } from './rule.ts'

/** The factor of a covariance, or with rows of length 1 that of a correlation matrix. */
export const cholesky: KindRule<'cholesky'> = {
  written: { axes: 2, type: (rows, columns) => ({ kind: 'cholesky', rows, columns }) },
  allows: () => true,
  words: ({ unitRows }) =>
    `part of a Cholesky factor: lower triangular, with a positive diagonal${unitRows === true ? ' and rows of length 1' : ''}`,
  range: anywhere,
  isCompact: ({ unitRows }) => unitRows === true,
  discrete: false,
  neutral: identity,
  badEntry: (matrix, { unitRows }) => badTriangular(matrix, unitRows === true),
}
