import type { IToken } from 'chevrotain'
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { type SourceFile, span } from '../base/source.ts'
import type { Program, Statement } from './ast.ts'
import { bracketsTooDeep, treeTooDeep } from './depth.ts'
import { sweep } from './foreign.ts'
import { StatementParser } from './grammar.ts'
import { splitIntoLines } from './lines.ts'
import { explain } from './syntax-error.ts'
import { lex, tokenSpan } from './tokens.ts'

/** After this many errors the rest of a file is not looked at. */
export const mostErrors = 100
/** In characters; far above any model, and read in a few seconds. */
export const longestText = 1 << 20

let shared: StatementParser | undefined

export interface Parsed {
  /** Of the statements that could be read. */
  readonly program: Program
  readonly diagnostics: readonly Diagnostic[]
  /** The words of the statements that could not be read: what they would have declared is among them. */
  readonly unread: ReadonlySet<string>
}

/**
 * The syntax tree of a program, and everything that is wrong with its text, in order of place. Statements are parsed one
 * by one: those that do not parse are absent from the program, the others are there. Never throws, whatever the text.
 */
export function parse(source: SourceFile): Parsed {
  const whole = span(0, source.text.length)
  if (source.text.length > longestText) {
    return { program: { statements: [], comments: [], span: whole }, diagnostics: [tooLong(source.text.length)], unread: new Set() }
  }
  const { tokens, comments } = lex(source.text)
  const swept = sweep(tokens)
  const statements: Statement[] = []
  const problems: Diagnostic[] = [...swept.problems]
  const unread = new Set<string>()
  for (const line of splitIntoLines(swept.tokens, source.text)) {
    const { statement, diagnostics } = lookedAt(line) ? parseLine(line, source.text) : { diagnostics: [] }
    if (statement) statements.push(statement)
    else for (const token of line) unread.add(token.image)
    for (const problem of diagnostics) problems.push(problem)
  }
  const program: Program = {
    statements,
    comments: comments.map((token) => ({ text: token.image, span: tokenSpan(token) })),
    span: whole,
  }
  return { program, diagnostics: inOrder(problems), unread }

  function lookedAt(line: readonly IToken[]): boolean {
    return problems.length < mostErrors && !line.some((token) => swept.spoilt.has(token))
  }
}

function tooLong(length: number): Diagnostic {
  return diagnostic('AMP118', `the text has ${length.toLocaleString('en')} characters`, {
    span: span(0, 1),
    expected: `a model of at most ${longestText.toLocaleString('en')}`,
    hint: 'numbers belong into files of data: --data NAME=FILE',
  })
}

function parseLine(tokens: readonly IToken[], text: string): { statement?: Statement; diagnostics: readonly Diagnostic[] } {
  const tooDeep = bracketsTooDeep(tokens)
  if (tooDeep) return { diagnostics: [tooDeep] }
  shared ??= new StatementParser()
  shared.problems = []
  shared.input = [...tokens]
  const statement = shared.statement()
  const error = shared.errors[0]
  if (error) return { diagnostics: [explain(error, tokens, text)] }
  if (shared.problems.length > 0) return { diagnostics: shared.problems }
  const deep = treeTooDeep(statement)
  return deep ? { diagnostics: [deep] } : { statement, diagnostics: [] }
}

function inOrder(problems: readonly Diagnostic[]): Diagnostic[] {
  const start = (problem: Diagnostic) => problem.span?.start ?? 0
  const sorted = [...problems].sort((a, b) => start(a) - start(b))
  const last = sorted[mostErrors - 1]
  if (!last) return sorted
  return [
    ...sorted.slice(0, mostErrors),
    diagnostic('AMP116', `${mostErrors} errors so far; the rest of the file was not checked`, { ...(last.span && { span: last.span }) }),
  ]
}
