import pc from 'picocolors'
import { cellsOf, harmless, type TextCell } from './cells.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { Position, SourceFile, Span } from './source.ts'

export interface RenderOptions {
  /** Colours for a terminal; plain text without. */
  readonly color?: boolean
}

type Paint = ReturnType<typeof pc.createColors>

/**
 * Diagnostics for people, in the manner of rustc: what is wrong, where, the line with the place underlined, what was
 * expected and what to do. Columns count UTF-16 units from 1, as editors do. Ends with a newline, unless there are none.
 */
export function render(diagnostics: readonly Diagnostic[], source: SourceFile, options: RenderOptions = {}): string {
  const paint = pc.createColors(options.color ?? false)
  const lines = linesOf(source.text)
  return diagnostics.map((diagnostic) => `${one(diagnostic, source, lines, paint).join('\n')}\n`).join('\n')
}

/** A diagnostic as data: offsets become lines and columns, both from 1; absent parts are left out. */
export interface DiagnosticJson extends Omit<Diagnostic, 'span' | 'related'> {
  readonly range?: RangeJson
  readonly related?: readonly { readonly message: string; readonly range: RangeJson }[]
}

export interface RangeJson {
  readonly file: string
  readonly start: Position
  /** Just after the last character. */
  readonly end: Position
}

export function toJson(diagnostics: readonly Diagnostic[], source: SourceFile): DiagnosticJson[] {
  const starts = linesOf(source.text)
  const position = (offset: number): Position => {
    const at = Math.max(0, Math.min(offset, source.text.length))
    const line = lineNumber(starts, at)
    return { line, column: at - (starts[line - 1] ?? 0) + 1 }
  }
  const rangeOf = ({ start, end }: Span): RangeJson => ({ file: source.name, start: position(start), end: position(end) })
  return diagnostics.map(({ span, related, ...rest }) => ({
    ...rest,
    ...(span && { range: rangeOf(span) }),
    ...(related && { related: related.map((place) => ({ message: place.message, range: rangeOf(place.span) })) }),
  }))
}

interface SourceLine {
  readonly number: number
  readonly start: number
  readonly text: string
}

/** Where each line starts: newlines are `\n`, as everywhere that positions are counted. */
function linesOf(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function lineAt(starts: readonly number[], text: string, number: number): SourceLine {
  const start = starts[number - 1] ?? text.length
  const end = (starts[number] ?? text.length + 1) - 1
  return { number, start, text: text.slice(start, end).replace(/\r$/, '') }
}

/** Binary search: one-based number of the line that holds `offset`. */
function lineNumber(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low + 1
}

function one(diagnostic: Diagnostic, source: SourceFile, starts: readonly number[], paint: Paint): string[] {
  const { severity, code, message, span, place, expected, hint, related = [] } = diagnostic
  const strong = severity === 'error' ? paint.red : paint.yellow
  const notes = [...(expected && !message.includes(expected) ? [`expected: ${expected}`] : []), ...(hint ? [`hint: ${hint}`] : [])]
  const gutter = gutterWidth([...(span ? [span] : []), ...related.map((other) => other.span)], starts, source.text)
  const margin = ' '.repeat(gutter)
  return [
    `${paint.bold(strong(`${severity}[${code}]`))}${paint.bold(`: ${harmless(message)}`)}`,
    ...(place ? [`${margin}${paint.blue('-->')} ${harmless(place)}`] : []),
    ...(span ? snippet(span, source, starts, gutter, paint, strong) : []),
    ...notes.map((note) => `${margin} ${paint.blue('=')} ${harmless(note)}`),
    ...related.flatMap((other) => [
      `${margin} ${paint.blue('=')} note: ${harmless(other.message)}`,
      ...snippet(other.span, source, starts, gutter, paint, paint.blue),
    ]),
  ]
}

function gutterWidth(spans: readonly Span[], starts: readonly number[], text: string): number {
  const lastLines = spans.map(({ end }) => lineNumber(starts, Math.min(end, text.length)))
  return String(Math.max(1, ...lastLines)).length
}

/** The place, and the first and last lines of the span with carets under what is inside. */
function snippet(
  { start, end }: Span,
  source: SourceFile,
  starts: readonly number[],
  gutter: number,
  paint: Paint,
  strong: (text: string) => string,
): string[] {
  const { text, name } = source
  const from = Math.max(0, Math.min(start, text.length))
  const to = Math.max(from, Math.min(end, text.length))
  const first = lineAt(starts, text, lineNumber(starts, from))
  const last = lineAt(starts, text, lineNumber(starts, Math.max(from, to - 1)))
  const margin = ' '.repeat(gutter)
  const bar = paint.blue('|')
  const show = (line: SourceLine): string[] => {
    const { shown, carets } = underlined(line, from - line.start, to - line.start)
    return [
      `${paint.blue(String(line.number).padStart(gutter))} ${bar}${shown === '' ? '' : ` ${shown}`}`,
      `${margin} ${bar} ${strong(carets)}`,
    ]
  }
  return [
    `${margin}${paint.blue('-->')} ${harmless(name)}:${first.number}:${from - first.start + 1}`,
    `${margin} ${bar}`,
    ...show(first),
    ...(last.number > first.number + 1 ? [`${paint.blue('.'.repeat(gutter))} ${bar}`] : []),
    ...(last.number > first.number ? show(last) : []),
  ]
}

/** How much of a long line is shown: this much around the first caret. */
const before = 60
const after = 60

/** A line as it is shown, and carets under the characters in `[from, to)`; at least one caret. */
function underlined(line: SourceLine, from: number, to: number): { shown: string; carets: string } {
  const start = Math.max(0, Math.min(from, line.text.length))
  const left = safeCut(line.text, start - before)
  const right = safeCut(line.text, start + after)
  const cells = cellsOf(line.text.slice(left, right)).map((cell): TextCell => ({ ...cell, offset: cell.offset + left }))
  const inside = cells.filter(({ offset }) => offset >= from && offset < to)
  const indented = widthOf(cells.filter(({ offset }) => offset < start))
  const underline = from < 0 ? inside.filter((cell, i) => i > 0 || cell.text.trim() !== '') : inside
  const skipped = widthOf(inside) - widthOf(underline)
  const lead = left > 0 ? '…' : ''
  return {
    shown: `${lead}${cells.map(({ text }) => text).join('')}${right < line.text.length ? '…' : ''}`.trimEnd(),
    carets: ' '.repeat(lead.length + indented + skipped) + '^'.repeat(Math.max(1, widthOf(underline))),
  }
}

function widthOf(cells: readonly TextCell[]): number {
  return cells.reduce((sum, { width }) => sum + width, 0)
}

/** A place to cut that is inside the text and not inside a surrogate pair. */
function safeCut(text: string, at: number): number {
  const cut = Math.max(0, Math.min(at, text.length))
  const code = text.charCodeAt(cut)
  return cut > 0 && code >= 0xdc00 && code <= 0xdfff ? cut - 1 : cut
}
