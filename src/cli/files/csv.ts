import { CsvError, parse } from 'csv-parse/sync'
import { type Checked, type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import type { Given, GivenValue } from '../../compile/given.ts'

interface Table {
  readonly header: readonly string[] | undefined
  readonly rows: readonly (readonly string[])[]
  /** The line of the file that each row ends on, from 1. */
  readonly lines: readonly number[]
}

/** A CSV file with a header: each column is a variable along one axis; a column with text gives labels. */
export function readCsvColumns(text: string, file: string): Checked<readonly Given[]> {
  const table = readTable(text, file)
  if (table.value === undefined) return { diagnostics: table.diagnostics }
  const { header, rows, lines } = table.value
  if (header === undefined) {
    return {
      diagnostics: [
        diagnostic('AMP706', `${file} has no header line, so its columns have no names.`, {
          place: file,
          expected: 'a first line with the names of the variables',
          hint: `To give the whole table to one variable, name it: NAME=${file}.`,
        }),
      ],
    }
  }
  const given = header.map((name, column): Given => {
    const from = `${file}, column "${name}"`
    const cells = rows.map((row) => row[column] ?? '')
    const value = cells.every((c) => toNumber(c) !== undefined)
      ? ({ kind: 'numbers', shape: [cells.length], data: Float64Array.from(cells, (c) => toNumber(c) as number) } as const)
      : ({ kind: 'labels', labels: cells } as const)
    return { name, from, bundle: file, lines, value }
  })
  return { value: given, diagnostics: [] }
}

/** A CSV file that holds one variable: a matrix, or a single column (a vector). A header line names the columns. */
export function readCsvMatrix(text: string, file: string): Checked<GivenValue> {
  const table = readTable(text, file)
  if (table.value === undefined) return { diagnostics: table.diagnostics }
  const { header, rows, lines } = table.value
  const width = rows[0]?.length ?? 0
  const data = new Float64Array(rows.length * width)
  const texts = width === 1 ? rows.filter((row) => toNumber(row[0] ?? '') === undefined).length : 0
  if (texts > 0 && texts === rows.length)
    return { value: { kind: 'labels', labels: rows.map((row) => (row[0] ?? '').trim()) }, diagnostics: [] }
  for (const [r, row] of rows.entries()) {
    for (const [c, cell] of row.entries()) {
      const number = toNumber(cell)
      if (number === undefined)
        return {
          diagnostics: [notANumber(cell, `${file}, line ${lines[r]}, column ${header?.[c] === undefined ? c + 1 : `"${header[c]}"`}`)],
        }
      data[r * width + c] = number
    }
  }
  const shape = width === 1 ? [rows.length] : [rows.length, width]
  return { value: { kind: 'numbers', shape, data, ...(header === undefined ? {} : { columns: header }) }, diagnostics: [] }
}

function readTable(text: string, file: string): Checked<Table> {
  try {
    const options = { bom: true, skip_empty_lines: true, trim: true, info: true } as const
    const read = parse(text, options) as unknown as { readonly record: string[]; readonly info: { readonly lines: number } }[]
    const all = read.map(({ record }) => record)
    const lines = read.map(({ info }) => info.lines)
    const [first] = all
    if (first === undefined) return { diagnostics: [diagnostic('AMP706', `${file} is empty.`, { place: file })] }
    const odd = oddHeader(first)
    if (odd !== undefined) return notATable(file, odd)
    const hasHeader = first.some((cell) => toNumber(cell) === undefined)
    return {
      value: hasHeader ? { header: first, rows: all.slice(1), lines: lines.slice(1) } : { header: undefined, rows: all, lines },
      diagnostics: [],
    }
  } catch (error) {
    return notATable(file, oddHeader([text.replace(/^\ufeff/, '').split(/[\r\n]/, 1)[0] ?? '']) ?? whyNot(error))
  }
}

function notATable(file: string, why: string): { readonly diagnostics: readonly Diagnostic[] } {
  const expected = 'lines with the same number of cells, separated by commas'
  return { diagnostics: [diagnostic('AMP706', `${file} is not a table: ${why}.`, { place: file, expected })] }
}

/** A first line that shows that the rest is written otherwise. */
function oddHeader([first = '', ...more]: readonly string[]): string | undefined {
  if (first.startsWith('#')) return 'line 1 starts with #, and a table has no comments'
  if (more.length > 0) return undefined
  const sign = first.includes('\t') ? 'tabs' : /^[^",]*;/.test(first) ? 'semicolons' : undefined
  return sign && `its cells are separated by ${sign}`
}

/** What is wrong with a table, in words; the parser's own where it is something rare. */
function whyNot(error: unknown): string {
  if (error instanceof CsvError && error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH') {
    const { record, lines, column } = error as CsvError & { record?: readonly string[]; lines?: number; column?: number }
    const [cells, before] = [record?.length ?? 0, /expect (\d+)/.exec(error.message)?.[1] ?? column]
    const last = cells > 1 && record?.at(-1) === '' ? ', the last one empty' : ''
    return `line ${lines} has ${cells} cell${cells === 1 ? '' : 's'}${last}, the lines before it have ${before}`
  }
  if (error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED') return 'a cell begins with a quote that is not closed'
  if (error instanceof CsvError && /QUOTE/.test(error.code)) {
    return `a quote stands in the middle of a cell on line ${(error as CsvError & { lines?: number }).lines}; write it twice, in a cell in quotes`
  }
  return error instanceof Error ? error.message : String(error)
}

function notANumber(cell: string, place: string): Diagnostic {
  return diagnostic('AMP506', `${place}: "${cell}" is not a number.`, {
    place,
    expected: 'a number such as 1.5 or 2e-3, or an empty cell for a missing value',
  })
}

/** NaN for a missing cell, undefined for a text. */
function toNumber(cell: string): number | undefined {
  if (cell === '' || /^(na|nan|null)$/i.test(cell)) return Number.NaN
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(cell)) return Number(cell)
  if (/^[-+]?inf(inity)?$/i.test(cell)) return cell.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return undefined
}
