import type { MatrixPart } from './part.ts'

/** X in the place of B where L X = B, number by number. */
export function solveFew(l: MatrixPart, b: MatrixPart, size: number, columns: number): void {
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

/** X in the place of B where L' X = B, number by number. */
export function solveFewTransposed(l: MatrixPart, b: MatrixPart, size: number, columns: number): void {
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
