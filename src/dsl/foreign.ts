import type { IToken, TokenType } from 'chevrotain'
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { type Span, span } from '../base/source.ts'
import * as t from './tokens.ts'

export interface Swept {
  /** Tokens the grammar knows, newlines, and those of `spoilt`. */
  readonly tokens: readonly IToken[]
  /** Their statements cannot be parsed, and their trouble is already reported. */
  readonly spoilt: ReadonlySet<IToken>
  readonly problems: readonly Diagnostic[]
}

/** `spoil` leaves the statement unparsed; `drop`, `newline` and a token type let it be parsed as if that had been written. */
interface ForeignTreatment {
  readonly as: 'spoil' | 'drop' | 'newline' | TokenType
  readonly message: (image: string) => string
  readonly hint: string
}

const notOurs = (image: string) => `${quote(image)} is not part of the language`

/** What habits of other languages become. */
const treatments: ReadonlyMap<TokenType, ForeignTreatment> = new Map<TokenType, ForeignTreatment>([
  [t.Semicolon, { as: 'newline', message: notOurs, hint: 'a statement ends with its line' }],
  [t.SlashComment, { as: 'drop', message: () => "'//' does not start a comment", hint: 'comments start with #' }],
  [t.BlockComment, { as: 'newline', message: () => "'/*' does not start a comment", hint: 'comments start with # and end with the line' }],
  [t.StarStar, { as: t.Power, message: notOurs, hint: 'powers are written x^2' }],
  [t.DotOperator, { as: 'spoil', message: notOurs, hint: 'operations are elementwise by name of axis: leave out the dot' }],
  [
    t.Increment,
    {
      as: 'spoil',
      message: notOurs,
      hint: "an energy statement adds to E: 'target += lp' is written 'energy -(lp)'; an update is 'write T = T + x'",
    },
  ],
  [t.ColonAssign, { as: 'spoil', message: notOurs, hint: "values are given with '=': let x = ... for one that follows from others" }],
  [t.AndAnd, { as: t.And, message: notOurs, hint: "write 'and'" }],
  [t.OrOr, { as: t.Or, message: notOurs, hint: "write 'or'; the length of a vector is norm[axis](x)" }],
  [t.Bang, { as: t.Not, message: notOurs, hint: "write 'not'" }],
  [t.Brace, { as: 'spoil', message: notOurs, hint: 'there are no blocks: declare each variable with its role, as in state x[pixel]' }],
  [t.MatrixProduct, { as: 'spoil', message: notOurs, hint: 'a matrix product sums over the axis that both have: sum[axis](a * b)' }],
  [t.BackwardGreater, { as: t.GreaterEqual, message: notOurs, hint: "write '>='" }],
  [t.BackwardLess, { as: t.LessEqual, message: notOurs, hint: "write '<='" }],
  [t.LessGreater, { as: t.NotEqual, message: notOurs, hint: "write '!='" }],
  [
    t.Quoted,
    {
      as: 'spoil',
      message: () => 'this is not a valid text',
      hint: 'a text is in double quotes on one line, with backslashes doubled; it names an element of an axis',
    },
  ],
])

/** Characters that are near a sign of the language. */
const lookalikes: ReadonlyMap<string, string> = new Map([
  ['−', "write '-'"],
  ['–', "write '-'"],
  ['—', "write '-'"],
  ['×', "write '*'"],
  ['·', "write '*'"],
  ['⋅', "write '*'"],
  ['∗', "write '*'"],
  ['÷', "write '/'"],
  ['≤', "write '<='"],
  ['≥', "write '>='"],
  ['≠', "write '!='"],
  ['∼', "write '~'"],
  ['→', "write '->'"],
  ['←', "write '=' or '~'"],
  ['∞', 'write inf'],
  ['∑', 'write sum[axis](...)'],
  ['√', 'write sqrt(...)'],
  ["'", 'there is no transpose: axes have names, so products need none; rename an axis with x[a -> b]'],
  ['|', "write 'or', or abs(x) for an absolute value; a distribution is y ~ normal(mu, 1), without what it is given"],
  ['?', 'a choice is written where(condition, a, b)'],
  ['.', 'names have no dots: np.sum(x) is sum[axis](x), and dist.Normal(0, 1) is normal(0, 1)'],
  ['$', 'names have no dots or dollars: a column of a table is a variable of its own'],
  ['&', "write 'and'"],
  ['%', 'there is no remainder operator; comments start with #'],
])

/** Takes out what no statement can hold, with one diagnostic for each kind of foreign sign and for each run of unknown characters. */
export function sweep(tokens: readonly IToken[]): Swept {
  const kept: IToken[] = []
  const spoilt = new Set<IToken>()
  const foreign = new Map<TokenType, IToken[]>()
  const strange: IToken[][] = []
  const problems: Diagnostic[] = []
  for (const token of tokens) {
    const treatment = treatments.get(token.tokenType)
    if (treatment) {
      const same = foreign.get(token.tokenType)
      if (same) same.push(token)
      else foreign.set(token.tokenType, [token])
      const instead = replacement(token, treatment)
      if (instead) kept.push(instead)
      if (treatment.as === 'spoil') spoilt.add(token)
      continue
    }
    kept.push(token)
    if (token.tokenType === t.Unknown) addToRun(strange, token)
    else if (token.tokenType === t.BadNumber) problems.push(malformed(token))
    else continue
    spoilt.add(token)
  }
  for (const [type, all] of foreign) problems.push(foreignSign(must(treatments.get(type), 'treatment'), all, blockOf(tokens, all)))
  for (const run of strange) problems.push(unexpected(run))
  return { tokens: kept, spoilt, problems }
}

function replacement(token: IToken, { as }: ForeignTreatment): IToken | undefined {
  if (as === 'drop') return undefined
  if (as === 'spoil') return token
  const type = as === 'newline' ? t.Newline : as
  return {
    ...token,
    tokenType: type,
    tokenTypeIdx: must(type.tokenTypeIdx, 'index of a token type'),
    image: canonical(type, token.image),
    endOffset: t.tokenEnd(token) - 1,
  }
}

/** The text that the grammar's actions read: `&&` acts as `and`. */
function canonical(type: TokenType, image: string): string {
  return type === t.Newline ? image : String(type.PATTERN)
}

function addToRun(runs: IToken[][], token: IToken): void {
  const last = runs.at(-1)
  const before = last?.at(-1)
  if (last && before && t.tokenEnd(before) === token.startOffset && before.image === token.image) last.push(token)
  else runs.push([token])
}

/** What to write for Stan's block of generated quantities, where there is one: its words stand before the brace. */
function blockOf(tokens: readonly IToken[], signs: readonly IToken[]): string | undefined {
  if (signs[0]?.tokenType !== t.Brace) return undefined
  return tokens.some(({ image }, i) => image === 'quantities' && tokens[i + 1]?.image === '{') ? generated : undefined
}

const generated =
  'there are no blocks: new data are drawn by amp sample --predict y, and a let is among the results of amp sample --report NAME'

function foreignSign(treatment: ForeignTreatment, all: readonly IToken[], block?: string): Diagnostic {
  const first = must(all[0], 'foreign sign')
  const more = all.length === 1 ? '' : ` (${all.length} places in this file)`
  return diagnostic('AMP113', treatment.message(first.image) + more, { span: signSpan(first), hint: block ?? treatment.hint })
}

/** A comment may be long; its first two signs are what is wrong with it. */
function signSpan(token: IToken): Span {
  const isComment = token.tokenType === t.SlashComment || token.tokenType === t.BlockComment
  return isComment ? span(token.startOffset, token.startOffset + 2) : t.tokenSpan(token)
}

function unexpected(run: readonly IToken[]): Diagnostic {
  const first = must(run[0], 'character')
  const hint = lookalikes.get(first.image)
  return diagnostic('AMP101', `unexpected character ${describe(first.image)}`, {
    span: span(first.startOffset, t.tokenEnd(must(run.at(-1), 'character'))),
    ...(hint && { hint }),
  })
}

/** A character as itself where it can be seen, else by its code point. */
function describe(character: string): string {
  const code = `U+${must(character.codePointAt(0), 'code point').toString(16).toUpperCase().padStart(4, '0')}`
  return /^[\p{L}\p{P}\p{S}]$/u.test(character) && character.charCodeAt(0) < 0x3000 ? `'${character}'` : code
}

function malformed(token: IToken): Diagnostic {
  return diagnostic('AMP102', `${quote(token.image)} is not a number`, { span: t.tokenSpan(token), hint: numberHint(token.image) })
}

function numberHint(image: string): string {
  const [, digits = '', rest = ''] = /^([0-9]+(?:\.[0-9]+)?)(.*)$/u.exec(image) ?? []
  if (image.length > 24) return 'numbers are written 3, 0.5 or 1e-12'
  if (/^[0-9_.]*_[0-9_.]*$/.test(image)) return `write it without '_': ${image.replaceAll('_', '')}`
  if (rest === '.') return `write ${digits}.0 or ${digits}`
  if (/^\p{L}[\p{L}\p{N}_]*$/u.test(rest) && !/^[eE]/.test(rest))
    return `a product is written ${digits} * ${rest}; a name cannot start with a digit`
  return 'numbers are written 3, 0.5 or 1e-12'
}

/** The user's text in quotes, cut where it is long. */
export function quote(text: string): string {
  return text.length > 24 ? `'${text.slice(0, 23)}…'` : `'${text}'`
}
