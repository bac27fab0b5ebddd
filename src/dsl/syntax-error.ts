import type { IRecognitionException, IToken } from 'chevrotain'
import type { DiagnosticCode } from '../base/codes.ts'
import { type Diagnostic, type DiagnosticDetails, diagnostic } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { type Span, span } from '../base/source.ts'
import { closerOf, failureOf, inRule, nameOf, type ParseFailure, placeOf, sentence, startsOperand } from './failure.ts'
import { quote } from './foreign.ts'
import { habitOf, habitWithin, nameFirst } from './habits.ts'
import { endsOperand, is, openerOf } from './lines.ts'
import * as t from './tokens.ts'

interface SyntaxFinding extends DiagnosticDetails {
  readonly code: DiagnosticCode
  readonly message: string
}

/** Looks at a failure and says what it is, or leaves it to the next rule. */
type ErrorRule = (failure: ParseFailure) => SyntaxFinding | undefined

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

/** In order: the first that speaks is believed. */
const rules: readonly ErrorRule[] = [
  strayCloser,
  wrongCloser,
  reservedWord,
  unknownStatement,
  arrowAssignment,
  doubledEquals,
  colonAfterDef,
  letWithMore,
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

function strayCloser(failure: ParseFailure): SyntaxFinding | undefined {
  const { found, opener } = failure
  if (!found || opener || !openerOf(found.tokenType)) return undefined
  return { code: 'AMP104', message: `'${found.image}' has no opening bracket`, hint: 'remove it, or open the bracket it should close' }
}

function wrongCloser({ found, opener }: ParseFailure): SyntaxFinding | undefined {
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

function reservedWord(failure: ParseFailure): SyntaxFinding | undefined {
  const { found, expected } = failure
  const wanted = expected === 'an expression' || expected === 'a name' || expected === 'the name of an axis'
  if (!found || !wanted || !is(found, t.StatementWord)) return undefined
  const isAxisArgument = found.tokenType === t.Axis && failure.rules.includes('argumentList')
  return {
    code: 'AMP107',
    message: `'${found.image}' is a reserved word and cannot be used as a name`,
    hint: isAxisArgument ? 'the axis goes in brackets before the arguments: sum[axis](x)' : `choose another name, such as ${found.image}_`,
  }
}

/** Two words in a row where the first is no keyword: `sate x`, `int n`. */
function unknownStatement(failure: ParseFailure): SyntaxFinding | undefined {
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
function arrowAssignment(failure: ParseFailure): SyntaxFinding | undefined {
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

function doubledEquals(failure: ParseFailure): SyntaxFinding | undefined {
  if (failure.found?.tokenType !== t.Equal || failure.expected !== "'='") return undefined
  return { code: 'AMP112', message: sentence(failure), expected: "'='", hint: "'==' compares; '=' gives a value" }
}

/** `def f(x):` */
function colonAfterDef(failure: ParseFailure): SyntaxFinding | undefined {
  if (failure.found?.tokenType !== t.Colon || failure.expected !== "'='" || !inRule(failure, 'assigned')) return undefined
  if (!failure.rules.includes('defStatement')) return undefined
  return { code: 'AMP112', message: sentence(failure), expected: "'='", hint: 'a def is one expression: def f(x) = ...' }
}

/** `let mu[row] = ...`, `let mu : positive = ...` */
function letWithMore(failure: ParseFailure): SyntaxFinding | undefined {
  const { found, before } = failure
  const axes = found?.tokenType === t.OpenSquare
  if ((!axes && found?.tokenType !== t.Colon) || failure.expected !== "'='" || !failure.rules.includes('letStatement')) return undefined
  const given = axes ? 'axes' : 'type'
  return {
    code: 'AMP112',
    message: sentence(failure),
    expected: "'='",
    hint: `a let takes its ${given} from its expression: let ${must(before, 'name').image} = ...`,
  }
}

const slices = 'there are no slices: axes have names, and an operation runs along the whole axis'

/** `x[1:3]` */
function colonInBrackets(failure: ParseFailure): SyntaxFinding | undefined {
  if (failure.found?.tokenType !== t.Colon || failure.opener?.tokenType !== t.OpenSquare) return undefined
  return {
    code: 'AMP112',
    message: sentence(failure, "',' or ']'"),
    expected: "',' or ']'",
    hint: slices,
  }
}

function unclosedBracket(failure: ParseFailure): SyntaxFinding | undefined {
  const { opener, openerCloses, found } = failure
  if (!opener || openerCloses) return undefined
  const closer = closerOf(opener)
  const where = found ? `before ${nameOf(found)}` : 'at the end of the line'
  return { code: 'AMP103', message: `expected '${closer}' ${where}`, expected: `'${closer}'`, related: [opened(opener)] }
}

/** A list that neither ends nor goes on: `f(a b)`. */
function listGoesOn(failure: ParseFailure): SyntaxFinding | undefined {
  const { opener, expected, found } = failure
  if (!opener || expected !== `'${closerOf(opener)}'`) return undefined
  if (failure.before === opener) return emptyList(failure)
  const inList = inRule(failure, 'argumentList', 'axes', 'subscripts', 'defStatement')
  const phrase = inList ? `',' or ${expected}` : expected
  const product = startsOperand(found) && endsOperand(failure.before) ? 'a product is written with *' : undefined
  const hint = (found && habitWithin([found])) ?? product
  return { code: 'AMP112', message: sentence(failure, phrase), expected: phrase, ...(hint && { hint }) }
}

/** Nothing that could be in the list comes after its bracket: `f(*)`, `def f(1)`. */
function emptyList(failure: ParseFailure): SyntaxFinding {
  const isDef = inRule(failure, 'defStatement')
  const expected = isDef ? 'a name' : 'an expression'
  return { code: isDef ? 'AMP106' : 'AMP105', message: sentence(failure, expected), expected }
}

/** `x = 3`, `x : positive`, `x[i] = 3`. */
function missingKeyword(failure: ParseFailure): SyntaxFinding | undefined {
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
function equalityForDensity(failure: ParseFailure): SyntaxFinding | undefined {
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
function loneExpression(failure: ParseFailure): SyntaxFinding | undefined {
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

function familyWithoutArguments(failure: ParseFailure): SyntaxFinding | undefined {
  if (!inRule(failure, 'argumentList') || failure.rules.at(-2) !== 'prior' || failure.expected !== "'('") return undefined
  const isIid = ['iid', 'independent'].includes(failure.before?.image ?? '')
  return {
    code: 'AMP112',
    message: sentence(failure),
    expected: "'('",
    hint: isIid
      ? 'elements are independent without saying so: x ~ normal(0, 1)'
      : 'a family takes its arguments in parentheses, as in normal(0, 1)',
  }
}

function textAfterEnd(failure: ParseFailure): SyntaxFinding | undefined {
  if (failure.expected !== 'the end of the line') return undefined
  const hint = leftoverHint(failure)
  return { code: 'AMP111', message: sentence(failure), expected: 'the end of the line', ...(hint && { hint }) }
}

const partOrder = 'the parts come in the order role name[axes] : type = default ~ family(args) with ...'

const bounds = 'bounds are part of the type: state x : real(lower = 0, upper = 1), or state x : positive'

/** `state real sigma`, `state vector[k] b`. */
function typeFirst({ tokens, at, found, before, text }: ParseFailure): string | undefined {
  const [role, type] = tokens
  if (!is(role, t.RoleWord) || !type || !before || !found || at < 2 || !is(found, t.Identifier)) return undefined
  return nameFirst(type, text.slice(t.tokenEnd(type), t.tokenEnd(before)), found.image)
}

function leftoverHint(failure: ParseFailure): string | undefined {
  const { tokens, found, before } = failure
  if (is(found, t.StatementWord)) return 'each statement starts on its own line'
  if (found?.tokenType === t.Tilde && continues(failure)) {
    return 'a line that starts with an operator continues the one before it: put the left side in parentheses'
  }
  const habit = habitWithin(tokens)
  if (habit) return habit
  if (found?.tokenType === t.Less && before && is(tokens[0], t.RoleWord)) return bounds
  if (found?.image === 'T' && tokens.some((token) => token.tokenType === t.Tilde)) return 'truncation is written in (a, b) after the family'
  const first = typeFirst(failure)
  if (first) return first
  if (is(tokens[0], t.RoleWord) && found?.tokenType === t.OpenSquare && before?.tokenType === t.CloseSquare) {
    return 'all axes go in one bracket: x[row, column]'
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
function continues({ tokens, at, text }: ParseFailure): boolean {
  return tokens.slice(1, at).some((token, i) => {
    const before = must(tokens[i], 'token before')
    return is(token, t.BinaryOperator) && /[\r\n]/.test(text.slice(t.tokenEnd(before), token.startOffset))
  })
}

function expression(failure: ParseFailure): SyntaxFinding | undefined {
  if (failure.expected !== 'an expression' && failure.expected !== 'a statement') return undefined
  const hint = missingExpressionHint(failure)
  return { code: 'AMP105', message: sentence(failure), expected: failure.expected, ...(hint && { hint }) }
}

const lists = 'there are no lists of numbers: they come from files, --data NAME=FILE or --param NAME=FILE'

function missingExpressionHint({ found, before, opener, rules }: ParseFailure): string | undefined {
  if (found?.tokenType === t.Assign && before?.tokenType === t.Assign) return "'==' compares"
  if (found?.tokenType === t.Assign && before?.tokenType === t.Energy) return 'write energy x^2, or with a name energy pull = x^2'
  if (found?.tokenType === t.OpenSquare && before?.tokenType !== t.OpenSquare) return lists
  const isColumn = found?.tokenType === t.Comma || found?.tokenType === t.CloseSquare
  if (isColumn && opener?.tokenType === t.OpenSquare && rules.includes('subscripts')) return slices
  if (found && openerOf(found.tokenType) && before?.tokenType === t.Comma) return 'a list does not end with a comma'
  return undefined
}

function name(failure: ParseFailure): SyntaxFinding | undefined {
  if (failure.expected !== 'a name' && failure.expected !== 'the name of an axis') return undefined
  const isFamily = inRule(failure, 'familyName')
  const expected = isFamily ? 'the name of a family' : failure.expected
  const hint = isFamily ? 'as in x ~ normal(0, 1)' : nameHint(failure)
  return { code: 'AMP106', message: sentence(failure, expected), expected, ...(hint && { hint }) }
}

function nameHint({ found, rules: followed }: ParseFailure): string | undefined {
  if (found?.tokenType === t.NumberLiteral && followed.includes('axes'))
    return 'axes are named, and their sizes come from the data or from axis k = 3'
  if (found?.tokenType === t.NumberLiteral) return 'a name starts with a letter or _'
  if (found?.tokenType === t.Less && followed.includes('declaration')) return bounds
  return undefined
}
