import { FEW, type MatrixPart, middle, partFrom, transposed } from './part.ts'
import { type MatrixSteps, plainSteps } from './steps.ts'
import { solveLower } from './substitution.ts'

/**
 * The lower triangular L with L L' = A in the place of A's lower triangle, which alone is read and written. Where A is not
 * positive definite, L is NaN from the first column on that does not exist.
 *
 * By halves: their factors, and what the first leaves of the second (Gustavson 1997).
 */
export function factorise(a: MatrixPart, size: number, steps: MatrixSteps = plainSteps): void {
  if (size <= FEW) {
    factoriseFew(a, size)
    return
  }
  const half = middle(size)
  const rest = size - half
  const [across, below] = [partFrom(a, half, 0), partFrom(a, half, half)]
  factorise(a, half, steps)
  solveLower(a, transposed(across), half, rest, steps)
  steps.subtractProduct(below, across, transposed(across), rest, rest, half, true)
  factorise(below, rest, steps)
}

function factoriseFew({ data, at, down, across }: MatrixPart, size: number): void {
  for (let i = 0; i < size; i += 1) {
    const row = at + i * down
    for (let j = 0; j <= i; j += 1) {
      const above = at + j * down
      let rest = data[row + j * across] as number
      for (let k = 0; k < j; k += 1) rest -= (data[row + k * across] as number) * (data[above + k * across] as number)
      data[row + j * across] = j < i ? rest / (data[above + j * across] as number) : root(rest)
    }
  }
}

function root(square: number): number {
  return square > 0 && square < Number.POSITIVE_INFINITY ? Math.sqrt(square) : Number.NaN
}
