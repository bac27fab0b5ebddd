import { EOF, type IRecognitionException, type IToken, type TokenType } from 'chevrotain'
import type { DiagnosticCode } from '../base/codes.ts'
import { type Diagnostic, type DiagnosticDetails, diagnostic } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { type Span, span } from '../base/source.ts'
import { quote } from './foreign.ts'
import { habitOf } from './habits.ts'
import { endsOperand, is, isOpener, openerOf } from './lines.ts'
import * as t from './tokens.ts'

/** Where and why the parser gave up on a statement. */
interface Failure {
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

interface Finding extends DiagnosticDetails {
  readonly code: DiagnosticCode
  readonly message: string
}

/** Looks at a failure and says what it is, or leaves it to the next rule. */
type Rule = (failure: Failure) => Finding | undefined

/** What the parser's exception means to the person who wrote the statement. */
export function explain(error: IRecognitionException, tokens: readonly IToken[], text: string): Diagnostic {
  const failure = failureOf(error, tokens, text)
  for (const rule of rules) {
    const finding = rule(failure)
    if (finding) {
      const { code, message, ...details } = finding
      return diagnostic(code, message, { span: placeOf(failure), ...details })
    }
  }
  return diagnostic('AMP112', sentence(failure), { span: placeOf(failure), expected: failure.expected })
}

function failureOf(error: IRecognitionException, tokens: readonly IToken[], text: string): Failure {
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

function openBracket(tokens: readonly IToken[], at: number): Pick<Failure, 'opener' | 'openerCloses'> {
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
function placeOf({ found, before }: Failure): Span {
  if (found) return t.tokenSpan(found)
  const end = t.tokenEnd(must(before, 'token of the statement'))
  return span(end, end)
}

/** `expected X after Y, found Z` */
function sentence(failure: Failure, expected = failure.expected): string {
  const after = failure.before ? ` after ${quote(failure.before.image)}` : ''
  return `expected ${expected}${after}, found ${nameOf(failure.found)}`
}

function nameOf(token: IToken | undefined): string {
  return token ? quote(token.image) : 'the end of the line'
}

function inRule(failure: Failure, ...names: string[]): boolean {
  return names.includes(failure.rules.at(-1) ?? '')
}

const closers: ReadonlyMap<TokenType, string> = new Map([
  [t.OpenRound, ')'],
  [t.OpenSquare, ']'],
])

function closerOf(opener: IToken): string {
  return must(closers.get(opener.tokenType), 'closing bracket')
}

function startsOperand(token: IToken | undefined): boolean {
  return is(token, t.Identifier) || token?.tokenType === t.NumberLiteral || token?.tokenType === t.OpenRound
}

/** In order: the first that speaks is believed. */
const rules: readonly Rule[] = [
  strayCloser,
  wrongCloser,
  reservedWord,
  unknownStatement,
  arrowAssignment,
  doubledEquals,
  colonInBrackets,
  unclosedBracket,
  listGoesOn,
  missingKeyword,
  equalityForDensity,
  loneExpression,
  familyWithoutArguments,
  textAfterEnd,
  expression,
  name,
]

function strayCloser(failure: Failure): Finding | undefined {
  const { found, opener } = failure
  if (!found || opener || !openerOf(found.tokenType)) return undefined
  return { code: 'AMP104', message: `'${found.image}' closes nothing`, hint: 'remove it, or open the bracket it should close' }
}

function wrongCloser({ found, opener }: Failure): Finding | undefined {
  if (!found || !opener) return undefined
  const wanted = openerOf(found.tokenType)
  if (!wanted || wanted === opener.tokenType) return undefined
  const closer = closerOf(opener)
  return {
    code: 'AMP104',
    message: `'${found.image}' does not close '${opener.image}'`,
    expected: `'${closer}'`,
    related: [opened(opener)],
  }
}

function opened(opener: IToken): { span: Span; message: string } {
  return { span: t.tokenSpan(opener), message: `'${opener.image}' is opened here` }
}

function reservedWord(failure: Failure): Finding | undefined {
  const { found, expected } = failure
  const wanted = expected === 'an expression' || expected === 'a name' || expected === 'the name of an axis'
  if (!found || !wanted || !is(found, t.StatementWord)) return undefined
  return {
    code: 'AMP107',
    message: `'${found.image}' is a reserved word and cannot be used as a name`,
    hint: `choose another name, such as ${found.image}_`,
  }
}

/** Two words in a row where the first is no keyword: `sate x`, `int n`. */
function unknownStatement(failure: Failure): Finding | undefined {
  const [first, second] = failure.tokens
  if (!first || !failure.rules.includes('densityStatement')) return undefined
  const hint = habitOf(first)
  if (failure.expected !== "'~'" && !(hint && mayFollowWord(second))) return undefined
  const twoWords = failure.at === 1 && first.tokenType === t.Identifier && is(second, t.Identifier)
  if (!twoWords && !(hint && failure.tokens.length > 1)) return undefined
  return {
    code: 'AMP108',
    message: `'${first.image}' does not start a statement`,
    span: t.tokenSpan(first),
    hint: hint ?? `statements start with ${t.statementKeywords.slice(0, -1).join(', ')} or ${t.statementKeywords.at(-1)}`,
  }
}

/** `for (`, `vector[N] x`, `int<lower = 0> n`: no operator, so the first word is hardly a variable. */
function mayFollowWord(token: IToken | undefined): boolean {
  return startsOperand(token) || token?.tokenType === t.OpenSquare || token?.tokenType === t.Less
}

/** `x <- 3`: lexed as `x < -3`. */
function arrowAssignment(failure: Failure): Finding | undefined {
  const [first, less, minus] = failure.tokens
  if (first?.tokenType !== t.Identifier || less?.tokenType !== t.Less || minus?.tokenType !== t.Minus) return undefined
  if (t.tokenEnd(less) !== minus.startOffset || failure.expected !== "'~'") return undefined
  return {
    code: 'AMP113',
    message: "'<-' is not part of the language",
    span: span(less.startOffset, t.tokenEnd(minus)),
    hint: `write let ${first.image} = ... for a value, or ${first.image} ~ family(...) for a distribution`,
  }
}

function doubledEquals(failure: Failure): Finding | undefined {
  if (failure.found?.tokenType !== t.Equal || failure.expected !== "'='") return undefined
  return { code: 'AMP112', message: sentence(failure), expected: "'='", hint: "'==' compares; '=' gives a value" }
}

/** `x[1:3]` */
function colonInBrackets(failure: Failure): Finding | undefined {
  if (failure.found?.tokenType !== t.Colon || failure.opener?.tokenType !== t.OpenSquare) return undefined
  return {
    code: 'AMP112',
    message: sentence(failure, "',' or ']'"),
    expected: "',' or ']'",
    hint: 'there are no slices: axes have names, and an operation runs along the whole axis',
  }
}

function unclosedBracket(failure: Failure): Finding | undefined {
  const { opener, openerCloses, found } = failure
  if (!opener || openerCloses) return undefined
  const closer = closerOf(opener)
  const where = found ? `before ${nameOf(found)}` : 'at the end of the line'
  return { code: 'AMP103', message: `expected '${closer}' ${where}`, expected: `'${closer}'`, related: [opened(opener)] }
}

/** A list that neither ends nor goes on: `f(a b)`. */
function listGoesOn(failure: Failure): Finding | undefined {
  const { opener, expected, found } = failure
  if (!opener || expected !== `'${closerOf(opener)}'`) return undefined
  if (failure.before === opener) return emptyList(failure)
  const inList = inRule(failure, 'argumentList', 'axes', 'subscripts', 'defStatement')
  const phrase = inList ? `',' or ${expected}` : expected
  const product = startsOperand(found) && endsOperand(failure.before)
  return {
    code: 'AMP112',
    message: sentence(failure, phrase),
    expected: phrase,
    ...(product && { hint: 'a product is written with *' }),
  }
}

/** Nothing that could be in the list comes after its bracket: `f(*)`, `def f(1)`. */
function emptyList(failure: Failure): Finding {
  const isDef = inRule(failure, 'defStatement')
  const expected = isDef ? 'a name' : 'an expression'
  return { code: isDef ? 'AMP106' : 'AMP105', message: sentence(failure, expected), expected }
}

/** `x = 3`, `x : positive`, `x[i] = 3`. */
function missingKeyword(failure: Failure): Finding | undefined {
  const { found, tokens, expected } = failure
  if (expected !== "'~'" || (found?.tokenType !== t.Assign && found?.tokenType !== t.Colon)) return undefined
  const first = must(tokens[0], 'first token').image
  const given = found.tokenType === t.Assign
  return {
    code: 'AMP109',
    message: given ? `${quote(first)} is given a value without a keyword` : `${quote(first)} is given a type without a role`,
    hint: given
      ? `write let ${first} = ... for a value computed from others, or param ${first} = ... for a constant that can be set or learned`
      : `start with the role of ${first}: data, memory, param, state or input`,
  }
}

/** `y == normal(0, 1)` */
function equalityForDensity(failure: Failure): Finding | undefined {
  const equal = failure.tokens.find((token) => token.tokenType === t.Equal)
  if (failure.expected !== "'~'" || failure.found || !equal) return undefined
  return {
    code: 'AMP110',
    message: 'a comparison alone is not a statement',
    span: t.tokenSpan(equal),
    hint: "'==' compares; a distribution is given with '~', a value with let and '='",
  }
}

/** An expression where a statement should be. */
function loneExpression(failure: Failure): Finding | undefined {
  if (failure.expected !== "'~'" || !inRule(failure, 'prior')) return undefined
  if (failure.found) {
    return {
      code: 'AMP112',
      message: sentence(failure, "an operator or '~'"),
      expected: "an operator or '~'",
      ...(startsOperand(failure.found) && { hint: 'a product is written with *' }),
    }
  }
  const first = must(failure.tokens[0], 'first token')
  return {
    code: 'AMP110',
    message: 'an expression alone is not a statement',
    span: span(first.startOffset, t.tokenEnd(must(failure.before, 'last token'))),
    hint: 'add it to the energy with energy ..., or relate it to a family with ~',
  }
}

function familyWithoutArguments(failure: Failure): Finding | undefined {
  if (!inRule(failure, 'argumentList') || failure.rules.at(-2) !== 'prior' || failure.expected !== "'('") return undefined
  return {
    code: 'AMP112',
    message: sentence(failure),
    expected: "'('",
    hint: 'a family takes its arguments in parentheses, as in normal(0, 1)',
  }
}

function textAfterEnd(failure: Failure): Finding | undefined {
  if (failure.expected !== 'the end of the line') return undefined
  const hint = leftoverHint(failure)
  return { code: 'AMP111', message: sentence(failure), expected: 'the end of the line', ...(hint && { hint }) }
}

const partOrder = 'the parts come in the order role name[axes] : type = default ~ family(args) with ...'

function leftoverHint(failure: Failure): string | undefined {
  const { tokens, found, before } = failure
  if (is(found, t.StatementWord)) return 'each statement starts on its own line'
  if (found?.tokenType === t.Tilde && continues(failure)) {
    return 'a line that starts with an operator continues the one before it: put the left side in parentheses'
  }
  if (is(tokens[0], t.RoleWord)) {
    if (found?.tokenType === t.Comma) return 'declare one variable a line'
    if (found?.tokenType === t.Equal) return "'==' compares; '=' gives a value"
    const hasValue = tokens.some((token) => token.tokenType === t.Assign || token.tokenType === t.Tilde)
    if (startsOperand(found) && !hasValue) return 'a type follows a colon, as in state sigma : positive'
    if (found?.tokenType === t.Colon || found?.tokenType === t.Assign || found?.tokenType === t.Tilde) return partOrder
  }
  if (startsOperand(found) && endsOperand(before)) return 'a product is written with *'
  if (found?.tokenType === t.Tilde) return 'a statement has one ~'
  return undefined
}

/** Whether a line of the statement starts with an operator. */
function continues({ tokens, at, text }: Failure): boolean {
  return tokens.slice(1, at).some((token, i) => {
    const before = must(tokens[i], 'token before')
    return is(token, t.BinaryOperator) && /[\r\n]/.test(text.slice(t.tokenEnd(before), token.startOffset))
  })
}

function expression(failure: Failure): Finding | undefined {
  if (failure.expected !== 'an expression' && failure.expected !== 'a statement') return undefined
  const hint = missingExpressionHint(failure)
  return { code: 'AMP105', message: sentence(failure), expected: failure.expected, ...(hint && { hint }) }
}

function missingExpressionHint({ found, before }: Failure): string | undefined {
  if (found?.tokenType === t.Assign && before?.tokenType === t.Assign) return "'==' compares"
  if (found && openerOf(found.tokenType) && before?.tokenType === t.Comma) return 'a list does not end with a comma'
  return undefined
}

function name(failure: Failure): Finding | undefined {
  if (failure.expected !== 'a name' && failure.expected !== 'the name of an axis') return undefined
  const isFamily = inRule(failure, 'familyName')
  const expected = isFamily ? 'the name of a family' : failure.expected
  const hint = isFamily ? 'as in x ~ normal(0, 1)' : nameHint(failure)
  return { code: 'AMP106', message: sentence(failure, expected), expected, ...(hint && { hint }) }
}

function nameHint({ found, rules: followed }: Failure): string | undefined {
  if (found?.tokenType === t.NumberLiteral && followed.includes('axes'))
    return 'axes are named, and their sizes come from the data or from axis k = 3'
  if (found?.tokenType === t.NumberLiteral) return 'a name starts with a letter or _'
  return undefined
}
