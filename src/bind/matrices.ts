import type { Sizes } from '../ir/graph.ts'
import { offsets, stridesOver, volumeOver } from '../ir/layout.ts'
import type { BadEntry } from '../middle/kinds/rule.ts'
import { kindOf } from '../middle/kinds.ts'
import type { Shaped } from './shaped.ts'

/** A number of a matrix that is not of its type. */
export interface BadNumber {
  /** Where the number is, in layout order. */
  readonly at: number
  /** By what the matrix is not of its type, for people. */
  readonly why: string
}

/** The first number by which a matrix is not of its type. Matrices with missing numbers are passed over. */
export function badInMatrix({ axes, type }: Shaped, data: Float64Array, sizes: Sizes): BadNumber | undefined {
  const { badEntry } = kindOf(type)
  if (badEntry === undefined || !('rows' in type)) return undefined
  const n = sizes[type.rows] ?? 0
  if (sizes[type.columns] !== n || !axes.includes(type.rows) || !axes.includes(type.columns)) return undefined
  const strides = stridesOver(axes, sizes)
  const [row, column] = [strides.get(type.rows) ?? 0, strides.get(type.columns) ?? 0]
  const others = axes.filter((a) => a !== type.rows && a !== type.columns)
  const size = volumeOver(axes, sizes)
  for (let member = 0; member < data.length; member += size) {
    for (const start of offsets(others, sizes, strides)) {
      const at = (i: number, j: number): number => member + start + i * row + j * column
      const matrix = Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (_, j) => data[at(i, j)] as number))
      const bad = matrix.some((r) => r.includes(Number.NaN)) ? undefined : badEntry(matrix, type)
      if (bad !== undefined) return { at: at(bad.row, bad.column), why: inWords(bad, type, whichOf(others, sizes, start, strides)) }
    }
  }
  return undefined
}

/** `group = 2, ` for the matrix that begins at a position. */
function whichOf(others: readonly string[], sizes: Sizes, start: number, strides: ReadonlyMap<string, number>): string {
  return others.map((a) => `${a} = ${(Math.floor(start / (strides.get(a) ?? 1)) % (sizes[a] ?? 1)) + 1}, `).join('')
}

/** `which`: in words, the matrix of many. */
function inWords({ why }: BadEntry, { rows, columns }: { readonly rows: string; readonly columns: string }, which: string): string {
  const row = (i: number): string => `${which}${rows} = ${i + 1}`
  return why(row, (i, j) => `${row(i)}, ${columns} = ${j + 1}`)
}
