import { FEW } from '../../../base/linear/part.ts'
import { DEPTH, TILE } from '../../../base/linear/product.ts'

/** Bytes of a number, and of the numbers side by side in a strip or panel. */
export const NUMBER = 8
export const ACROSS = TILE * NUMBER

/** Where what is worked on in passing lies, in bytes: a tile, a few rows of four right sides, a strip of A, and all strips of B. */
export const TILE_AT = 0
export const PANEL_AT = TILE_AT + TILE * ACROSS
export const STRIP_AT = PANEL_AT + FEW * ACROSS
export const STRIPS_AT = STRIP_AT + DEPTH * ACROSS

/** Behind the strips of a matrix of so many columns. */
export function afterStrips(columns: number): number {
  return STRIPS_AT + Math.ceil(columns / TILE) * DEPTH * ACROSS
}
