import { solveFew, solveFewTransposed } from './few.ts'
import type { MatrixPart } from './part.ts'
import { subtractProduct } from './product.ts'

/** What larger matrices are taken apart into, where nearly all time goes: there are several ways to do each, with the same bits. */
export interface MatrixSteps {
  readonly subtractProduct: typeof subtractProduct
  /** Of a triangle of at most `FEW` rows. */
  readonly solveFew: (l: MatrixPart, b: MatrixPart, size: number, columns: number) => void
  readonly solveFewTransposed: MatrixSteps['solveFew']
}

export const plainSteps: MatrixSteps = { subtractProduct, solveFew, solveFewTransposed }
