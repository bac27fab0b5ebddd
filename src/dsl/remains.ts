import type { IToken, TokenType } from 'chevrotain'
import { must } from '../base/internal-error.ts'
import { span } from '../base/source.ts'
import type { Broken, Name } from './ast.ts'
import { is } from './lines.ts'
import * as t from './tokens.ts'

/** What a statement that could not be read still tells: its keyword, its name, and the other names in it. */
export function remains(tokens: readonly IToken[]): Broken {
  const first = must(tokens[0], 'first token')
  const hasKeyword = is(first, t.StatementWord) || isTemperature(tokens) || isMotion(tokens)
  const [second] = tokens.slice(hasKeyword ? 1 : 0)
  const name = isName(second) ? nameOf(second) : undefined
  const words = tokens.filter((token, i) => token !== second && token !== first && !isOfGrammar(token, tokens[i - 1])).flatMap(namesIn)
  const axes = is(first, t.RoleWord) ? axesOf(tokens) : first.tokenType === t.Def ? parametersOf(tokens) : undefined
  return {
    ...(hasKeyword ? { keyword: first.image } : {}),
    ...(name === undefined ? {} : { name }),
    words,
    ...(axes === undefined ? {} : { axes }),
    span: span(first.startOffset, t.tokenEnd(must(tokens.at(-1), 'last token'))),
  }
}

/** `temperature =` begins a statement; elsewhere it is a name. */
function isTemperature([first, second]: readonly IToken[]): boolean {
  return first?.tokenType === t.Temperature && second?.tokenType === t.Assign
}

/** `step x` and `jump x` begin statements, too. */
function isMotion([first, second]: readonly IToken[]): boolean {
  return (first?.tokenType === t.Step || first?.tokenType === t.Jump) && is(second, t.Identifier)
}

/** What is wrong with the axes of a declaration; undefined where they are whole, or there are none. */
function axesOf(tokens: readonly IToken[]): Broken['axes'] {
  const end = tokens.findIndex(({ tokenType }) => afterAxes.has(tokenType))
  const named = tokens.slice(0, end === -1 ? tokens.length : end)
  const isOpen = named.some(({ tokenType }) => tokenType === t.OpenSquare)
  if (tokens[end]?.tokenType === t.CloseSquare) return isOpen ? undefined : 'joined'
  if (end !== -1) return undefined
  const last = named.at(-1)?.tokenType
  if (last === t.OpenSquare || last === t.Comma || is(named.at(-1), t.RoleWord)) return 'cut'
  return isOpen ? 'open' : undefined
}

/** `def fx) = x`: the name and the first parameter may be one word. */
function parametersOf(tokens: readonly IToken[]): Broken['axes'] {
  const bracket = tokens.find(({ tokenType }) => tokenType === t.OpenRound || tokenType === t.CloseRound || tokenType === t.Assign)
  return bracket?.tokenType === t.CloseRound ? 'joined' : undefined
}

/** What ends the axes of a declaration, or shows that it has none. */
const afterAxes: ReadonlySet<TokenType> = new Set([t.CloseSquare, t.Colon, t.Assign, t.Tilde, t.With, t.From])

function isName(token: IToken | undefined): token is IToken {
  return is(token, t.Identifier)
}

/** `with`, `in` and their like are names where nothing else can stand, and then rarely. */
function isOfGrammar({ tokenType }: IToken, before: IToken | undefined): boolean {
  if (tokenType === t.Tau) return before?.tokenType === t.With || before?.tokenType === t.Comma
  return grammarWords.has(tokenType)
}

const grammarWords: ReadonlySet<TokenType> = new Set([t.With, t.In, t.Censored, t.Lagrangian, t.Else])

/** A text that does not end on its line may hold what was meant to stand behind it. */
function namesIn(token: IToken): readonly Name[] {
  if (token.tokenType !== t.Quoted) return isName(token) ? [nameOf(token)] : []
  return [...token.image.matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)].map(({ 0: text, index }) => {
    const start = token.startOffset + index
    return { text, span: span(start, start + text.length) }
  })
}

function nameOf(token: IToken): Name {
  return { text: token.image, span: t.tokenSpan(token) }
}
