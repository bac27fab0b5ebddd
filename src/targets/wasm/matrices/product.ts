import { DEPTH, TILE } from '../../../base/linear/product.ts'
import type { ModuleFunction } from '../module.ts'
import { ACROSS, NUMBER, STRIP_AT, STRIPS_AT, TILE_AT } from './places.ts'
import { type Args, add, atMost, both, equal, type Int, min, mul, RoutineWriter, sub } from './writer.ts'

const rows = Array.from({ length: TILE }, (_, row) => row)

/** The pairs of a row of a tile, by their place in bytes. */
const pairs = [0, 16] as const

/**
 * `tile(strip, strips, end, c, down, whole)`: the products of four rows and four columns, summed in order from `strip` to `end` in
 * registers; taken off C if all of it is there, one number after the other, and else left at `TILE_AT`.
 */
export function tile(): ModuleFunction {
  const w = new RoutineWriter(6)
  const { code } = w
  const [x, y, end, c, down, whole] = w.args as Args<6>
  const sums = rows.map(() => w.pairs(pairs.length))
  const right = w.pairs(pairs.length)
  const [left] = w.pairs(1) as [number]
  w.rounds(x, end, ACROSS, () => {
    for (const [p, offset] of pairs.entries()) {
      w.push(y)
      code.access('v128.load', offset)
      code.set(right[p] as number)
    }
    for (const [row, own] of sums.entries()) {
      w.push(x)
      code.access('v128.load64_splat', NUMBER * row)
      code.set(left)
      for (const [p, sum] of own.entries()) {
        code.get(sum)
        code.get(left)
        code.get(right[p] as number)
        code.do('f64x2.mul', 'f64x2.add')
        code.set(sum)
      }
    }
    w.advance(y, ACROSS)
  })
  const takenOff = (): void => {
    for (const own of sums) {
      for (const [p, sum] of own.entries()) {
        w.push(c)
        w.push(c)
        code.access('v128.load', pairs[p] as number)
        code.get(sum)
        code.do('f64x2.sub')
        code.access('v128.store', pairs[p] as number)
      }
      w.advance(c, down)
    }
  }
  const laidDown = (): void => {
    for (const [row, own] of sums.entries()) {
      for (const [p, sum] of own.entries()) {
        w.push(TILE_AT)
        code.get(sum)
        code.access('v128.store', ACROSS * row + (pairs[p] as number))
      }
    }
  }
  w.when(whole, takenOff, laidDown)
  return w.made()
}

/** `takeOff(c, down, across, rows, columns, until)`: the tile at `TILE_AT` off C; of the first row what is before `until`, of each one more. */
export function takeOff(): ModuleFunction {
  const w = new RoutineWriter(6)
  const { code } = w
  const [c, down, across, count, columns, until] = w.args as Args<6>
  const [row, at, column, tile] = w.variables(4) as Args<4>
  w.rounds(row, count, 1, () => {
    w.set(at, c)
    w.set(column, 0)
    w.set(tile, mul(row, ACROSS))
    w.rounds(column, min(columns, add(until, row)), 1, () => {
      w.push(at)
      w.push(at)
      code.access('f64.load', 0)
      w.push(tile)
      code.access('f64.load', TILE_AT)
      code.do('f64.sub')
      code.access('f64.store', 0)
      w.advance(at, across)
      w.advance(tile, NUMBER)
    })
    w.advance(c, down)
  })
  return w.made()
}

/** Each matrix as its place and the bytes from row to row and from column to column. */
export function subtractProduct(
  name: string,
  at: { readonly pack: number; readonly tile: number; readonly takeOff: number },
): ModuleFunction {
  const w = new RoutineWriter(13)
  const [c, cDown, cAcross, a, aDown, aAcross, b, bDown, bAcross, rowCount, columns, inner, lower] = w.args as Args<13>
  const [first, terms, strip, i, j, y] = w.variables(6) as Args<6>
  const [a0, b0, c0, c1, reach, whole] = w.variables(6) as Args<6>
  const here = (left: Int): Int => min(TILE, left)
  w.rounds(first, inner, DEPTH, () => {
    w.set(terms, min(DEPTH, sub(inner, first)))
    w.set(strip, mul(terms, ACROSS))
    w.set(b0, b)
    w.set(j, 0)
    w.set(y, STRIPS_AT)
    w.rounds(j, columns, TILE, () => {
      w.call(at.pack, b0, bAcross, bDown, here(sub(columns, j)), terms, y)
      w.advance(b0, mul(bAcross, TILE))
      w.advance(y, strip)
    })
    w.set(a0, a)
    w.set(c0, c)
    w.set(i, 0)
    w.set(reach, columns)
    w.rounds(i, rowCount, TILE, () => {
      const lines = here(sub(rowCount, i))
      w.when(lower, () => w.set(reach, min(columns, add(i, TILE))))
      w.call(at.pack, a0, aDown, aAcross, lines, terms, STRIP_AT)
      w.set(j, 0)
      w.set(y, STRIPS_AT)
      w.set(c1, c0)
      w.rounds(j, reach, TILE, () => {
        const width = here(sub(reach, j))
        const full = both(equal(add(lines, width), 2 * TILE), equal(cAcross, NUMBER))
        w.set(whole, full)
        w.when(lower, () => w.set(whole, both(whole, atMost(add(j, TILE - 1), i))))
        w.call(at.tile, STRIP_AT, y, add(STRIP_AT, strip), c1, cDown, whole)
        w.when(equal(whole, 0), () => {
          const until = w.variable(TILE)
          w.when(lower, () => w.set(until, sub(add(i, 1), j)))
          w.call(at.takeOff, c1, cDown, cAcross, lines, width, until)
        })
        w.advance(c1, mul(cAcross, TILE))
        w.advance(y, strip)
      })
      w.advance(a0, mul(aDown, TILE))
      w.advance(c0, mul(cDown, TILE))
    })
    w.advance(a, mul(aAcross, DEPTH))
    w.advance(b, mul(bDown, DEPTH))
  })
  return w.made(name)
}
