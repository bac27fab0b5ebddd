import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import type { Argument, BinaryOperator, Expr, FamilyCall, Name, Program, Statement, Subscript, TextLiteral } from '../../src/dsl/ast.ts'

/** The conformance programs, by file name. */
export const conformance: readonly { readonly name: string; readonly text: string }[] = readdirSync('test/language')
  .filter((name) => name.endsWith('.amp'))
  .map((name) => ({ name, text: readFileSync(`test/language/${name}`, 'utf8') }))

/** A tree without its places, for comparing what two texts mean. */
export function withoutSpans(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === 'span' ? undefined : inner)))
}

const span = { start: 0, end: 0 }

/** Contextual words are names too, so they are generated like any other. */
const name: fc.Arbitrary<Name> = fc
  .constantFrom(
    'x',
    'xi',
    'beta',
    'in',
    'censored',
    'with',
    'tau',
    'lagrangian',
    'lower',
    'next',
    'prev',
    'inf',
    'größe',
    'σ',
    '_a1',
    'energy_',
    'temperature',
    'from',
    'noise',
    'step',
    'jump',
    'where',
  )
  .map((text) => ({ text, span }))

const number: fc.Arbitrary<Expr> = fc
  .constantFrom('1', '0', '1.5', '.5', '1e-12', '2E+3', '1000')
  .map((text) => ({ kind: 'number', value: Number(text), text, span }))

/** Texts that hold what would mean something outside of quotes. */
const literal: fc.Arbitrary<TextLiteral> = fc
  .constantFrom('treated', '', 'Black/White', '# no comment', 'a "b"', 'C:\\x', 'größe 𝜃', '(', ', ', 'axis k', '1', "it's")
  .map((value) => ({ value, text: JSON.stringify(value), span }))

/** How tightly each operator binds, written down here once more on purpose: the parser is checked against it. */
const levels: Record<BinaryOperator, number> = {
  or: 1,
  and: 2,
  '==': 4,
  '!=': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '^': 8,
}
const operators = Object.keys(levels) as BinaryOperator[]
const unaryLevels = { not: 3, '-': 7, '+': 7 } as const
const atom = 9

function levelOf(expr: Expr): number {
  if (expr.kind === 'binary') return levels[expr.operator]
  return expr.kind === 'unary' ? unaryLevels[expr.operator] : atom
}

/** `expr` where at least `level` is needed: in parentheses if it binds more loosely. */
function atLeast(level: number, expr: Expr): Expr {
  return levelOf(expr) >= level ? expr : { kind: 'group', inner: expr, span }
}

function binary(operator: BinaryOperator, left: Expr, right: Expr): Expr {
  const level = levels[operator]
  // Left-associative: the right side must bind more tightly; `^` the other way round; comparisons need it on both sides.
  // `2^-x` needs no parentheses, and a unary minus on the left of `^` does.
  const bareMinus = operator === '^' && right.kind === 'unary' && right.operator !== 'not'
  const leftLevel = operator === '^' || level === levels['=='] ? level + 1 : level
  const rightLevel = operator === '^' ? level : level + 1
  return { kind: 'binary', operator, left: atLeast(leftLevel, left), right: bareMinus ? right : atLeast(rightLevel, right), span }
}

const names = (min: number) => fc.array(name, { minLength: min, maxLength: 3 })

const { expr, subscript } = fc.letrec<{ expr: Expr; argument: Argument; subscript: Subscript }>((tie) => ({
  expr: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    number,
    literal.map((text): Expr => ({ kind: 'text', ...text })),
    name.map((one): Expr => ({ kind: 'name', name: one, span })),
    fc.tuple(fc.constantFrom(...operators), tie('expr'), tie('expr')).map(([operator, left, right]) => binary(operator, left, right)),
    fc
      .tuple(fc.constantFrom('-', '+', 'not'), tie('expr'))
      .map(([operator, operand]): Expr => ({ kind: 'unary', operator, operand: atLeast(unaryLevels[operator], operand), span })),
    fc
      .tuple(name, names(0), fc.array(tie('argument'), { maxLength: 3 }))
      .map(([callee, axes, args]): Expr => ({ kind: 'call', callee, axes, args, span })),
    fc.tuple(tie('expr'), fc.array(tie('subscript'), { minLength: 1, maxLength: 2 })).map(
      ([target, subscripts]): Expr => ({
        kind: 'index',
        target: target.kind === 'number' ? target : atLeast(atom, target),
        subscripts,
        span,
      }),
    ),
    tie('expr').map((inner): Expr => ({ kind: 'group', inner, span })),
  ),
  argument: fc.record({ name, value: tie('expr') }, { requiredKeys: ['value'] }) as fc.Arbitrary<Argument>,
  subscript: fc.oneof(
    tie('expr').map((index): Subscript => ({ kind: 'by', index, span })),
    fc.tuple(name, tie('expr')).map(([axis, index]): Subscript => ({ kind: 'at', axis, index, span })),
    fc.tuple(name, name).map(([from, to]): Subscript => ({ kind: 'rename', from, to, span })),
  ),
}))

const args = fc.array(fc.record({ name, value: expr }, { requiredKeys: ['value'] }), { maxLength: 3 }) as fc.Arbitrary<Argument[]>
const subscripts = fc.array(subscript, { maxLength: 2 })
const range = fc.record({ lower: expr, upper: expr, span: fc.constant(span) })
const family = fc.record(
  { family: name, axes: names(0), args, range, censored: range, span: fc.constant(span) },
  { requiredKeys: ['family', 'axes', 'args', 'span'] },
) as fc.Arbitrary<FamilyCall>
const start = fc.record({ value: expr, range, span: fc.constant(span) }, { requiredKeys: ['value', 'span'] })
const type = fc.record({ name, axes: names(0), args, span: fc.constant(span) })

function statement<K extends Statement['kind']>(kind: K, required: object, optional: object = {}): fc.Arbitrary<Statement> {
  const fields = { kind: fc.constant(kind), ...required, span: fc.constant(span) }
  return fc.record({ ...fields, ...optional }, { requiredKeys: Object.keys(fields) as never[] }) as unknown as fc.Arbitrary<Statement>
}

/** A size in parentheses that begins with a text would be a list of labels. */
function readsAsLabels(size: Expr): boolean {
  const leftmost = (e: Expr): Expr => (e.kind === 'binary' ? leftmost(e.left) : e.kind === 'index' ? leftmost(e.target) : e)
  const first = leftmost(size)
  return first.kind === 'group' && leftmost(first.inner).kind === 'text'
}

const anyStatement: fc.Arbitrary<Statement> = fc.oneof(
  statement('model', { name }),
  statement('axis', { name }, { size: expr.filter((size) => !readsAsLabels(size)), prior: family }),
  statement('axis', { name, labels: fc.array(literal, { minLength: 1, maxLength: 3 }) }, { prior: family }),
  statement(
    'declaration',
    { role: fc.constantFrom('data', 'memory', 'param', 'state', 'input'), name, axes: names(0) },
    { type, default: expr, prior: family, start, lagrangian: expr, tau: expr },
  ),
  statement('let', { name, value: expr }),
  statement('def', { name, axes: names(0), parameters: names(0), body: expr }),
  statement('energy', { value: expr }, { name }),
  statement('density', { left: expr, right: family }),
  statement('flow', { target: name, subscripts, value: expr }, { noise: expr }),
  statement('step', { target: name, subscripts, value: expr }),
  statement('jump', { target: name, subscripts, value: expr, when: expr }),
  statement('write', { target: name, subscripts, value: expr }),
  statement('forget', { target: name, subscripts, value: expr }),
  statement('objective', { name, value: expr }),
  statement('objective', { name, over: fc.array(name, { minLength: 1, maxLength: 3 }), value: expr }),
  statement('temperature', { value: expr }),
)

/** A file cannot hold these two in a row without meaning something else: a line that starts with an operator goes on. */
function startsWithSign(one: Statement): boolean {
  let left: Expr | undefined = one.kind === 'density' ? one.left : undefined
  while (left?.kind === 'binary' || left?.kind === 'index') left = left.kind === 'binary' ? left.left : left.target
  return (
    left?.kind === 'unary' ||
    (left?.kind === 'name' && ['in', 'censored', 'with'].includes(left.name.text)) ||
    (left?.kind === 'call' && ['in', 'censored'].includes(left.callee.text))
  )
}

/** Programs as trees; every one of them can be written down. */
export const anyProgram: fc.Arbitrary<Program> = fc
  .array(
    anyStatement.filter((one) => !startsWithSign(one)),
    { minLength: 1, maxLength: 6 },
  )
  .map((statements) => ({ statements, broken: [], comments: [], span }))
