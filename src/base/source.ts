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
