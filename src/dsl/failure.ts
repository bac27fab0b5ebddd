import { EOF, type IRecognitionException, type IToken, type TokenType } from 'chevrotain'
import { must } from '../base/internal-error.ts'
import { type Span, span } from '../base/source.ts'
import { quote } from './foreign.ts'
import { is, isOpener, openerOf } from './lines.ts'
import * as t from './tokens.ts'

/** Where and why the parser gave up on a statement. */
export interface ParseFailure {
  readonly tokens: readonly IToken[]
  /** Index of the token that does not fit; one past the last at the end of the statement. */
  readonly at: number
  readonly found: IToken | undefined
  readonly before: IToken | undefined
  /** In words, as the grammar gives it: `'='`, `a name`, `an expression`. */
  readonly expected: string
  /** The grammar's rules that were being followed, outermost first. */
  readonly rules: readonly string[]
  /** The innermost bracket that is open there. */
  readonly opener: IToken | undefined
  readonly openerCloses: boolean
  /** The whole file. */
  readonly text: string
}

export function failureOf(error: IRecognitionException, tokens: readonly IToken[], text: string): ParseFailure {
  const at = error.token.tokenType === EOF ? tokens.length : tokens.indexOf(error.token)
  const { opener, openerCloses } = openBracket(tokens, at)
  return {
    tokens,
    at,
    found: tokens[at],
    before: tokens[at - 1],
    expected: error.message,
    rules: error.context.ruleStack,
    opener,
    openerCloses,
    text,
  }
}

function openBracket(tokens: readonly IToken[], at: number): Pick<ParseFailure, 'opener' | 'openerCloses'> {
  const open: IToken[] = []
  const step = (token: IToken) => {
    if (isOpener(token.tokenType)) open.push(token)
    else if (openerOf(token.tokenType) === open.at(-1)?.tokenType) open.pop()
  }
  tokens.slice(0, at).forEach(step)
  const opener = open.at(-1)
  tokens.slice(at).forEach(step)
  return { opener, openerCloses: opener === undefined || !open.includes(opener) }
}

/** The token that does not fit, or the point after the last one. */
export function placeOf({ found, before }: ParseFailure): Span {
  if (found) return t.tokenSpan(found)
  const end = t.tokenEnd(must(before, 'token of the statement'))
  return span(end, end)
}

/** `expected X after Y, found Z` */
export function sentence(failure: ParseFailure, expected = failure.expected): string {
  const after = failure.before ? ` after ${quote(failure.before.image)}` : ''
  return `expected ${expected}${after}, found ${nameOf(failure.found)}`
}

export function nameOf(token: IToken | undefined): string {
  return token ? quote(token.image) : 'the end of the line'
}

export function inRule(failure: ParseFailure, ...names: string[]): boolean {
  return names.includes(failure.rules.at(-1) ?? '')
}

const closers: ReadonlyMap<TokenType, string> = new Map([
  [t.OpenRound, ')'],
  [t.OpenSquare, ']'],
])

export function closerOf(opener: IToken): string {
  return must(closers.get(opener.tokenType), 'closing bracket')
}

export function startsOperand(token: IToken | undefined): boolean {
  return is(token, t.Identifier) || token?.tokenType === t.NumberLiteral || token?.tokenType === t.OpenRound
}
