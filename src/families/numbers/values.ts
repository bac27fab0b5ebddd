/** Numbers of one draw or argument; matrices row by row. */
export type FamilyValues = Float64Array

/** A value per element, or one for all. */
export const at = (values: FamilyValues, i: number): number => (values.length === 1 ? values[0] : values[i]) as number
export const fill = (length: number, value: (i: number) => number): FamilyValues => Float64Array.from({ length }, (_, i) => value(i))
export const square = (size: number, value: (i: number, j: number) => number): FamilyValues => grid(size, size, value)

export function grid(rows: number, columns: number, value: (i: number, j: number) => number): FamilyValues {
  return fill(rows * columns, (k) => value(Math.floor(k / columns), k % columns))
}

/** S_ii S_jj of a square matrix. */
export function diagonals(sigma: FamilyValues, size: number, i: number, j: number): number {
  return (sigma[i * size + i] as number) * (sigma[j * size + j] as number)
}
