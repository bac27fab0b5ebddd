import { must } from '../base/internal-error.ts'
import type {
  Argument,
  Declaration,
  Expr,
  FamilyCall,
  IntervalExpr,
  Name,
  RuleStatement,
  StartSyntax,
  Statement,
  Subscript,
  TextLiteral,
  TypeSyntax,
} from './ast.ts'
import type { Comments } from './comments.ts'
import { type Doc, group, hardline, indent, join, line, softline } from './layout.ts'
import { binding } from './operators.ts'

/** A statement in the three columns that `format.ts` lines up. */
export interface PrintedStatement {
  /** Empty for a density. */
  readonly keyword: string
  /** What stands before `=` or `with`. */
  readonly subject: Doc
  readonly rest: Doc
}

type ExprOf<K extends Expr['kind']> = Extract<Expr, { kind: K }>
type PrintedStatementOf<K extends Statement['kind']> = K extends RuleStatement['kind'] ? RuleStatement : Extract<Statement, { kind: K }>

/** How each kind of statement is written. `comments` are asked in the order of the text. */
const statements: { readonly [K in Statement['kind']]: (statement: PrintedStatementOf<K>, comments: Comments) => PrintedStatement } = {
  model: ({ name }) => ({ keyword: 'model', subject: name.text, rest: '' }),
  axis: (axis, comments) => ({
    keyword: 'axis',
    subject: [
      axis.name.text,
      labels(axis.labels, axis.prior?.span.start ?? axis.span.end, comments),
      assigned(axis.size, comments),
      prior(axis.prior, comments),
    ],
    rest: '',
  }),
  declaration: (declaration, comments) => ({
    keyword: declaration.role,
    subject: declared(declaration, comments),
    rest: dynamics(declaration, comments),
  }),
  let: (statement, comments) => ({ keyword: 'let', subject: statement.name.text, rest: assigned(statement.value, comments) }),
  def: (def, comments) => ({
    keyword: 'def',
    subject: [
      def.name.text,
      def.axes.length > 0 ? names('[', def.axes, ']', comments) : '',
      names('(', def.parameters, ')', comments),
      assigned(def.body, comments),
    ],
    rest: '',
  }),
  energy: (energy, comments) => ({
    keyword: 'energy',
    subject: energy.name ? energy.name.text : expression(energy.value, comments),
    rest: energy.name ? assigned(energy.value, comments) : '',
  }),
  density: (density, comments) => ({
    keyword: '',
    subject: [expression(density.left, comments), prior(density.right, comments)],
    rest: '',
  }),
  flow: rule,
  step: rule,
  jump: rule,
  write: rule,
  forget: rule,
  objective: (objective, comments) => ({
    keyword: 'objective',
    subject:
      objective.over === undefined ? objective.name.text : `${objective.name.text} over ${objective.over.map((n) => n.text).join(', ')}`,
    rest: assigned(objective.value, comments),
  }),
  temperature: ({ value }, comments) => ({ keyword: '', subject: ['temperature', assigned(value, comments)], rest: '' }),
}

/** `end` is the offset of something not before the closing bracket. */
function labels(all: readonly TextLiteral[] | undefined, end: number, comments: Comments): Doc {
  if (all === undefined) return ''
  const items = all.map(({ text, span }) => ({ start: span.start, doc: () => text }))
  return [' = ', list('(', items, ')', all.at(-1)?.span.end ?? end, comments)]
}

function rule(statement: RuleStatement, comments: Comments): PrintedStatement {
  const { kind, target, subscripts, value, noise, when } = statement
  const places = subscripts.length === 0 ? '' : subscriptList(subscripts, value.span.start, comments)
  const more = [part(' with noise ', noise, comments), part(' where ', when, comments)]
  return { keyword: kind, subject: [target.text, places], rest: [assigned(value, comments), ...more] }
}

function part(words: string, e: Expr | undefined, comments: Comments): Doc {
  return e === undefined ? '' : [words, expression(e, comments)]
}

export function printStatement(statement: Statement, comments: Comments): PrintedStatement {
  const print = statements[statement.kind] as (statement: Statement, comments: Comments) => PrintedStatement
  return print(statement, comments)
}

function declared({ name, axes, type, default: value, prior: family, start }: Declaration, comments: Comments): Doc {
  return [
    name.text,
    axes.length > 0 ? names('[', axes, ']', comments) : '',
    type ? [' : ', typeSyntax(type, comments)] : '',
    assigned(value, comments),
    prior(family, comments),
    started(start, comments),
  ]
}

/** What a line may begin with after `from`, which is a name where an operator or a bracket follows. */
function startsWithOperand(e: Expr): boolean {
  if (e.kind === 'binary') return startsWithOperand(e.left)
  return e.kind === 'index' ? startsWithOperand(e.target) : e.kind !== 'unary' && e.kind !== 'group'
}

function started(start: StartSyntax | undefined, comments: Comments): Doc {
  if (start === undefined) return ''
  const { value, range } = start
  return indent([
    comments.breakAt(value.span.start, startsWithOperand(value) ? line : ' '),
    'from ',
    expression(value, comments),
    interval(' in ', range, comments),
  ])
}

function dynamics({ lagrangian, tau }: Declaration, comments: Comments): Doc {
  const parts = [...(lagrangian ? [{ word: 'lagrangian', value: lagrangian }] : []), ...(tau ? [{ word: 'tau', value: tau }] : [])]
  if (parts.length === 0) return ''
  const before = comments.breakAt(must(parts[0], 'part').value.span.start, line)
  const printed = parts.map(({ word, value }, i) => [
    i === 0 ? 'with ' : [',', comments.breakAt(value.span.start, line)],
    word,
    ' ',
    expression(value, comments),
  ])
  return indent([before, group(printed)])
}

function assigned(value: Expr | undefined, comments: Comments): Doc {
  return value ? [' = ', expression(value, comments)] : ''
}

function prior(family: FamilyCall | undefined, comments: Comments): Doc {
  return family ? indent([comments.breakAt(family.span.start, line), '~ ', familyCall(family, comments)]) : ''
}

function familyCall({ family, axes, args, range, censored, span }: FamilyCall, comments: Comments): Doc {
  const end = (range ?? censored)?.span.start ?? span.end
  return [
    family.text,
    axes.length > 0 ? names('[', axes, ']', comments) : '',
    argumentList(args, end, comments),
    interval(' in ', range, comments),
    interval(' censored ', censored, comments),
  ]
}

function interval(word: string, ends: IntervalExpr | undefined, comments: Comments): Doc {
  if (ends === undefined) return ''
  const bounds = [ends.lower, ends.upper].map((bound) => inner(bound, comments))
  return [word, list('(', bounds, ')', ends.span.end, comments)]
}

function typeSyntax({ name, axes, args, span }: TypeSyntax, comments: Comments): Doc {
  return [name.text, axes.length > 0 ? names('[', axes, ']', comments) : '', args.length > 0 ? argumentList(args, span.end, comments) : '']
}

/** One thing in brackets: where it starts in the text, and how it is written. */
interface BracketItem {
  readonly start: number
  readonly doc: () => Doc
}

/** `end` is the offset after the closing bracket, or of something not before it; comments up to there stay inside. */
function list(open: string, items: readonly BracketItem[], close: string, end: number, comments: Comments): Doc {
  const parts = items.map(
    (item, i): Doc => [i === 0 ? comments.breakAt(item.start, softline) : [',', comments.breakAt(item.start, line)], item.doc()],
  )
  const last = comments.before(end - 1)
  const lineBreak = last.length > 0 ? hardline : items.length > 0 ? softline : ''
  return group([open, indent([parts, last]), lineBreak, close])
}

/** `called`: names that some of them are given by. */
function names(open: string, all: readonly Name[], close: string, comments: Comments, called: readonly (Name | undefined)[] = []): Doc {
  const items = all.map((name, i) => ({
    start: name.span.start,
    doc: () => `${called[i] === undefined ? '' : `${called[i]?.text} = `}${name.text}`,
  }))
  return list(open, items, close, all.at(-1)?.span.end ?? 0, comments)
}

function argumentList(args: readonly Argument[], end: number, comments: Comments): Doc {
  const items = args.map(
    ({ name, value }): BracketItem =>
      name ? { start: name.span.start, doc: () => [name.text, ' = ', expression(value, comments)] } : inner(value, comments),
  )
  return list('(', items, ')', end, comments)
}

function inner(value: Expr, comments: Comments): BracketItem {
  return { start: value.span.start, doc: () => chainOr(value, comments, false) }
}

/** How each kind of expression is written. */
const expressions: { readonly [K in Expr['kind']]: (expr: ExprOf<K>, comments: Comments) => Doc } = {
  number: ({ text }) => text,
  text: ({ text }) => text,
  name: ({ name }) => name.text,
  unary: ({ operator, operand }, comments) => [operator === 'not' ? 'not ' : operator, expression(operand, comments)],
  binary: (binary, comments) => chain(binary, comments, true),
  call: ({ callee, axes, axisNames, args, span }, comments) => [
    callee.text,
    axes.length > 0 ? names('[', axes, ']', comments, axisNames) : '',
    argumentList(args, span.end, comments),
  ],
  index: ({ target, subscripts, span }, comments) => [expression(target, comments), subscriptList(subscripts, span.end, comments)],
  group: (parentheses, comments) => list('(', [inner(parentheses.inner, comments)], ')', parentheses.span.end, comments),
}

export function expression(expr: Expr, comments: Comments): Doc {
  const print = expressions[expr.kind] as (expr: Expr, comments: Comments) => Doc
  return print(expr, comments)
}

function chainOr(expr: Expr, comments: Comments, indented: boolean): Doc {
  return expr.kind === 'binary' ? chain(expr, comments, indented) : expression(expr, comments)
}

/** `a + b - c` breaks before each of its operators or before none; `^` is written tight and never breaks. */
function chain(last: ExprOf<'binary'>, comments: Comments, indented: boolean): Doc {
  if (last.operator === '^') return [expression(last.left, comments), '^', expression(last.right, comments)]
  const links: ExprOf<'binary'>[] = [last]
  let left = last.left
  while (left.kind === 'binary' && binding[left.operator] === binding[last.operator]) {
    links.push(left)
    left = left.left
  }
  const first = expression(left, comments)
  const rest = links
    .reverse()
    .map(({ operator, right }): Doc => [comments.breakAt(right.span.start, line), operator, ' ', expression(right, comments)])
  return group([first, indented ? indent(rest) : rest])
}

function subscriptList(subscripts: readonly Subscript[], end: number, comments: Comments): Doc {
  const items = subscripts.map((one) => subscript(one, comments))
  return list('[', items, ']', end, comments)
}

function subscript(one: Subscript, comments: Comments): BracketItem {
  if (one.kind === 'by') return inner(one.index, comments)
  if (one.kind === 'rename') return { start: one.span.start, doc: () => join(' -> ', [one.from.text, one.to.text]) }
  const { axis, index, fill, span } = one
  const otherwise = (): Doc => (fill ? [comments.breakAt(fill.span.start, line), 'else ', expression(fill, comments)] : '')
  return { start: span.start, doc: () => [axis.text, ' = ', expression(index, comments), otherwise()] }
}
