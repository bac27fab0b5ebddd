import { FEW, type MatrixPart, middle, partFrom, transposed } from './part.ts'
import { subtractProduct } from './product.ts'

/** X in the place of B where L X = B, for the lower triangle L of `size`; above its diagonal nothing is read. */
export function solveLower(l: MatrixPart, b: MatrixPart, size: number, columns: number): void {
  if (size <= FEW) {
    forward(l, b, size, columns)
    return
  }
  const half = middle(size)
  const below = partFrom(b, half, 0)
  solveLower(l, b, half, columns)
  subtractProduct(below, partFrom(l, half, 0), b, size - half, columns, half)
  solveLower(partFrom(l, half, half), below, size - half, columns)
}

/** X in the place of B where L' X = B. */
export function solveLowerTransposed(l: MatrixPart, b: MatrixPart, size: number, columns: number): void {
  if (size <= FEW) {
    backward(l, b, size, columns)
    return
  }
  const half = middle(size)
  const below = partFrom(b, half, 0)
  solveLowerTransposed(partFrom(l, half, half), below, size - half, columns)
  subtractProduct(b, transposed(partFrom(l, half, 0)), below, half, columns, size - half)
  solveLowerTransposed(l, b, half, columns)
}

function forward(l: MatrixPart, b: MatrixPart, size: number, columns: number): void {
  for (let j = 0; j < columns; j += 1) {
    const top = b.at + j * b.across
    for (let i = 0; i < size; i += 1) {
      const row = l.at + i * l.down
      let rest = b.data[top + i * b.down] as number
      for (let k = 0; k < i; k += 1) rest -= (l.data[row + k * l.across] as number) * (b.data[top + k * b.down] as number)
      b.data[top + i * b.down] = rest / (l.data[row + i * l.across] as number)
    }
  }
}

function backward(l: MatrixPart, b: MatrixPart, size: number, columns: number): void {
  for (let j = 0; j < columns; j += 1) {
    const top = b.at + j * b.across
    for (let i = size - 1; i >= 0; i -= 1) {
      const column = l.at + i * l.across
      let rest = b.data[top + i * b.down] as number
      for (let k = i + 1; k < size; k += 1) rest -= (l.data[column + k * l.down] as number) * (b.data[top + k * b.down] as number)
      b.data[top + i * b.down] = rest / (l.data[column + i * l.down] as number)
    }
  }
}
