import { CsvError, parse } from 'csv-parse/sync'
import { counted } from '../../base/counted.ts'
import { type Checked, diagnostic, made, type Unmade, unmade } from '../../base/diagnostic.ts'
import type { Given, GivenValue, Stray } from '../../bind/given.ts'
import { columnValue, toLogical, toNumber } from './cells.ts'
import { otherSeparator } from './separator.ts'

interface CsvTable {
  readonly header: readonly string[] | undefined
  readonly rows: readonly (readonly string[])[]
  /** The line of the file that each row ends on, from 1. */
  readonly lines: readonly number[]
}

/** A CSV file with a header: each column is a variable along one axis; a column with text gives labels. */
export function readCsvColumns(text: string, file: string): Checked<readonly Given[]> {
  const table = readTable(text, file)
  if (table.value === undefined) return unmade(table.diagnostics)
  const { header, rows, lines } = table.value
  if (header === undefined) {
    return unmade([
      diagnostic('AMP706', `${file} has no header line, so its columns have no names.`, {
        place: file,
        expected: 'a first line with the names of the variables',
        hint: `To give the whole table to one variable, name it: NAME=${file}.`,
      }),
    ])
  }
  const given = header.map((name, column): Given => {
    const from = `${file}, column "${name}"`
    return { name, from, bundle: file, lines, value: columnValue(rows.map((row) => row[column] ?? '')) }
  })
  return made(given)
}

/** A CSV file that holds one variable: a matrix, or a single column (a vector). A header line names the columns. */
export function readCsvMatrix(text: string, file: string): Checked<GivenValue> {
  const table = readTable(text, file)
  if (table.value === undefined) return unmade(table.diagnostics)
  const { header, rows, lines } = table.value
  const width = rows[0]?.length ?? 0
  const column = width === 1 ? columnValue(rows.map((row) => row[0] ?? '')) : undefined
  if (column?.kind === 'numbers') return made({ ...column, ...columnsOf(header) })
  const numbers = rows.some((row) => !Number.isNaN(toNumber(row[0] ?? '') ?? Number.NaN))
  if (column !== undefined && !numbers) return made(column)
  const data = new Float64Array(rows.length * width)
  const strays: Stray[] = []
  for (const [r, row] of rows.entries()) {
    for (const [c, cell] of row.entries()) {
      const number = toNumber(cell) ?? toLogical(cell)
      if (number === undefined) {
        const place = `${file}, line ${lines[r]}, column ${header?.[c] === undefined ? c + 1 : `"${header[c]}"`}`
        strays.push({ at: r * width + c, text: cell, place })
      }
      data[r * width + c] = number ?? Number.NaN
    }
  }
  const shape = width === 1 && strays.length > 0 ? [rows.length] : [rows.length, width]
  return made({ kind: 'numbers', shape, data, ...columnsOf(header), ...(strays.length === 0 ? {} : { strays }) })
}

function columnsOf(header: readonly string[] | undefined): { readonly columns?: readonly string[] } {
  return header === undefined ? {} : { columns: header }
}

function readTable(text: string, file: string): Checked<CsvTable> {
  const odd = oddTable(text.replace(/^\ufeff/, ''))
  if (odd !== undefined) return notATable(file, odd)
  try {
    const options = { bom: true, skip_empty_lines: true, trim: true, info: true } as const
    const read = parse(text, options) as unknown as { readonly record: string[]; readonly info: { readonly lines: number } }[]
    const all = read.map(({ record }) => record)
    const lines = read.map(({ info }) => info.lines)
    const [first] = all
    if (first === undefined) return unmade([diagnostic('AMP706', `${file} is empty.`, { place: file })])
    const hasHeader = isHeader(first, all[1])
    return made(hasHeader ? { header: first, rows: all.slice(1), lines: lines.slice(1) } : { header: undefined, rows: all, lines })
  } catch (error) {
    return notATable(file, whyNot(error))
  }
}

/** A first line with a text, if it is not a row of TRUE and FALSE like the one under it. */
function isHeader(first: readonly string[], second: readonly string[] | undefined): boolean {
  const isValue = (cell: string): boolean => toNumber(cell) !== undefined || toLogical(cell) !== undefined
  if (!first.every(isValue)) return true
  const short = first.some((cell) => cell === 'T' || cell === 'F')
  return short && second !== undefined && second.every((cell) => toNumber(cell) !== undefined)
}

function notATable(file: string, why: string): Unmade {
  const expected = 'lines with the same number of cells, separated by commas'
  return unmade([diagnostic('AMP706', `${file} is not a table: ${why}.`, { place: file, expected })])
}

/** A table that is written otherwise: with comments, or with other separators than commas. */
function oddTable(text: string): string | undefined {
  if (text.startsWith('#')) return 'line 1 starts with #, and a table has no comments'
  const separator = otherSeparator(text)
  return separator && `its cells are separated by ${separator}`
}

/** What is wrong with a table, in words; the parser's own where it is something rare. */
function whyNot(error: unknown): string {
  if (error instanceof CsvError && error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH') {
    const { record, lines, column } = error as CsvError & { record?: readonly string[]; lines?: number; column?: number }
    const [cells, before] = [record?.length ?? 0, /expect (\d+)/.exec(error.message)?.[1] ?? column]
    const last = cells > 1 && record?.at(-1) === '' ? ', the last one empty' : ''
    return `line ${lines} has ${counted(cells, 'cell')}${last}, the lines before it have ${before}`
  }
  if (error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED') return 'a cell begins with a quote that is not closed'
  if (error instanceof CsvError && /QUOTE/.test(error.code)) {
    return `a quote stands in the middle of a cell on line ${(error as CsvError & { lines?: number }).lines}; write it twice, in a cell in quotes`
  }
  return error instanceof Error ? error.message : String(error)
}
