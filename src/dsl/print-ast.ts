import type {
  Argument,
  Expr,
  FamilyCall,
  IntervalExpr,
  Name,
  Program,
  RuleStatement,
  Statement,
  Subscript,
  TextLiteral,
  TypeSyntax,
} from './ast.ts'
import { alongLeftEdge } from './check/walk.ts'
import { type Doc, group, indent, join, layout, line } from './layout.ts'

const width = 100

/**
 * The syntax tree as text, one bracketed form a statement, operators first: `(energy (- (^ x 2)))`. Parentheses of the
 * source are left out, since the form shows what they group.
 */
export function printAst(program: Program): string {
  return program.statements.map((statement) => `${layout(statementForm(statement), width)}\n`).join('')
}

/** One expression in the same form. */
export function printExpr(expr: Expr): string {
  return layout(exprForm(expr), Number.POSITIVE_INFINITY)
}

function form(...parts: readonly Doc[]): Doc {
  const [head = '', ...rest] = parts.filter((part) => part !== '')
  return group(['(', head, indent(rest.map((part): Doc => [line, part])), ')'])
}

type AstStatement<K extends Statement['kind']> = Extract<Statement, { kind: K }>

function statementForm(statement: Statement): Doc {
  switch (statement.kind) {
    case 'model':
      return form('model', statement.name.text)
    case 'axis':
      return form(
        'axis',
        statement.name.text,
        part('=', statement.labels, labelsForm),
        part('=', statement.size, exprForm),
        part('~', statement.prior, familyForm),
      )
    case 'declaration':
      return declarationForm(statement)
    case 'def':
      return form(
        'def',
        form(statement.name.text + axesForm(statement.axes), ...statement.parameters.map(({ text }) => text)),
        exprForm(statement.body),
      )
    case 'energy':
      return form('energy', statement.name?.text ?? '', exprForm(statement.value))
    case 'density':
      return form('~', exprForm(statement.left), familyForm(statement.right))
    case 'flow':
    case 'step':
    case 'jump':
    case 'write':
    case 'forget':
      return form(statement.kind, targetForm(statement), ...partsOf(statement).map(exprForm))
    case 'temperature':
      return form('temperature', exprForm(statement.value))
    case 'let':
      return form('let', statement.name.text, exprForm(statement.value))
    case 'objective':
      return form('objective', statement.name.text, ...(statement.over ?? []).map((n) => form('over', n.text)), exprForm(statement.value))
  }
}

function partsOf({ value, noise, when }: RuleStatement): readonly Expr[] {
  return [value, noise, when].filter((e) => e !== undefined)
}

function targetForm({ target, subscripts }: RuleStatement): Doc {
  return subscripts.length === 0 ? target.text : form('at', target.text, ...subscripts.map(subscriptForm))
}

function labelsForm(labels: readonly TextLiteral[]): Doc {
  return form('labels', ...labels.map(({ text }) => text))
}

function declarationForm(declaration: AstStatement<'declaration'>): Doc {
  return form(
    declaration.role,
    declaration.name.text + axesForm(declaration.axes),
    part(':', declaration.type, typeForm),
    part('=', declaration.default, exprForm),
    part('~', declaration.prior, familyForm),
    part('from', declaration.start?.value, exprForm),
    intervalForm('in', declaration.start?.range),
    part('lagrangian', declaration.lagrangian, exprForm),
    part('tau', declaration.tau, exprForm),
  )
}

function part<T>(mark: string, value: T | undefined, print: (value: T) => Doc): Doc {
  return value === undefined ? '' : [mark, ' ', print(value)]
}

function axesForm(axes: readonly Name[], called: readonly (Name | undefined)[] = []): string {
  const item = ({ text }: Name, i: number): string => (called[i] === undefined ? text : `${called[i]?.text}=${text}`)
  return axes.length === 0 ? '' : `[${axes.map(item).join(' ')}]`
}

function typeForm({ name, axes, args }: TypeSyntax): Doc {
  const head = name.text + axesForm(axes)
  return args.length === 0 ? head : form(head, ...args.map(argumentForm))
}

function familyForm({ family, axes, args, range, censored }: FamilyCall): Doc {
  const bounds = [intervalForm('in', range), intervalForm('censored', censored)]
  return form(family.text + axesForm(axes), ...args.map(argumentForm), ...bounds)
}

function intervalForm(word: string, ends: IntervalExpr | undefined): Doc {
  return ends === undefined ? '' : form(word, exprForm(ends.lower), exprForm(ends.upper))
}

function argumentForm({ name, value }: Argument): Doc {
  return name ? [name.text, '=', exprForm(value)] : exprForm(value)
}

function exprForm(expr: Expr): Doc {
  switch (expr.kind) {
    case 'number':
    case 'text':
      return expr.text
    case 'name':
      return expr.name.text
    case 'unary':
      return form(expr.operator, exprForm(expr.operand))
    case 'binary':
      return alongLeftEdge(expr, exprForm, (left, link) => form(link.operator, left, exprForm(link.right)))
    case 'call':
      return form(expr.callee.text + axesForm(expr.axes, expr.axisNames), ...expr.args.map(argumentForm))
    case 'index':
      return form('at', exprForm(expr.target), ...expr.subscripts.map(subscriptForm))
    case 'group':
      return exprForm(expr.inner)
  }
}

function subscriptForm(subscript: Subscript): Doc {
  if (subscript.kind === 'rename') return join('->', [subscript.from.text, subscript.to.text])
  if (subscript.kind === 'by') return exprForm(subscript.index)
  const { axis, index, fill } = subscript
  return [axis.text, '=', exprForm(index), fill ? [' else ', exprForm(fill)] : '']
}
