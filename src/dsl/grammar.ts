import { EmbeddedActionsParser, type IParserErrorMessageProvider, type IToken, type ParserMethod, tokenLabel } from 'chevrotain'
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { cover, type Span, span } from '../base/source.ts'
import type { Role } from '../middle/model.ts'
import type {
  Argument,
  AxisStatement,
  Call,
  Declaration,
  DefStatement,
  EnergyStatement,
  Expr,
  FamilyCall,
  IntervalExpr,
  LetStatement,
  ModelStatement,
  Name,
  ObjectiveStatement,
  RuleStatement,
  StartSyntax,
  Statement,
  Subscript,
  TemperatureStatement,
  TextLiteral,
  TypeSyntax,
} from './ast.ts'
import { is } from './lines.ts'
import { type Operand, treeOf } from './operators.ts'
import * as t from './tokens.ts'

/** What was expected, in words; `syntax-error.ts` makes the sentence. */
const expectation: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => tokenLabel(expected),
  buildNotAllInputParsedMessage: () => 'the end of the line',
  buildNoViableAltMessage: ({ customUserDescription }) => customUserDescription ?? '',
  buildEarlyExitMessage: ({ customUserDescription }) => customUserDescription ?? '',
}

/**
 * The grammar of one statement, a rule a property. Rules build the syntax tree as they go; operators are left as a flat
 * chain that `treeOf` folds, so only brackets recurse.
 */
export class StatementParser extends EmbeddedActionsParser {
  /** What is wrong with the statement although its tokens fit the grammar. */
  problems: Diagnostic[] = []

  /** `validate`: look for ambiguities and left recursion. A test does, so that starting need not. */
  constructor(validate = false) {
    super(t.vocabulary, { maxLookahead: 2, errorMessageProvider: expectation, recoveryEnabled: false, skipValidations: !validate })
    this.performSelfAnalysis()
  }

  readonly statement: ParserMethod<[], Statement> = this.RULE('statement', () =>
    this.OR<Statement>({
      DEF: [
        { ALT: () => this.SUBRULE(this.modelStatement) },
        { ALT: () => this.SUBRULE(this.axisStatement) },
        { ALT: () => this.SUBRULE(this.declaration) },
        { ALT: () => this.SUBRULE(this.letStatement) },
        { ALT: () => this.SUBRULE(this.defStatement) },
        { ALT: () => this.SUBRULE(this.energyStatement) },
        { ALT: () => this.SUBRULE(this.ruleStatement) },
        { ALT: () => this.SUBRULE(this.objectiveStatement) },
        { GATE: () => this.LA(2).tokenType === t.Assign, ALT: () => this.SUBRULE(this.temperatureStatement) },
        { GATE: () => is(this.LA(2), t.Identifier), ALT: () => this.SUBRULE(this.stepStatement) },
        { GATE: () => is(this.LA(2), t.Identifier), ALT: () => this.SUBRULE(this.jumpStatement) },
        { ALT: () => this.SUBRULE(this.densityStatement) },
      ],
      MAX_LOOKAHEAD: 1,
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: 'a statement',
    }),
  )

  readonly modelStatement = this.RULE('modelStatement', (): ModelStatement => {
    const start = this.CONSUME(t.Model).startOffset
    const name = this.SUBRULE(this.name)
    return { kind: 'model', name, span: this.since(start) }
  })

  readonly axisStatement = this.RULE('axisStatement', (): AxisStatement => {
    const start = this.CONSUME(t.Axis).startOffset
    const name = this.SUBRULE(this.name)
    const labels = this.OPTION1({ GATE: () => this.LA(3).tokenType === t.Text, DEF: () => this.SUBRULE(this.labels) })
    const size = this.OPTION2({ GATE: () => labels === undefined, DEF: () => this.SUBRULE(this.assigned) })
    const prior = this.OPTION3(() => this.SUBRULE(this.prior))
    return { kind: 'axis', name, ...(labels && { labels }), ...(size && { size }), ...(prior && { prior }), span: this.since(start) }
  })

  /** `= ("low", "mid", "high")` */
  readonly labels: ParserMethod<[], TextLiteral[]> = this.RULE('labels', () => {
    const found: TextLiteral[] = []
    this.CONSUME(t.Assign)
    this.CONSUME(t.OpenRound)
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => found.push(literal(this.CONSUME(t.Text))), ERR_MSG: 'a text in quotes' })
    this.CONSUME(t.CloseRound)
    return found
  })

  readonly declaration = this.RULE('declaration', (): Declaration => {
    const role = this.CONSUME(t.RoleWord)
    const name = this.SUBRULE(this.name)
    const axes = this.OPTION1(() => this.SUBRULE(this.axes)) ?? []
    const type = this.OPTION2(() => this.SUBRULE(this.typeSyntax))
    const value = this.OPTION3(() => this.SUBRULE(this.assigned))
    const prior = this.OPTION4(() => this.SUBRULE(this.prior))
    const start = this.OPTION5(() => this.SUBRULE(this.start))
    const dynamics = this.OPTION6(() => this.SUBRULE(this.dynamics)) ?? {}
    return {
      kind: 'declaration',
      role: role.image as Role,
      name,
      axes,
      ...(type && { type }),
      ...(value && { default: value }),
      ...(prior && { prior }),
      ...(start && { start }),
      ...dynamics,
      span: this.since(role.startOffset),
    }
  })

  readonly letStatement = this.RULE('letStatement', (): LetStatement => {
    const start = this.CONSUME(t.Let).startOffset
    const name = this.SUBRULE(this.name)
    const value = this.SUBRULE(this.assigned)
    return { kind: 'let', name, value, span: this.since(start) }
  })

  readonly defStatement = this.RULE('defStatement', (): DefStatement => {
    const start = this.CONSUME(t.Def).startOffset
    const name = this.SUBRULE(this.name)
    const axes = this.OPTION(() => this.SUBRULE(this.axes)) ?? []
    const parameters: Name[] = []
    this.CONSUME(t.OpenRound)
    this.MANY_SEP({ SEP: t.Comma, DEF: () => parameters.push(this.SUBRULE1(this.name)) })
    this.CONSUME(t.CloseRound)
    const body = this.SUBRULE(this.assigned)
    return { kind: 'def', name, axes, parameters, body, span: this.since(start) }
  })

  readonly energyStatement = this.RULE('energyStatement', (): EnergyStatement => {
    const start = this.CONSUME(t.Energy).startOffset
    const name = this.OPTION({ GATE: () => this.LA(2).tokenType === t.Assign, DEF: () => this.SUBRULE(this.nameAndSign) })
    const value = this.SUBRULE(this.expression)
    return { kind: 'energy', ...(name && { name }), value, span: this.since(start) }
  })

  readonly ruleStatement = this.RULE('ruleStatement', (): RuleStatement => {
    const word = this.CONSUME(t.RuleWord)
    const target = this.SUBRULE(this.name)
    const subscripts = this.OPTION(() => this.SUBRULE(this.subscripts)) ?? []
    const value = this.SUBRULE(this.assigned)
    const noise = this.OPTION1({ GATE: () => word.image === 'flow', DEF: () => this.SUBRULE(this.noise) })
    const kind = word.image as RuleStatement['kind']
    return { kind, target, subscripts, value, ...(noise && { noise }), span: this.since(word.startOffset) }
  })

  /** `with noise expr` */
  readonly noise = this.RULE('noise', (): Expr => {
    this.CONSUME(t.With)
    this.CONSUME(t.Noise)
    return this.SUBRULE(this.expression)
  })

  /** The words `step` and `jump` begin a statement before a name alone: elsewhere they are names. */
  readonly stepStatement = this.RULE('stepStatement', (): RuleStatement => {
    const start = this.CONSUME(t.Step).startOffset
    const target = this.SUBRULE(this.name)
    const subscripts = this.OPTION(() => this.SUBRULE(this.subscripts)) ?? []
    const value = this.SUBRULE(this.assigned)
    return { kind: 'step', target, subscripts, value, span: this.since(start) }
  })

  readonly jumpStatement = this.RULE('jumpStatement', (): RuleStatement => {
    const start = this.CONSUME(t.Jump).startOffset
    const target = this.SUBRULE(this.name)
    const subscripts = this.OPTION(() => this.SUBRULE(this.subscripts)) ?? []
    const value = this.SUBRULE(this.assigned)
    this.CONSUME(t.Where)
    const when = this.SUBRULE(this.expression)
    return { kind: 'jump', target, subscripts, value, when, span: this.since(start) }
  })

  readonly objectiveStatement = this.RULE('objectiveStatement', (): ObjectiveStatement => {
    const start = this.CONSUME(t.Objective).startOffset
    const name = this.SUBRULE(this.name)
    const over = this.OPTION(() => this.SUBRULE(this.overNames))
    const value = this.SUBRULE(this.assigned)
    return { kind: 'objective', name, ...(over && { over }), value, span: this.since(start) }
  })

  /** `over W, b` */
  readonly overNames: ParserMethod<[], Name[]> = this.RULE('overNames', () => {
    const found: Name[] = []
    this.CONSUME(t.OverNames)
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => found.push(this.SUBRULE(this.name)), ERR_MSG: 'a name' })
    return found
  })

  /** The word begins a statement before `=` alone: elsewhere it is a name. */
  readonly temperatureStatement = this.RULE('temperatureStatement', (): TemperatureStatement => {
    const start = this.CONSUME(t.Temperature).startOffset
    const value = this.SUBRULE(this.assigned)
    return { kind: 'temperature', value, span: this.since(start) }
  })

  readonly densityStatement = this.RULE('densityStatement', (): Statement => {
    const start = this.LA(1).startOffset
    const left = this.SUBRULE(this.expression)
    const right = this.SUBRULE(this.prior)
    return { kind: 'density', left, right, span: this.since(start) }
  })

  /** `= expr` */
  readonly assigned: ParserMethod<[], Expr> = this.RULE('assigned', () => {
    this.CONSUME(t.Assign)
    return this.SUBRULE(this.expression)
  })

  /** `name =` */
  readonly nameAndSign = this.RULE('nameAndSign', (): Name => {
    const name = this.SUBRULE(this.name)
    this.CONSUME(t.Assign)
    return name
  })

  /** `with lagrangian E, tau t`, either part alone or both in any order. */
  readonly dynamics = this.RULE('dynamics', (): { lagrangian?: Expr; tau?: Expr } => {
    const found: { lagrangian?: Expr; tau?: Expr } = {}
    this.CONSUME(t.With)
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        const word = this.OR({
          DEF: [{ ALT: () => this.CONSUME(t.Lagrangian) }, { ALT: () => this.CONSUME(t.Tau) }],
          ERR_MSG: "'lagrangian' or 'tau'",
        })
        const value = this.SUBRULE(this.expression)
        this.ACTION(() => {
          const part = word.tokenType === t.Tau ? 'tau' : 'lagrangian'
          if (found[part]) this.problems.push(repeated(word))
          found[part] = value
        })
      },
      ERR_MSG: "'lagrangian' or 'tau'",
    })
    return found
  })

  /** `: name[axes](args)` */
  readonly typeSyntax = this.RULE('typeSyntax', (): TypeSyntax => {
    this.CONSUME(t.Colon)
    const name = this.SUBRULE(this.name)
    const axes = this.OPTION1(() => this.SUBRULE(this.axes)) ?? []
    const args = this.OPTION2(() => this.SUBRULE(this.argumentList)) ?? []
    return this.ACTION(() => ({ name, axes, args, span: this.since(name.span.start) }))
  })

  /** `~ family[axes](args) in (a, b) censored (c, d)` */
  readonly prior = this.RULE('prior', (): FamilyCall => {
    this.CONSUME(t.Tilde)
    const family = this.SUBRULE(this.familyName)
    const axes = this.OPTION1(() => this.SUBRULE(this.axes)) ?? []
    const args = this.SUBRULE(this.argumentList)
    const range = this.OPTION2(() => this.SUBRULE(this.range))
    const censored = this.OPTION3(() => this.SUBRULE(this.censoring))
    const modifiers = { ...(range && { range }), ...(censored && { censored }) }
    return this.ACTION(() => ({ family, axes, args, ...modifiers, span: this.since(family.span.start) }))
  })

  /** `from expr in (a, b)` */
  readonly start = this.RULE('start', (): StartSyntax => {
    const start = this.CONSUME(t.From).startOffset
    const value = this.SUBRULE(this.expression)
    const range = this.OPTION(() => this.SUBRULE(this.range))
    return { value, ...(range && { range }), span: this.since(start) }
  })

  readonly familyName = this.RULE('familyName', (): Name => named(this.CONSUME(t.Identifier)))

  readonly range = this.RULE('range', (): IntervalExpr => {
    const start = this.CONSUME(t.In).startOffset
    const ends = this.SUBRULE(this.interval)
    return { ...ends, span: this.since(start) }
  })

  readonly censoring = this.RULE('censoring', (): IntervalExpr => {
    const start = this.CONSUME(t.Censored).startOffset
    const ends = this.SUBRULE(this.interval)
    return { ...ends, span: this.since(start) }
  })

  readonly interval: ParserMethod<[], Omit<IntervalExpr, 'span'>> = this.RULE('interval', () => {
    this.CONSUME(t.OpenRound)
    const lower = this.SUBRULE1(this.expression)
    this.CONSUME(t.Comma)
    const upper = this.SUBRULE2(this.expression)
    this.CONSUME(t.CloseRound)
    return { lower, upper }
  })

  /** `[a, b]` */
  readonly axes = this.RULE('axes', (): Name[] => {
    const found: Name[] = []
    this.CONSUME(t.OpenSquare)
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => found.push(this.SUBRULE(this.name)), ERR_MSG: 'the name of an axis' })
    this.CONSUME(t.CloseSquare)
    return found
  })

  /** `(x, name = y)` */
  readonly argumentList: ParserMethod<[], Argument[]> = this.RULE('argumentList', () => {
    const found: Argument[] = []
    this.CONSUME(t.OpenRound)
    this.MANY_SEP({ SEP: t.Comma, DEF: () => found.push(this.SUBRULE(this.argument)) })
    this.CONSUME(t.CloseRound)
    return found
  })

  readonly argument: ParserMethod<[], Argument> = this.RULE('argument', () => {
    const name = this.OPTION({ GATE: () => this.LA(2).tokenType === t.Assign, DEF: () => this.SUBRULE(this.nameAndSign) })
    const value = this.SUBRULE(this.expression)
    return { ...(name && { name }), value }
  })

  readonly expression: ParserMethod<[], Expr> = this.RULE('expression', () => {
    const operands = [this.SUBRULE1(this.operand)]
    const operators: IToken[] = []
    this.MANY(() => {
      operators.push(this.CONSUME(t.BinaryOperator))
      operands.push(this.SUBRULE2(this.operand))
    })
    return this.ACTION(() => treeOf(operands, operators, (problem) => this.problems.push(problem)))
  })

  readonly operand: ParserMethod<[], Operand> = this.RULE('operand', () => {
    const prefixes: IToken[] = []
    this.MANY(() => prefixes.push(this.CONSUME(t.PrefixOperator)))
    return { prefixes, primary: this.SUBRULE(this.primary) }
  })

  readonly primary: ParserMethod<[], Expr> = this.RULE('primary', () => {
    let found = this.OR<Expr>({
      DEF: [
        { ALT: () => this.SUBRULE(this.number) },
        { ALT: () => this.SUBRULE(this.text) },
        { ALT: () => this.SUBRULE(this.reference) },
        { ALT: () => this.SUBRULE(this.group) },
      ],
      ERR_MSG: 'an expression',
    })
    this.MANY(() => {
      const subscripts = this.SUBRULE(this.subscripts)
      found = this.ACTION(() => ({ kind: 'index', target: found, subscripts, span: this.since(found.span.start) }))
    })
    return found
  })

  readonly number = this.RULE('number', (): Expr => {
    const token = this.CONSUME(t.NumberLiteral)
    return this.ACTION(() => {
      const value = Number(token.image)
      if (value === Number.POSITIVE_INFINITY) this.problems.push(tooLarge(token))
      return { kind: 'number', value, text: token.image, span: t.tokenSpan(token) }
    })
  })

  readonly text = this.RULE('text', (): Expr => {
    const token = this.CONSUME(t.Text)
    return this.ACTION(() => ({ kind: 'text', ...literal(token) }))
  })

  /** `x`, `x[subscripts]`, `f(args)` or `f[axes](args)`: which it is shows after the bracket. */
  readonly reference: ParserMethod<[], Expr> = this.RULE('reference', () => {
    const name = this.SUBRULE(this.name)
    const subscripts = this.OPTION1(() => this.SUBRULE(this.subscripts))
    const args = this.OPTION2(() => this.SUBRULE(this.argumentList))
    return this.ACTION((): Expr => {
      const at = this.since(name.span.start)
      if (args) return { kind: 'call', callee: name, ...this.axesFrom(subscripts ?? []), args, span: at }
      const target: Expr = { kind: 'name', name, span: name.span }
      return subscripts ? { kind: 'index', target, subscripts, span: at } : target
    })
  })

  readonly group: ParserMethod<[], Expr> = this.RULE('group', (): Expr => {
    const start = this.CONSUME(t.OpenRound).startOffset
    const inner = this.SUBRULE(this.expression)
    this.CONSUME(t.CloseRound)
    return { kind: 'group', inner, span: this.since(start) }
  })

  readonly subscripts: ParserMethod<[], Subscript[]> = this.RULE('subscripts', () => {
    const found: Subscript[] = []
    this.CONSUME(t.OpenSquare)
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => found.push(this.SUBRULE(this.subscript)), ERR_MSG: 'an expression' })
    this.CONSUME(t.CloseSquare)
    return found
  })

  readonly subscript: ParserMethod<[], Subscript> = this.RULE('subscript', () =>
    this.OR<Subscript>({
      DEF: [
        { GATE: () => this.LA(2).tokenType === t.Arrow, ALT: () => this.SUBRULE(this.renaming) },
        { GATE: () => this.LA(2).tokenType === t.Assign, ALT: () => this.SUBRULE(this.picking) },
        {
          ALT: () => {
            const index = this.SUBRULE(this.expression)
            return this.ACTION((): Subscript => ({ kind: 'by', index, span: index.span }))
          },
        },
      ],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: 'an expression',
    }),
  )

  readonly renaming = this.RULE('renaming', (): Subscript => {
    const from = this.SUBRULE1(this.name)
    this.CONSUME(t.Arrow)
    const to = this.SUBRULE2(this.name)
    return this.ACTION(() => ({ kind: 'rename', from, to, span: cover(from.span, to.span) }))
  })

  /** `axis = expr`, or of a shift with what it is outside, `t = t - 1 else 0`. */
  readonly picking: ParserMethod<[], Subscript> = this.RULE('picking', (): Subscript => {
    const axis = this.SUBRULE(this.nameAndSign)
    const index = this.SUBRULE1(this.expression)
    const fill = this.OPTION(() => {
      this.CONSUME(t.Else)
      return this.SUBRULE2(this.expression)
    })
    return this.ACTION(() => ({ kind: 'at', axis, index, ...(fill && { fill }), span: cover(axis.span, (fill ?? index).span) }))
  })

  readonly name = this.RULE('name', (): Name => named(this.CONSUME(t.Identifier)))

  private axesFrom(subscripts: readonly Subscript[]): Pick<Call, 'axes' | 'axisNames'> {
    const found = subscripts.flatMap((one): readonly { axis: Name; called?: Name }[] => {
      if (one.kind === 'by' && one.index.kind === 'name') return [{ axis: one.index.name }]
      if (one.kind === 'at' && one.index.kind === 'name' && one.fill === undefined) return [{ axis: one.index.name, called: one.axis }]
      this.problems.push(notAnAxis(one))
      return []
    })
    const axisNames = found.map(({ called }) => called)
    return { axes: found.map(({ axis }) => axis), ...(axisNames.some((n) => n !== undefined) && { axisNames }) }
  }

  private since(start: number): Span {
    return span(start, t.tokenEnd(this.LA(0)))
  }
}

function named(token: IToken): Name {
  return { text: token.image, span: t.tokenSpan(token) }
}

function literal(token: IToken): TextLiteral {
  return { value: token.tokenType === t.Text ? textValue(token.image) : '', text: token.image, span: t.tokenSpan(token) }
}

/** While the parser records itself, tokens hold no text. */
function textValue(image: string): string {
  return image.startsWith('"') ? String(JSON.parse(image)) : ''
}

function notAnAxis(subscript: Subscript): Diagnostic {
  return diagnostic('AMP106', 'the brackets of a call hold names of axes, nothing else', {
    span: subscript.span,
    expected: 'the name of an axis',
    hint: 'to pick an element of the result, put the subscript after the call: f(x)[i]',
  })
}

function repeated(token: IToken): Diagnostic {
  return diagnostic('AMP117', `'${token.image}' is given twice`, { span: t.tokenSpan(token) })
}

function tooLarge(token: IToken): Diagnostic {
  return diagnostic('AMP102', 'the number is too large for 64-bit floating point', {
    span: t.tokenSpan(token),
    hint: 'infinity is written inf',
  })
}
