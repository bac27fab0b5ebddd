import { isUtf8 } from 'node:buffer'
import type { Given, GivenValue } from '../../bind/given.ts'
import { toNumber } from './cells.ts'
import { decimalIn } from './decimal.ts'

/*
 * The common table, numbers alone under a header or none, read straight from the bytes into arrays of numbers. Whatever is
 * not plain (quotes, texts, names made of digits, rows of different lengths, a header that is odd) is left to the parser of
 * the whole format, which takes many times the memory and says what is wrong.
 */

const [COMMA, FEED, RETURN, SPACE, TAB] = [0x2c, 0x0a, 0x0d, 0x20, 0x09]

/** A column a variable; undefined where the table is not plain. */
export function plainColumns(bytes: Uint8Array, file: string): readonly Given[] | undefined {
  const head = headOf(bytes)
  if (head?.header === undefined) return undefined
  const columns = head.header.map(() => new Float64Array(head.rows))
  const lines = new Uint32Array(head.rows)
  if (!fill(bytes, head, { arrays: columns, stride: 1, steps: columns.map(() => 0) }, lines)) return undefined
  return head.header.map((name, k) => ({
    name,
    from: `${file}, column "${name}"`,
    bundle: file,
    lines,
    value: { kind: 'numbers', shape: [head.rows], data: columns[k] as Float64Array },
  }))
}

/** The whole table for one variable; undefined where it is not plain. */
export function plainMatrix(bytes: Uint8Array): GivenValue | undefined {
  const head = headOf(bytes)
  if (head === undefined) return undefined
  const { rows, width, header } = head
  const data = new Float64Array(rows * width)
  const steps = Array.from({ length: width }, (_, k) => k)
  if (!fill(bytes, head, { arrays: steps.map(() => data), stride: width, steps })) return undefined
  return { kind: 'numbers', shape: width === 1 ? [rows] : [rows, width], data, ...(header === undefined ? {} : { columns: header }) }
}

interface Head {
  readonly header: readonly string[] | undefined
  readonly width: number
  readonly rows: number
  /** Where the rows begin, and on which line. */
  readonly from: number
  readonly line: number
}

function headOf(bytes: Uint8Array): Head | undefined {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  const first = firstLine(bytes, start)
  if (first === undefined) return undefined
  const cells = textAt(bytes, first.from, first.to)
    .split(',')
    .map((cell) => cell.trim())
  const hasHeader = cells.some((cell) => toNumber(cell) === undefined)
  if (hasHeader && !isPlainHeader(bytes, first, cells)) return undefined
  const [from, line] = hasHeader ? [first.next, first.line + 1] : [first.from, first.line]
  const rows = countRows(bytes, from)
  if (rows === undefined || rows === 0) return undefined
  return { header: hasHeader ? cells : undefined, width: cells.length, rows, from, line }
}

interface TableLine {
  readonly from: number
  readonly to: number
  readonly next: number
  readonly line: number
}

/** The first line that is not blank. */
function firstLine(bytes: Uint8Array, start: number): TableLine | undefined {
  let from = start
  for (let line = 1; from < bytes.length; line += 1) {
    const feed = bytes.indexOf(FEED, from)
    const to = feed < 0 ? bytes.length : feed
    if (textAt(bytes, from, to).trim() !== '') return { from, to, next: to + 1, line }
    from = to + 1
  }
  return undefined
}

function textAt(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8')
}

function isPlainHeader(bytes: Uint8Array, { from, to }: TableLine, cells: readonly string[]): boolean {
  const odd = cells.some((cell) => /["\t;|\r]|^#|^(true|false|t|f)$/i.test(cell))
  return !odd && isUtf8(bytes.subarray(from, to))
}

/** Lines that are not blank; undefined where line ends are written in more than one way. */
function countRows(bytes: Uint8Array, from: number): number | undefined {
  let rows = 0
  let blank = true
  for (let i = from; i < bytes.length; i += 1) {
    const byte = bytes[i] as number
    if (byte === FEED) {
      if (!blank) rows += 1
      blank = true
    } else if (byte === RETURN) {
      if (bytes[i + 1] !== FEED) return undefined
    } else if (byte !== SPACE && byte !== TAB) blank = false
  }
  return blank ? rows : rows + 1
}

/** Where the cell of a row and a column goes: into `arrays[column]` at `row * stride + steps[column]`. */
interface Sink {
  readonly arrays: readonly Float64Array[]
  readonly stride: number
  readonly steps: readonly number[]
}

/** Whether every row could be read. */
function fill(bytes: Uint8Array, head: Head, { arrays, stride, steps }: Sink, lines?: Uint32Array): boolean {
  let line = head.line
  let row = 0
  let column = 0
  let begin = head.from
  let blank = true
  for (let i = head.from; i <= bytes.length; i += 1) {
    const byte = i < bytes.length ? (bytes[i] as number) : FEED
    if (byte !== COMMA && byte !== FEED) {
      if (!isSpace(byte)) blank = false
      continue
    }
    if (byte === COMMA || column > 0 || !blank) {
      const number = column < head.width ? cellAt(bytes, begin, i) : undefined
      if (number === undefined) return false
      ;(arrays[column] as Float64Array)[row * stride + (steps[column] as number)] = number
      column += 1
    }
    begin = i + 1
    if (byte === COMMA) continue
    if (column > 0) {
      if (column !== head.width) return false
      if (lines !== undefined) lines[row] = line
      row += 1
    }
    line += 1
    column = 0
    blank = true
  }
  return row === head.rows
}

/** The number of a cell, exactly as JavaScript reads it; NaN where it is missing, undefined where it is none or a name made of digits. */
function cellAt(bytes: Uint8Array, from: number, to: number): number | undefined {
  let [i, end] = [from, to]
  while (i < end && isSpace(bytes[i] as number)) i += 1
  while (end > i && isSpace(bytes[end - 1] as number)) end -= 1
  const known = decimalIn(bytes, i, end)
  if (known !== undefined) return known
  const text = textAt(bytes, i, end)
  return /^\d{2,}$/.test(text) ? undefined : toNumber(text)
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === RETURN
}
