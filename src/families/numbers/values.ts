/** Numbers of one draw or argument; matrices row by row. */
export type Values = Float64Array

/** A value per element, or one for all. */
export const at = (values: Values, i: number): number => (values.length === 1 ? values[0] : values[i]) as number
export const fill = (length: number, value: (i: number) => number): Values => Float64Array.from({ length }, (_, i) => value(i))
export const square = (size: number, value: (i: number, j: number) => number): Values => grid(size, size, value)

export function grid(rows: number, columns: number, value: (i: number, j: number) => number): Values {
  return fill(rows * columns, (k) => value(Math.floor(k / columns), k % columns))
}

/** S_ii S_jj of a square matrix. */
export function diagonals(sigma: Values, size: number, i: number, j: number): number {
  return (sigma[i * size + i] as number) * (sigma[j * size + j] as number)
}
