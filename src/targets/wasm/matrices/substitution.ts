import { TILE } from '../../../base/linear/product.ts'
import type { ModuleFunction } from '../module.ts'
import { ACROSS, PANEL_AT } from './places.ts'
import { type Args, add, type Int, type IntVariable, min, mul, RoutineWriter, sub } from './writer.ts'

/** The functions that move lines to the panel and back. */
interface LineMovers {
  readonly pack: number
  readonly unpack: number
}

/** X in the place of B where L X = B: the first row first, each less its products with those before. */
export function solveFew(name: string, moving: LineMovers): ModuleFunction {
  return solution(name, moving, (w, { l, down, across }, end) => {
    const [x, row, p, y] = [w.variable(PANEL_AT), w.variable(l), w.variable(0), w.variable(0)]
    w.rounds(x, end, ACROSS, () => {
      w.set(p, row)
      w.set(y, PANEL_AT)
      solveRow(w, x, { p, step: across, y, end: x }, p)
      w.advance(row, down)
    })
  })
}

/** X in the place of B where L' X = B: the last row first, each less its products with those behind. */
export function solveFewTransposed(name: string, moving: LineMovers): ModuleFunction {
  return solution(name, moving, (w, { l, down, across, size }, end) => {
    const last = sub(size, 1)
    const [x, own, p, y] = [w.variable(sub(end, ACROSS)), w.variable(add(l, mul(last, add(down, across)))), w.variable(0), w.variable(0)]
    const left = w.variable(0)
    w.rounds(left, size, 1, () => {
      w.set(p, add(own, down))
      w.set(y, add(x, ACROSS))
      solveRow(w, x, { p, step: down, y, end }, own)
      w.set(x, sub(x, ACROSS))
      w.set(own, sub(own, add(down, across)))
    })
  })
}

interface Triangle {
  readonly l: Int
  readonly down: Int
  readonly across: Int
  readonly size: Int
}

/** Of four right sides at a time, which lie side by side in the panel. */
function solution(name: string, moving: LineMovers, solve: (w: RoutineWriter, triangle: Triangle, end: Int) => void): ModuleFunction {
  const w = new RoutineWriter(8)
  const [l, down, across, b, bDown, bAcross, size, columns] = w.args as Args<8>
  const j = w.variable(0)
  w.rounds(j, columns, TILE, () => {
    const lines = min(TILE, sub(columns, j))
    w.call(moving.pack, b, bAcross, bDown, lines, size, PANEL_AT)
    solve(w, { l, down, across, size }, w.variable(add(PANEL_AT, mul(size, ACROSS))))
    w.call(moving.unpack, PANEL_AT, b, bAcross, bDown, lines, size)
    w.advance(b, mul(bAcross, TILE))
  })
  return w.made(name)
}

/** The terms of a row: factors from `p` on, and rows of the panel from `y` to `end`. */
interface RowTerms {
  readonly p: IntVariable
  readonly step: Int
  readonly y: IntVariable
  readonly end: Int
}

/** The row at `x`, less its terms, over the number at `pivot`. */
function solveRow(w: RoutineWriter, x: Int, { p, step, y, end }: RowTerms, pivot: Int): void {
  const { code } = w
  const sums = w.pairs(2)
  const [factor] = w.pairs(1) as [number]
  const eachPair = (does: (sum: number, offset: number) => void): void => {
    for (const [k, sum] of sums.entries()) does(sum, 16 * k)
  }
  const splat = (at: Int): void => {
    w.push(at)
    code.access('v128.load64_splat', 0)
    code.set(factor)
  }
  eachPair((sum, offset) => {
    w.push(x)
    code.access('v128.load', offset)
    code.set(sum)
  })
  w.rounds(y, end, ACROSS, () => {
    splat(p)
    eachPair((sum, offset) => {
      code.get(sum)
      code.get(factor)
      w.push(y)
      code.access('v128.load', offset)
      code.do('f64x2.mul', 'f64x2.sub')
      code.set(sum)
    })
    w.advance(p, step)
  })
  splat(pivot)
  eachPair((sum, offset) => {
    w.push(x)
    code.get(sum)
    code.get(factor)
    code.do('f64x2.div')
    code.access('v128.store', offset)
  })
}
