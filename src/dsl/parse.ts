import type { IToken } from 'chevrotain'
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { type SourceFile, span } from '../base/source.ts'
import type { Broken, Program, Statement } from './ast.ts'
import { bracketsTooDeep, treeTooDeep } from './depth.ts'
import { sweep } from './foreign.ts'
import { StatementParser } from './grammar.ts'
import { nextStatement, splitIntoLines } from './lines.ts'
import { remains } from './remains.ts'
import { explain } from './syntax-error.ts'
import { lex, tokenSpan } from './tokens.ts'

/** After this many errors the rest of a file is not looked at. */
export const mostErrors = 100
/** In characters; far above any model, and read in a few seconds. */
export const longestText = 1 << 22

let shared: StatementParser | undefined

export interface Parsed {
  readonly program: Program
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * The syntax tree of a program, and everything that is wrong with its text, in order of place. Statements are parsed one
 * by one: of those that do not parse the program holds what is left. Never throws, whatever the text.
 */
export function parse(source: SourceFile): Parsed {
  const whole = span(0, source.text.length)
  if (source.text.length > longestText) {
    return { program: { statements: [], broken: [], comments: [], span: whole }, diagnostics: [tooLong(source.text.length)] }
  }
  const { tokens, comments } = lex(source.text)
  const swept = sweep(tokens)
  const statements: Statement[] = []
  const broken: Broken[] = []
  const problems: Diagnostic[] = [...swept.problems]
  for (const line of splitIntoLines(swept.tokens, source.text)) {
    for (const { tokens: own, statement, diagnostics } of lookedAt(line)
      ? parseLines(line, source.text)
      : [{ tokens: line, diagnostics: [] }]) {
      if (statement) statements.push(statement)
      else broken.push(remains(own))
      problems.push(...diagnostics)
    }
  }
  const program: Program = {
    statements,
    broken,
    comments: comments.map((token) => ({ text: token.image, span: tokenSpan(token) })),
    span: whole,
  }
  return { program, diagnostics: inOrder(problems) }

  function lookedAt(line: readonly IToken[]): boolean {
    return problems.length < mostErrors && !line.some((token) => swept.spoilt.has(token))
  }
}

function tooLong(length: number): Diagnostic {
  return diagnostic('AMP118', `the text has ${length.toLocaleString('en')} characters`, {
    span: span(0, 1),
    expected: `a model of at most ${longestText.toLocaleString('en')}`,
    hint: 'numbers belong in data files: --data NAME=FILE',
  })
}

interface ParsedLine {
  readonly tokens: readonly IToken[]
  readonly statement?: Statement
  readonly diagnostics: readonly Diagnostic[]
  /** The token that does not fit, where there is one. */
  readonly stopped?: IToken
}

/**
 * A statement; or one that breaks off at the end of a line, and what follows it, if that is a statement by itself or is not
 * what does not fit.
 */
function parseLines(tokens: readonly IToken[], text: string): readonly ParsedLine[] {
  const whole = parseLine(tokens, text)
  if (whole.statement) return [whole]
  const at = nextStatement(tokens, text)
  if (at === undefined) return [whole]
  const rest = parseLine(tokens.slice(at), text)
  const isBefore = whole.stopped !== undefined && tokens.indexOf(whole.stopped) < at
  return rest.statement || isBefore ? [parseLine(tokens.slice(0, at), text), rest] : [whole]
}

function parseLine(tokens: readonly IToken[], text: string): ParsedLine {
  const tooDeep = bracketsTooDeep(tokens)
  if (tooDeep) return { tokens, diagnostics: [tooDeep] }
  shared ??= new StatementParser()
  shared.problems = []
  shared.input = [...tokens]
  const statement = shared.statement()
  const error = shared.errors[0]
  if (error)
    return { tokens, diagnostics: [explain(error, tokens, text)], ...(tokens.includes(error.token) ? { stopped: error.token } : {}) }
  if (shared.problems.length > 0) return { tokens, diagnostics: shared.problems }
  const deep = treeTooDeep(statement)
  return deep ? { tokens, diagnostics: [deep] } : { tokens, statement, diagnostics: [] }
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
