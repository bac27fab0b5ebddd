import type { Figure, Panel } from './figure.ts'
import { rowsOf } from './marks/index.ts'
import type { FigureRow } from './marks/mark.ts'

/** The data of a figure, a line each; the last column is there where a mark has more than a place. */
export function figureCsv({ panels }: Figure): string {
  const rows = panels.flatMap((panel) => panelRows(panel).map((row) => ({ ...row, panel: panel.title })))
  const hasValues = rows.some((row) => row.value !== undefined)
  const lines = rows.map(({ panel, series, x, y, error, value }) =>
    [panel, series, x, y, error ?? '', ...(hasValues ? [value ?? ''] : [])].map(cell).join(','),
  )
  return [`panel,series,x,y,standard error${hasValues ? ',value' : ''}`, ...lines, ''].join('\n')
}

function panelRows({ series, layers = [] }: Panel): readonly FigureRow[] {
  return [...layers.flatMap(rowsOf), ...series.flatMap(({ name, points }) => points.map((p) => ({ series: name, ...p })))]
}

function cell(value: string | number): string {
  const text = String(value)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
