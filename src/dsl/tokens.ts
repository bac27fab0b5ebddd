import { createToken, type IToken, Lexer, type TokenType } from 'chevrotain'
import { type Span, span } from '../base/source.ts'

/**
 * The words and signs of the language. Reserved words are those that start a statement, and `and`, `or`, `not`; every
 * other word (`with`, `in`, `censored`, `lagrangian`, `tau`, `noise`, `else`, `temperature`, `from`, `over`, `step`, `jump`, `where`) means something in one place only and is a name elsewhere.
 */

/** Chevrotain drops the `u` flag of a plain pattern, and with it the meaning of \p{L}; as a function the pattern keeps it. */
function unicode(source: string): (text: string, offset: number) => RegExpExecArray | null {
  const pattern = new RegExp(source, 'uy')
  return (text, offset) => {
    pattern.lastIndex = offset
    return pattern.exec(text)
  }
}

export const Identifier = createToken({
  name: 'Identifier',
  label: 'a name',
  pattern: unicode('[\\p{L}_][\\p{L}\\p{N}_]*'),
  line_breaks: false,
})

function category(name: string, label: string): TokenType {
  return createToken({ name, label, pattern: Lexer.NA })
}

export const StatementWord = category('StatementWord', 'a keyword')
export const RoleWord = category('RoleWord', 'data, memory, param, state or input')
export const RuleWord = category('RuleWord', 'flow, write or forget')
export const BinaryOperator = category('BinaryOperator', 'an operator')
export const PrefixOperator = category('PrefixOperator', "'-', '+' or 'not'")

function word(text: string, ...categories: TokenType[]): TokenType {
  return createToken({ name: `Word_${text}`, label: `'${text}'`, pattern: text, longer_alt: Identifier, categories })
}

function sign(name: string, text: string, ...categories: TokenType[]): TokenType {
  return createToken({ name, label: `'${text}'`, pattern: text, categories })
}

export const Model = word('model', StatementWord)
export const Axis = word('axis', StatementWord)
export const Let = word('let', StatementWord)
export const Def = word('def', StatementWord)
export const Energy = word('energy', StatementWord)
export const Objective = word('objective', StatementWord)
const roleWords = ['data', 'memory', 'param', 'state', 'input'].map((text) => word(text, StatementWord, RoleWord))
const ruleWords = ['flow', 'write', 'forget'].map((text) => word(text, StatementWord, RuleWord))
const statementWords = [Model, Axis, ...roleWords, Let, Def, Energy, ...ruleWords, Objective]

/** Every word that may start a statement, for did-you-mean. */
export const statementKeywords: readonly string[] = statementWords.map((type) => String(type.PATTERN))

export const And = word('and', BinaryOperator)
export const Or = word('or', BinaryOperator)
export const Not = word('not', PrefixOperator)

export const With = word('with', Identifier)
export const In = word('in', Identifier)
export const Censored = word('censored', Identifier)
export const Lagrangian = word('lagrangian', Identifier)
export const Tau = word('tau', Identifier)
export const Else = word('else', Identifier)
export const Temperature = word('temperature', Identifier)
export const From = word('from', Identifier)
export const OverNames = word('over', Identifier)
export const Noise = word('noise', Identifier)
export const Step = word('step', Identifier)
export const Jump = word('jump', Identifier)
export const Where = word('where', Identifier)

/** What a number must not run into: `1_000`, `2x`, `1.2.3`. */
export const BadNumber = createToken({
  name: 'BadNumber',
  label: 'a number',
  pattern: unicode('(?:[0-9]|\\.[0-9])(?:[eE][+-]?[0-9]|[\\p{L}\\p{N}_.])*'),
  line_breaks: false,
})
export const NumberLiteral = createToken({
  name: 'NumberLiteral',
  label: 'a number',
  pattern: /(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/,
  longer_alt: BadNumber,
})

export const Power = sign('Power', '^', BinaryOperator)
export const Times = sign('Times', '*', BinaryOperator)
export const Over = sign('Over', '/', BinaryOperator)
export const Plus = sign('Plus', '+', BinaryOperator, PrefixOperator)
export const Minus = sign('Minus', '-', BinaryOperator, PrefixOperator)
export const Equal = sign('Equal', '==', BinaryOperator)
export const NotEqual = sign('NotEqual', '!=', BinaryOperator)
export const LessEqual = sign('LessEqual', '<=', BinaryOperator)
export const GreaterEqual = sign('GreaterEqual', '>=', BinaryOperator)
export const Less = sign('Less', '<', BinaryOperator)
export const Greater = sign('Greater', '>', BinaryOperator)

export const Arrow = sign('Arrow', '->')
export const Assign = sign('Assign', '=')
export const Tilde = sign('Tilde', '~')
export const Colon = sign('Colon', ':')
export const Comma = sign('Comma', ',')
export const OpenRound = sign('OpenRound', '(')
export const CloseRound = sign('CloseRound', ')')
export const OpenSquare = sign('OpenSquare', '[')
export const CloseSquare = sign('CloseSquare', ']')

export const Newline = createToken({ name: 'Newline', label: 'the end of the line', pattern: /\r\n|\n|\r/, line_breaks: true })
const Space = createToken({
  name: 'Space',
  pattern: /[^\S\r\n]+/,
  line_breaks: false,
  group: Lexer.SKIPPED,
})
export const CommentText = createToken({ name: 'Comment', pattern: /#[^\r\n]*/, line_breaks: false, group: 'comments' })

/** Signs of other languages: lexed so that their users can be told what to write instead (`foreign.ts`). */
function foreign(name: string, pattern: RegExp, line_breaks = false): TokenType {
  return createToken({ name, pattern, line_breaks })
}
export const Semicolon = foreign('Semicolon', /;/)
export const SlashComment = foreign('SlashComment', /\/\/[^\r\n]*/)
export const BlockComment = foreign('BlockComment', /\/\*[\s\S]*?(?:\*\/|(?![\s\S]))/, true)
export const StarStar = foreign('StarStar', /\*\*/)
export const DotOperator = foreign('DotOperator', /\.[*/^]/)
export const Increment = foreign('Increment', /[+\-*/]=/)
export const ColonAssign = foreign('ColonAssign', /:=/)
export const AndAnd = foreign('AndAnd', /&&/)
export const OrOr = foreign('OrOr', /\|\|/)
export const Bang = foreign('Bang', /!/)
export const Brace = foreign('Brace', /[{}]/)
/** `@` of Python, `%*%` of R. */
export const MatrixProduct = foreign('MatrixProduct', /@|%[*xo]%/)
export const BackwardGreater = foreign('BackwardGreater', /=>/)
export const BackwardLess = foreign('BackwardLess', /=</)
export const LessGreater = foreign('LessGreater', /<>/)
/** An element of an axis by its label, written as in JSON. */
export const Text = createToken({
  name: 'Text',
  label: 'a text in quotes',
  pattern: unicode('"(?:[^"\\\\\\u0000-\\u001f]|\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4}))*"'),
  line_breaks: false,
})
/** A quote right after a name or a bracket is a transpose. */
export const Quoted = createToken({
  name: 'Quoted',
  pattern: unicode('"[^"\\r\\n]*"?|(?<![\\p{L}\\p{N}_\\])])\'[^\'\\r\\n]*\''),
  line_breaks: false,
})
export const Unknown = createToken({ name: 'Unknown', pattern: unicode('[^]'), line_breaks: false })

const foreignSigns = [
  Semicolon,
  SlashComment,
  BlockComment,
  StarStar,
  DotOperator,
  Increment,
  ColonAssign,
  AndAnd,
  OrOr,
  Bang,
  Brace,
  MatrixProduct,
  BackwardGreater,
  BackwardLess,
  LessGreater,
  Quoted,
]
const twoLetterSigns = [Equal, NotEqual, LessEqual, GreaterEqual, Arrow]
const signs = [Power, Times, Over, Plus, Minus, Less, Greater, Assign, Tilde, Colon, Comma]
const brackets = [OpenRound, CloseRound, OpenSquare, CloseSquare]

/** In the order the lexer tries them: longer signs before their beginnings, words before names, `Unknown` last. */
const lexed: TokenType[] = [
  Newline,
  Space,
  CommentText,
  ...twoLetterSigns,
  Text,
  ...foreignSigns,
  ...signs,
  ...brackets,
  NumberLiteral,
  BadNumber,
  ...statementWords,
  And,
  Or,
  Not,
  With,
  In,
  Censored,
  Lagrangian,
  Tau,
  Else,
  Temperature,
  From,
  OverNames,
  Noise,
  Step,
  Jump,
  Where,
  Identifier,
  Unknown,
]

/** What the parser must know: the lexed tokens and their categories. */
export const vocabulary: TokenType[] = [StatementWord, RoleWord, RuleWord, BinaryOperator, PrefixOperator, ...lexed]

let shared: Lexer | undefined

export interface Lexed {
  /** Without white space and comments, with newlines. */
  readonly tokens: readonly IToken[]
  readonly comments: readonly IToken[]
}

/** Never fails: what is no token of ours is `Unknown`, one character each. */
export function lex(text: string): Lexed {
  shared ??= newLexer()
  const { tokens, groups } = shared.tokenize(text)
  return { tokens, comments: groups.comments ?? [] }
}

/**
 * `validate`: look for patterns that can never match. A test does, so that starting need not. Patterns are tried one by
 * one: sorting them by first characters takes longer than reading any usual model.
 */
export function newLexer(validate = false): Lexer {
  return new Lexer(lexed, { positionTracking: 'onlyOffset', safeMode: true, skipValidations: !validate })
}

/** Tokens that stand for others (`foreign.ts`) say where those end. */
export function tokenEnd(token: IToken): number {
  return token.endOffset === undefined ? token.startOffset + token.image.length : token.endOffset + 1
}

export function tokenSpan(token: IToken): Span {
  return span(token.startOffset, tokenEnd(token))
}
