/** Rows of cells with columns lined up: texts to the left, numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map(show))
  const widths = header.map((name, c) => Math.max(name.length, ...cells.map((row) => row[c]?.length ?? 0)))
  const right = header.map((_, c) => rows.length > 0 && rows.every((row) => typeof row[c] === 'number'))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, c) => (right[c] ? cell.padStart(widths[c] ?? 0) : cell.padEnd(widths[c] ?? 0)))
      .join('  ')
      .trimEnd()
  return [line(header), ...cells.map(line)].join('\n')
}

/** A number with four significant digits, without exponent where it reads well. */
export function show(value: string | number): string {
  if (typeof value === 'string') return value
  if (Number.isInteger(value)) return String(value)
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '-' : value > 0 ? 'inf' : '-inf'
  const size = Math.abs(value)
  return size >= 1e6 || size < 1e-4 ? value.toExponential(2) : String(Number(value.toPrecision(4)))
}
