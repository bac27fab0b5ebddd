import type { IToken, TokenType } from 'chevrotain'
import { must } from '../base/internal-error.ts'
import * as t from './tokens.ts'

const closing: ReadonlyMap<TokenType, TokenType> = new Map([
  [t.CloseRound, t.OpenRound],
  [t.CloseSquare, t.OpenSquare],
])

export function isOpener(type: TokenType): boolean {
  return type === t.OpenRound || type === t.OpenSquare
}

/** The opening bracket that this closing bracket needs, if it is one. */
export function openerOf(type: TokenType): TokenType | undefined {
  return closing.get(type)
}

export function is(token: IToken | undefined, category: TokenType): boolean {
  return token !== undefined && (token.tokenType === category || (token.tokenType.CATEGORIES?.includes(category) ?? false))
}

/**
 * Cuts a file into statements. A newline ends one, except inside brackets, after a token that cannot end a statement and
 * before one that cannot start one. A line that starts with a statement's keyword always starts a statement, and one that
 * is not indented further does where the bracket it would lie in is never closed: so one slip does not hide what follows it.
 */
export function* splitIntoLines(tokens: readonly IToken[], text: string): Generator<readonly IToken[]> {
  const { unclosed, openers } = pairBrackets(tokens)
  const closedLater = beforeStrayCloser(tokens, openers)
  let current: IToken[] = []
  let open: IToken[] = []
  let atLineStart = false
  // A text that does not end on its line may hold brackets.
  let quoted = false
  for (const [i, token] of tokens.entries()) {
    if (token.tokenType === t.Newline) {
      atLineStart = true
      continue
    }
    if (atLineStart && current.length > 0 && startsStatement(current, open, token, i)) {
      yield current
      current = []
      open = []
      quoted = false
    }
    atLineStart = false
    current.push(token)
    quoted ||= token.tokenType === t.Quoted
    if (isOpener(token.tokenType)) open.push(token)
    else open = withoutFrom(open, openers.get(token))
  }
  if (current.length > 0) yield current

  function startsStatement(before: readonly IToken[], brackets: readonly IToken[], token: IToken, i: number): boolean {
    if (is(token, t.StatementWord)) return true
    const outermost = brackets[0]
    if ((quoted || closedLater[i]) && (goesOn(before, token, text) || openerOf(token.tokenType))) return false
    if (outermost) return unclosed.has(outermost) && !goesOn(before, token, text) && !openerOf(token.tokenType)
    // `from (...)` further in goes on; at the edge it may be a call.
    if (token.tokenType === t.From && is(before[0], t.RoleWord) && goesOn(before, token, text)) return false
    return !cannotEnd(before) && !cannotStart(token, tokens[i + 1], before)
  }
}

/** Of each token, whether a line further on, of no new statement, starts with a bracket that closes none: one before it is gone. */
function beforeStrayCloser(tokens: readonly IToken[], openers: ReadonlyMap<IToken, IToken>): readonly boolean[] {
  const found: boolean[] = []
  let isBefore = false
  for (let i = tokens.length - 1; i >= 0; i -= 1) {
    const token = must(tokens[i], 'token')
    const startsLine = tokens[i - 1]?.tokenType === t.Newline
    if (startsLine && openerOf(token.tokenType) && !openers.has(token)) isBefore = true
    found[i] = isBefore
    if (startsLine && is(token, t.StatementWord)) isBefore = false
  }
  return found
}

/** Where within a statement that does not read a line starts that may be a statement by itself. */
export function nextStatement(tokens: readonly IToken[], text: string): number | undefined {
  const at = tokens.findIndex((token, i) => {
    const before = tokens[i - 1]
    if (!before || !/[\r\n]/.test(text.slice(t.tokenEnd(before), token.startOffset))) return false
    return (
      !goesOn(tokens, token, text) &&
      !cannotStart(token, tokens[i + 1], token.tokenType === t.Where ? tokens.slice(0, i) : []) &&
      !openerOf(token.tokenType)
    )
  })
  return at === -1 ? undefined : at
}

/** Whether this token, the first of its line, is indented further than the statement. */
function goesOn([first]: readonly IToken[], token: IToken, text: string): boolean {
  return first !== undefined && indentation(token, text) > indentation(first, text)
}

function indentation({ startOffset }: IToken, text: string): number {
  let start = startOffset
  while (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\r') start -= 1
  return startOffset - start
}

const alwaysGoOn: ReadonlySet<TokenType> = new Set([t.Comma, t.Assign, t.Tilde, t.Colon, t.Arrow])

/** Whether a statement that has come to this token needs more. */
function cannotEnd(tokens: readonly IToken[]): boolean {
  const last = must(tokens.at(-1), 'last token')
  if (is(last, t.BinaryOperator) || is(last, t.PrefixOperator) || alwaysGoOn.has(last.tokenType)) return true
  if (last.tokenType === t.With || last.tokenType === t.From || last.tokenType === t.Where || isModifier(last))
    return endsOperand(tokens.at(-2)) && !isPartWord(tokens, tokens.length - 2)
  return isPartWord(tokens, tokens.length - 1)
}

/** Whether this `lagrangian`, `tau` or `noise` announces a part of a statement; outside of brackets a comma comes before nothing else. */
function isPartWord(tokens: readonly IToken[], i: number): boolean {
  const type = tokens[i]?.tokenType
  if (type !== t.Lagrangian && type !== t.Tau && type !== t.Noise) return false
  const before = tokens[i - 1]?.tokenType
  return before === t.Comma || (before === t.With && endsOperand(tokens[i - 2]))
}

/** `with`, `from`, `where`, `in` and `censored` are words of the grammar after an operand, and names elsewhere. */
export function endsOperand(token: IToken | undefined): boolean {
  return is(token, t.Identifier) || token?.tokenType === t.NumberLiteral || openerOf(token?.tokenType ?? t.Comma) !== undefined
}

function cannotStart(token: IToken, next: IToken | undefined, before: readonly IToken[]): boolean {
  if (is(token, t.BinaryOperator) || alwaysGoOn.has(token.tokenType)) return true
  if (token.tokenType === t.With) return [t.Lagrangian, t.Tau, t.Noise].some((type) => next?.tokenType === type)
  if (token.tokenType === t.Where && isJump(before)) return true
  // No statement starts with two operands in a row.
  if (token.tokenType === t.From) return is(next, t.Identifier) || next?.tokenType === t.NumberLiteral || next?.tokenType === t.Text
  return isModifier(token) && next?.tokenType === t.OpenRound
}

/** Whether these are a jump of which the condition has not been said. */
function isJump(tokens: readonly IToken[]): boolean {
  const [first, second] = tokens
  if (first?.tokenType !== t.Jump || !is(second, t.Identifier)) return false
  return !tokens.some((token, i) => token.tokenType === t.Where && endsOperand(tokens[i - 1]))
}

/** The words that change a family, with an interval after them. */
function isModifier(token: IToken): boolean {
  return token.tokenType === t.In || token.tokenType === t.Censored
}

/** What is open after the bracket that `opener` opened has closed. */
function withoutFrom(open: IToken[], opener: IToken | undefined): IToken[] {
  const first = open[0]
  if (!opener || !first || opener.startOffset < first.startOffset) return open
  while (open.length > 0 && open.pop() !== opener);
  return open
}

interface Pairs {
  /** The opening brackets that nothing closes before the next line that starts with a keyword. */
  readonly unclosed: ReadonlySet<IToken>
  /** The opening bracket of each closing one that has one. */
  readonly openers: ReadonlyMap<IToken, IToken>
}

/** One pass over the whole file. */
function pairBrackets(tokens: readonly IToken[]): Pairs {
  const unclosed = new Set<IToken>()
  const openers = new Map<IToken, IToken>()
  const open: IToken[] = []
  const counts = new Map<TokenType, number>()
  const count = (type: TokenType, change: number) => counts.set(type, (counts.get(type) ?? 0) + change)
  const giveUp = () => {
    const opener = must(open.pop(), 'open bracket')
    count(opener.tokenType, -1)
    return opener
  }
  tokens.forEach((token, i) => {
    const wanted = openerOf(token.tokenType)
    if (is(token, t.StatementWord) && tokens[i - 1]?.tokenType === t.Newline) {
      while (open.length > 0) unclosed.add(giveUp())
    } else if (isOpener(token.tokenType)) {
      open.push(token)
      count(token.tokenType, 1)
    } else if (wanted && (counts.get(wanted) ?? 0) > 0) {
      let opener = giveUp()
      for (; opener.tokenType !== wanted; opener = giveUp()) unclosed.add(opener)
      openers.set(token, opener)
    }
  })
  for (const opener of open) unclosed.add(opener)
  return { unclosed, openers }
}
