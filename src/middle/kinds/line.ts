/** How far from 1 a sum may be: given numbers are rounded, so near enough will do. */
export const NEAR = 1e-4

export function sumOf(line: readonly number[]): number {
  return line.reduce((sum, v) => sum + v, 0)
}

/** With five digits. */
export function short(value: number): string {
  return String(Number(value.toPrecision(5)))
}
