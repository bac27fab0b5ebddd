import { must } from '../base/internal-error.ts'

/** What one line has to say about a column: how wide it is there, `none` (ends a run) or `pass` (does not). */
export type ColumnCell = { readonly run: string; readonly width: number } | 'none' | 'pass'

/** For each line the width of the widest in its run: neighbours, passes apart, of the same name. Zero outside of runs. */
export function columnWidths(cells: readonly ColumnCell[]): number[] {
  const widths = cells.map(() => 0)
  let run: number[] = []
  let name: string | undefined
  let width = 0
  const finish = () => {
    for (const i of run) widths[i] = width
    run = []
    width = 0
    name = undefined
  }
  cells.forEach((cell, i) => {
    if (cell === 'pass') return
    if (cell === 'none' || cell.run !== name) finish()
    if (cell === 'none') return
    name = cell.run
    width = Math.max(width, cell.width)
    run.push(i)
  })
  finish()
  return widths
}

export function widestOf(widths: readonly number[]): number {
  return widths.reduce((most, width) => Math.max(most, width), 0)
}

/** Nothing where the text is already wider. */
export function padding(width: number, wanted: number): string {
  return ' '.repeat(Math.max(0, wanted - width))
}

export function at<T>(values: readonly T[], i: number): T {
  return must(values[i], 'line of a block')
}
