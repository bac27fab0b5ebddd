/** A piece of text with a name, and places in it. */
export interface SourceFile {
  readonly name: string
  readonly text: string
}

/** Half-open range of UTF-16 offsets into a `SourceFile`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** One-based line and column, as editors count them. */
export interface Position {
  readonly line: number
  readonly column: number
}

export function span(start: number, end: number): Span {
  return { start, end }
}

/** The smallest span that covers both. */
export function cover(a: Span, b: Span): Span {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) }
}

export function positionAt(text: string, offset: number): Position {
  const clamped = Math.max(0, Math.min(offset, text.length))
  let line = 1
  let lineStart = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < clamped; at = text.indexOf('\n', at + 1)) {
    line += 1
    lineStart = at + 1
  }
  return { line, column: clamped - lineStart + 1 }
}
