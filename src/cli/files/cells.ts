import type { GivenValue } from '../../bind/given.ts'

/** The cells of one line of CSV. */
export function cellsOf(line: string): readonly string[] {
  return [...`,${line}`.matchAll(/,\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '').trim() : quoted.replaceAll('""', '"'),
  )
}

/** A text as a cell of CSV. */
export function cellOf(text: string): string {
  return /[",\n\r]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** NaN for a missing cell, undefined for a text. */
export function toNumber(cell: string): number | undefined {
  if (isMissing(cell)) return Number.NaN
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(cell)) return Number(cell)
  if (/^[-+]?inf(inity)?$/i.test(cell)) return cell.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return undefined
}

/** 1 and 0 for what is true and false, as R, Python and SQL write it; undefined for everything else. */
const logicals: ReadonlyMap<string, number> = new Map([
  ...['TRUE', 'True', 'true', 'T'].map((word) => [word, 1] as const),
  ...['FALSE', 'False', 'false', 'F'].map((word) => [word, 0] as const),
])

export function toLogical(cell: string): number | undefined {
  return logicals.get(cell)
}

function isMissing(cell: string): boolean {
  return cell === '' || /^(na|nan|null)$/i.test(cell)
}

/** A column: numbers where every cell is one, TRUE and FALSE (beside 1 and 0, too) as 1 and 0, else texts. */
export function columnValue(cells: readonly string[]): GivenValue {
  const shape = [cells.length]
  const numbers = cells.map(toNumber)
  if (numbers.every((n) => n !== undefined)) {
    const data = Float64Array.from(numbers)
    return { kind: 'numbers', shape, data, ...(losesDigits(cells, data) ? { texts: present(cells) } : {}) }
  }
  const bits = cells.map((cell, i) => toLogical(cell) ?? numbers[i])
  if (bits.every((b) => b === 0 || b === 1 || Number.isNaN(b))) {
    return { kind: 'numbers', shape, data: Float64Array.from(bits, Number), texts: present(cells) }
  }
  return { kind: 'labels', labels: present(cells) }
}

/** Texts, and nothing where one is missing. */
function present(cells: readonly string[]): readonly string[] {
  return cells.map((cell) => (isMissing(cell) ? '' : cell))
}

/** Names made of digits of which numbers do not keep all: 02139, or more than sixteen of them. */
function losesDigits(cells: readonly string[], data: Float64Array): boolean {
  return cells.some((cell, i) => /^\d{2,}$/.test(cell) && (cell.startsWith('0') || !Number.isSafeInteger(data[i])))
}
