import { must } from '../../base/internal-error.ts'
import { type Factored, factored, inverseByFactor } from '../../families/formulas/factors.ts'
import type { NodeId } from '../../ir/graph.ts'
import { twinOf } from '../../ir/layout.ts'
import type { Maths } from '../../ir/maths.ts'
import type { MatrixForm } from './forms.ts'

/**
 * A density exp(-E) of positive definite matrices S of d rows, by its conditional form: E = c log|S| + tr(A S) is Wishart with d + 1 - 2 c
 * degrees of freedom and the scale (2 A)^-1; E = c log|S| + tr(A S^-1) inverse Wishart with 2 c - d - 1 and the scale 2 A.
 */
export interface WishartForm {
  readonly rows: string
  readonly columns: string
  readonly degrees: NodeId
  /** Above 0 if there are enough: more than d - 1. */
  readonly spare: NodeId
  /** A, symmetric, and its factor. */
  readonly matrix: NodeId
  readonly factor: Factored
}

/** The statistic that the weights are of, and the sign of log|S| in the degrees of freedom. */
export const matrixForms: Readonly<Record<MatrixForm, { readonly statistic: string; readonly sign: 1 | -1 }>> = {
  wishart: { statistic: 'x', sign: -1 },
  inverse_wishart: { statistic: '1/x', sign: 1 },
}

/** Only the symmetric part of a matrix of weights counts. */
export function wishartForm(
  m: Maths,
  form: MatrixForm,
  { log, weights }: { readonly log: NodeId; readonly weights: NodeId },
  [first, second]: readonly string[],
): WishartForm {
  const [rows, columns] = [must(first, 'rows'), must(second, 'columns')]
  const d = m.builder.size(rows)
  const less = m.sub(m.mul(m.k(2), log), m.add(d, m.k(1)))
  const degrees = m.mul(m.k(matrixForms[form].sign), less)
  const matrix = m.mul(m.k(0.5), m.add(weights, transposed(m, weights, rows, columns)))
  const spare = m.sub(degrees, m.sub(d, m.k(1)))
  return { rows, columns, degrees, spare, matrix, factor: factored(m, matrix, rows, columns) }
}

function transposed({ builder }: Maths, x: NodeId, rows: string, columns: string): NodeId {
  const aside = twinOf(columns)
  return builder.rename(builder.rename(builder.rename(x, rows, aside), columns, rows), aside, columns)
}

/** A^-1; the identity where there is none. */
export function inverseOf(m: Maths, { factor, columns }: WishartForm): NodeId {
  return inverseByFactor(m, factor, columns)
}
