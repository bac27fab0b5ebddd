import type { Sizes } from '../../ir/graph.ts'
import { volumeOver } from '../../ir/layout.ts'
import type { ArrayOf } from '../loops/program.ts'
import { AFTER_TABLES } from './functions.ts'

/** Where an array lies in memory, in bytes, and how many numbers it has. */
export interface PlacedArray {
  readonly at: number
  readonly length: number
}

export interface MemoryLayout {
  readonly sizes: Sizes
  /** By position in the program. */
  readonly arrays: readonly PlacedArray[]
  readonly pages: number
}

const PAGE = 65536

/** Tables first, then the arrays one after another, each at a multiple of sixteen bytes. */
export function layOut(arrays: readonly ArrayOf[], sizes: Sizes): MemoryLayout {
  let at = AFTER_TABLES
  const placed = arrays.map(({ layout }) => {
    const length = volumeOver(layout, sizes)
    at += 16 * Math.ceil(length / 2)
    return { at: at - 16 * Math.ceil(length / 2), length }
  })
  return { sizes, arrays: placed, pages: Math.ceil(at / PAGE) }
}
