import { anywhere } from '../../base/interval.ts'
import { badSymmetric, identity } from './matrix.ts'
import type { KindRule } from './rule.ts'

export const covariance: KindRule<'covariance'> = {
  written: { axes: 2, type: (rows, columns) => ({ kind: 'covariance', rows, columns }) },
  allows: () => true,
  words: () => 'part of a covariance: a symmetric, positive definite matrix',
  range: anywhere,
  isCompact: () => false,
  discrete: false,
  neutral: identity,
  badEntry: (matrix) => badSymmetric(matrix, false),
}
