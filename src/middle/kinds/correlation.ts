import { between } from '../../base/interval.ts'
import { badSymmetric, identity } from './matrix.ts'
import type { KindRule } from './rule.ts'

export const correlation: KindRule<'correlation'> = {
  written: { axes: 2, type: (rows, columns) => ({ kind: 'correlation', rows, columns }) },
  allows: () => true,
  words: () => 'part of a correlation matrix: symmetric and positive definite, with ones on the diagonal',
  range: between(-1, 1),
  isCompact: () => true,
  discrete: false,
  neutral: identity,
  badEntry: (matrix) => badSymmetric(matrix, true),
}
