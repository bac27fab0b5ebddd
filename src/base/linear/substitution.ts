import { FEW, type MatrixPart, middle, partFrom, transposed } from './part.ts'
import { type MatrixSteps, plainSteps } from './steps.ts'

/** X in the place of B where L X = B, for the lower triangle L of `size`; above its diagonal nothing is read. */
export function solveLower(l: MatrixPart, b: MatrixPart, size: number, columns: number, steps: MatrixSteps = plainSteps): void {
  if (size <= FEW) {
    steps.solveFew(l, b, size, columns)
    return
  }
  const half = middle(size)
  const below = partFrom(b, half, 0)
  solveLower(l, b, half, columns, steps)
  steps.subtractProduct(below, partFrom(l, half, 0), b, size - half, columns, half)
  solveLower(partFrom(l, half, half), below, size - half, columns, steps)
}

/** X in the place of B where L' X = B. */
export function solveLowerTransposed(l: MatrixPart, b: MatrixPart, size: number, columns: number, steps: MatrixSteps = plainSteps): void {
  if (size <= FEW) {
    steps.solveFewTransposed(l, b, size, columns)
    return
  }
  const half = middle(size)
  const below = partFrom(b, half, 0)
  solveLowerTransposed(partFrom(l, half, half), below, size - half, columns, steps)
  steps.subtractProduct(b, transposed(partFrom(l, half, 0)), below, half, columns, size - half)
  solveLowerTransposed(l, b, half, columns, steps)
}
