import type { Sizes } from '../ir/graph.ts'
import { offsets, stridesOver, volumeOver } from '../ir/layout.ts'
import type { ValueType } from '../middle/model.ts'
import type { Shaped } from './troubles.ts'

type MatrixType = Extract<ValueType, { readonly rows: string }>

/** What a matrix of a type is, for people. */
export function matrixInWords(type: MatrixType): string {
  if (type.kind === 'covariance') return 'part of a covariance: a symmetric, positive definite matrix'
  if (type.kind === 'correlation') return 'part of a correlation matrix: symmetric and positive definite, with ones on the diagonal'
  const rows = type.unitRows === true ? ' and rows of length 1' : ''
  return `part of a Cholesky factor: lower triangular, with a positive diagonal${rows}`
}

/** How far apart elements may be that should be equal, relative to the diagonal: data are rarely written with more than seven digits. */
const TOLERANCE = 1e-6

export interface BadEntry {
  /** Where the number is, in layout order. */
  readonly at: number
  /** By what the matrix is not of its type, for people. */
  readonly why: string
}

/** The first number by which a matrix is not of its type. Matrices with missing numbers are passed over. */
export function badInMatrix({ axes, type }: Shaped, data: Float64Array, sizes: Sizes): BadEntry | undefined {
  if (!('rows' in type)) return undefined
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
      const bad = matrix.some((r) => r.includes(Number.NaN)) ? undefined : (badShape(matrix, type) ?? badPivot(matrix, type))
      if (bad !== undefined) return { at: at(bad.row, bad.column), why: whyBad(matrix, type, bad, whichOf(others, sizes, start, strides)) }
    }
  }
  return undefined
}

/** `group = 2, ` for the matrix that begins at a position. */
function whichOf(others: readonly string[], sizes: Sizes, start: number, strides: ReadonlyMap<string, number>): string {
  return others.map((a) => `${a} = ${(Math.floor(start / (strides.get(a) ?? 1)) % (sizes[a] ?? 1)) + 1}, `).join('')
}

type Matrix = readonly Float64Array[]
interface Place {
  readonly row: number
  readonly column: number
}

function entry(matrix: Matrix, i: number, j: number): number {
  return matrix[i]?.[j] as number
}

function badShape(matrix: Matrix, type: MatrixType): Place | undefined {
  for (let i = 0; i < matrix.length; i += 1) {
    for (let j = 0; j < matrix.length; j += 1) if (!fits(matrix, type, i, j)) return { row: i, column: j }
    if (type.kind === 'cholesky' && type.unitRows === true && !isNear(Math.hypot(...(matrix[i] ?? [])), 1, 1)) return { row: i, column: i }
  }
  return undefined
}

/** `which`: in words, the matrix of many. */
function whyBad(matrix: Matrix, type: MatrixType, { row: i, column: j }: Place, which: string): string {
  const [x, mirrored] = [entry(matrix, i, j), entry(matrix, j, i)]
  const here = (row: number): string => `${which}${type.rows} = ${row + 1}`
  const at = (row: number, column: number): string => `${here(row)}, ${type.columns} = ${column + 1}`
  if (type.kind === 'cholesky') {
    if (i === j && x > 0) return `has a row of length ${Math.hypot(...(matrix[i] ?? []))} at ${here(i)}`
    return `has ${x} ${j > i ? 'above' : 'on'} the diagonal, at ${at(i, j)}`
  }
  if (i !== j) return `is not symmetric: ${x} at ${at(i, j)}, and ${mirrored} at ${at(j, i)}`
  if (!(x > 0) || (type.kind === 'correlation' && !isNear(x, 1, 1))) return `has ${x} on the diagonal, at ${at(i, i)}`
  return `is symmetric, but not positive definite: its Cholesky factorisation ends at ${at(i, i)}`
}

function fits(matrix: Matrix, { kind }: MatrixType, i: number, j: number): boolean {
  const x = entry(matrix, i, j)
  if (!Number.isFinite(x)) return false
  if (kind === 'cholesky') return j < i || (j > i ? x === 0 : x > 0)
  if (i === j) return kind === 'correlation' ? isNear(x, 1, 1) : x > 0
  return isNear(x, entry(matrix, j, i), Math.sqrt(Math.abs(entry(matrix, i, i) * entry(matrix, j, j))))
}

function isNear(a: number, b: number, scale: number): boolean {
  return Math.abs(a - b) <= TOLERANCE * scale
}

/** The diagonal element at which a Cholesky factorisation ends. */
function badPivot(matrix: Matrix, { kind }: MatrixType): Place | undefined {
  if (kind === 'cholesky') return undefined
  const lower = matrix.map((row) => new Float64Array(row.length))
  for (let i = 0; i < matrix.length; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let rest = entry(matrix, i, j)
      for (let k = 0; k < j; k += 1) rest -= entry(lower, i, k) * entry(lower, j, k)
      if (i === j && !(rest > 0)) return { row: i, column: i }
      ;(lower[i] as Float64Array)[j] = i === j ? Math.sqrt(rest) : rest / entry(lower, j, j)
    }
  }
  return undefined
}
