import type { MatrixPart } from './part.ts'

/** Sums are collected over so many terms before they are taken off, so that what is packed stays near. */
export const DEPTH = 256

export const TILE = 4

/** Strips of `TILE` rows or columns, number after number as a tile reads them: one of A, all of B; and the tiles that they make. */
const strip = new Float64Array(TILE * DEPTH)
let strips = new Float64Array(0)
let tiles = new Float64Array(0)

/**
 * C -= A B for C of `rows` by `columns`, with sums over `inner`; with `lower`, of a square C only what is on and below
 * its diagonal. Every element is one sum in the order of its terms, `DEPTH` at a time. C may not overlap A and B.
 *
 * Packed strips and tiles of registers, as Goto and van de Geijn (2008), Anatomy of high-performance matrix multiplication.
 */
export function subtractProduct(
  c: MatrixPart,
  a: MatrixPart,
  b: MatrixPart,
  rows: number,
  columns: number,
  inner: number,
  lower = false,
): void {
  for (let first = 0; first < inner; first += DEPTH) {
    const terms = Math.min(DEPTH, inner - first)
    makeRoom(columns, terms)
    for (let j = 0; j < columns; j += TILE) {
      pack(b.data, b.at + first * b.down + j * b.across, b.across, b.down, Math.min(TILE, columns - j), terms, strips, j * terms)
    }
    for (let i = 0; i < rows; i += TILE) {
      const here = Math.min(TILE, rows - i)
      const reach = lower ? Math.min(columns, i + TILE) : columns
      pack(a.data, a.at + i * a.down + first * a.across, a.down, a.across, here, terms, strip, 0)
      multiply(strip, strips, tiles, terms, reach)
      takeOff(c, i, here, reach, lower)
    }
  }
}

function makeRoom(columns: number, terms: number): void {
  const whole = TILE * Math.ceil(columns / TILE)
  if (strips.length < whole * terms) strips = new Float64Array(whole * terms)
  if (tiles.length < whole * TILE) tiles = new Float64Array(whole * TILE)
}

/** `count` lines, `apart` from each other, of `terms` numbers with `step` between them; zeros in the place of lines that are not there. */
function pack(
  from: Float64Array,
  at: number,
  apart: number,
  step: number,
  count: number,
  terms: number,
  to: Float64Array,
  start: number,
): void {
  let put = start
  if (count === TILE) {
    let p = at
    let q = p + apart
    let r = q + apart
    let s = r + apart
    for (let k = 0; k < terms; k += 1) {
      to[put] = from[p] as number
      to[put + 1] = from[q] as number
      to[put + 2] = from[r] as number
      to[put + 3] = from[s] as number
      p += step
      q += step
      r += step
      s += step
      put += TILE
    }
    return
  }
  for (let k = 0; k < terms; k += 1) {
    for (let line = 0; line < TILE; line += 1) to[put + line] = line < count ? (from[at + k * step + line * apart] as number) : 0
    put += TILE
  }
}

/** The tiles of the strip of A with the first strips of B, row after row of each. */
function multiply(strip: Float64Array, strips: Float64Array, tiles: Float64Array, terms: number, columns: number): void {
  const end = TILE * terms
  let y = 0
  let put = 0
  for (let j = 0; j < columns; j += TILE) {
    let c00 = 0,
      c01 = 0,
      c02 = 0,
      c03 = 0
    let c10 = 0,
      c11 = 0,
      c12 = 0,
      c13 = 0
    let c20 = 0,
      c21 = 0,
      c22 = 0,
      c23 = 0
    let c30 = 0,
      c31 = 0,
      c32 = 0,
      c33 = 0
    for (let x = 0; x < end; x += TILE) {
      const a0 = strip[x] as number
      const a1 = strip[x + 1] as number
      const a2 = strip[x + 2] as number
      const a3 = strip[x + 3] as number
      const b0 = strips[y] as number
      const b1 = strips[y + 1] as number
      const b2 = strips[y + 2] as number
      const b3 = strips[y + 3] as number
      c00 += a0 * b0
      c01 += a0 * b1
      c02 += a0 * b2
      c03 += a0 * b3
      c10 += a1 * b0
      c11 += a1 * b1
      c12 += a1 * b2
      c13 += a1 * b3
      c20 += a2 * b0
      c21 += a2 * b1
      c22 += a2 * b2
      c23 += a2 * b3
      c30 += a3 * b0
      c31 += a3 * b1
      c32 += a3 * b2
      c33 += a3 * b3
      y += TILE
    }
    tiles[put] = c00
    tiles[put + 1] = c01
    tiles[put + 2] = c02
    tiles[put + 3] = c03
    tiles[put + 4] = c10
    tiles[put + 5] = c11
    tiles[put + 6] = c12
    tiles[put + 7] = c13
    tiles[put + 8] = c20
    tiles[put + 9] = c21
    tiles[put + 10] = c22
    tiles[put + 11] = c23
    tiles[put + 12] = c30
    tiles[put + 13] = c31
    tiles[put + 14] = c32
    tiles[put + 15] = c33
    put += TILE * TILE
  }
}

function takeOff({ data, at, down, across }: MatrixPart, row: number, rows: number, columns: number, lower: boolean): void {
  for (let i = row; i < row + rows; i += 1) {
    const end = lower ? Math.min(columns, i + 1) : columns
    let place = at + i * down
    for (let j = 0; j < end; j += 1) {
      const found = tiles[((j >> 2) << 4) + ((i - row) << 2) + (j & 3)] as number
      data[place] = (data[place] as number) - found
      place += across
    }
  }
}
