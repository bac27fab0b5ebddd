/** A matrix inside an array: its element (i, j) is at `at + i * down + j * across`. */
export interface MatrixPart {
  readonly data: Float64Array
  readonly at: number
  readonly down: number
  readonly across: number
}

/** What lies from row `i` and column `j` on. */
export function partFrom({ data, at, down, across }: MatrixPart, i: number, j: number): MatrixPart {
  return { data, at: at + i * down + j * across, down, across }
}

export function transposed({ data, at, down, across }: MatrixPart): MatrixPart {
  return { data, at, down: across, across: down }
}

/** Matrices up to this size are worked on number by number; larger ones are taken apart. Measured: 8 to 32 differ little. */
export const FEW = 16

/** Where a larger matrix is taken apart: near its middle, between tiles. */
export function middle(n: number): number {
  return 4 * Math.ceil(n / 8)
}
