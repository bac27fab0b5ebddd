import type { SummaryRow } from '../inference/diagnostics/summary.ts'
import { columnNames, type Draws } from '../inference/draws/draws.ts'
import type { ElementState } from './posteriors.ts'

export interface ReadableOptions {
  /** States whose values are elements of an axis, of which there are no moments. */
  readonly elements: readonly ElementState[]
  /** States that were summed out: they follow from the others, so they come after them, and only the first of them. */
  readonly summedOut: ReadonlySet<string>
  /** All rows of all of them. */
  readonly all: boolean
}

/** The columns of a row that elements of an axis, which are no numbers, have nothing in. */
type ReadableRow = Pick<SummaryRow, 'name' | 'mean' | 'sd' | 'q5' | 'q50' | 'q95'> & Partial<Pick<SummaryRow, 'mcse_mean'>>

export interface ReadableSummary<R extends ReadableRow> {
  readonly shown: readonly R[]
  /** What is not shown, a line each for what `--all` shows and for what is observed. */
  readonly left: readonly string[]
  /** How many elements of a variable are shown. */
  most(name: string): number
}

/** Tables of at most so many rows are shown whole; of larger ones the first rows of each variable. */
const [FEW, FIRST] = [40, 8]

/**
 * All rows where they are few; else the first of each large variable, so that the small ones after it are seen. What is
 * observed is no result, and has no row.
 */
export function readable<R extends ReadableRow>(draws: Draws, summary: readonly R[], options: ReadableOptions): ReadableSummary<R> {
  const { elements, summedOut, all } = options
  const rowOf = new Map(summary.map((row) => [row.name, row]))
  const parts = draws.variables.map(({ name, shape }) => {
    const names = columnNames(name, shape)
    const rows = names.flatMap((n) => rowOf.get(n) ?? [])
    const isElement = elements.some((e) => e.name === name)
    return { name, observed: names.length - rows.length, rows: isElement ? rows.map(withoutMoments) : rows }
  })
  const own = parts.filter((p) => !summedOut.has(p.name))
  const brief = own.reduce((n, p) => n + p.rows.length, 0) > FEW
  const most = (name: string): number => (all ? Number.POSITIVE_INFINITY : brief || summedOut.has(name) ? FIRST : FEW)
  const ordered = [...own, ...parts.filter((p) => summedOut.has(p.name))]
  const hidden = ordered.flatMap(({ name, rows }) => {
    const summed = summedOut.has(name) ? ', which was summed out' : ''
    return rows.length > most(name) ? [`${rows.length - most(name)} more of ${name}${summed}`] : []
  })
  const known = ordered.flatMap((p) =>
    p.observed > 0 ? [`${p.observed} of ${p.name} that ${p.observed === 1 ? 'is' : 'are'} observed`] : [],
  )
  const left = [
    ...(hidden.length > 0 ? [`... and ${hidden.join(', ')} (--all prints them; --json or --out has them, too)`] : []),
    ...(known.length > 0 ? [`... and ${known.join(', ')} (--out has their values)`] : []),
  ]
  return { shown: ordered.flatMap(({ name, rows }) => rows.slice(0, most(name))), left, most }
}

function withoutMoments<R extends ReadableRow>(row: R): R {
  const none = Number.NaN
  const mcse = row.mcse_mean === undefined ? {} : { mcse_mean: none }
  return { ...row, ...mcse, mean: none, sd: none, q5: none, q50: none, q95: none }
}
