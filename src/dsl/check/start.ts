import type { Span } from '../../base/source.ts'
import { hasElements } from '../../families/parts/support.ts'
import { isFamily, signatures } from '../../families/tables/signatures.ts'
import { boundExpressions, boundsOf, kindOf, levelsOf, ownAxes } from '../../middle/kinds.ts'
import { partsOfStart, type Typed, type ValueOrigin, type ValueType, type Variable } from '../../middle/model.ts'
import type { Call, Expr, FamilyCall, StartSyntax } from '../ast.ts'
import { matchArguments } from './arguments.ts'
import { fitting } from './density.ts'
import { wantsNumber } from './elementwise.ts'
import { overAxes } from './over.ts'
import { tell } from './report.ts'
import type { CheckContext, VariableEntry } from './scope.ts'
import { outermost } from './scope.ts'
import type { Left, SettledFamily } from './settled.ts'
import { wantsElement } from './support.ts'
import { truncation } from './truncation.ts'
import { nodesWithin, number, typed } from './typed.ts'
import { fitsWithin } from './types.ts'
import { bare } from './walk.ts'
import { quote } from './words.ts'

/** Alone, and where nothing else is called so, the whole set of the type. */
const anyValue = 'uniform' as const

/** `from family(args)`, `from uniform` or `from expression`: where a value comes from when nobody gives it. */
export function startOf(c: CheckContext, entry: VariableEntry, start: StartSyntax): ValueOrigin | undefined {
  const { declaration: d } = entry
  const call = bare(start.value)
  const family = isFamilyCall(c, call) ? { family: call.callee, axes: call.axes, args: call.args, span: call.span } : undefined
  const isUniform = call.kind === 'name' && call.name.text === anyValue && !isDeclared(c, anyValue)
  if (d.default !== undefined) {
    tell(c.report, 'AMP235', `${quote(d.name.text)} has a default and a \`from\`, and both say what it is when it is not given`, {
      span: start.span,
      hint: 'keep one of the two',
      related: [{ span: d.default.span, message: 'the default is here' }],
    })
  }
  if (start.range !== undefined && family === undefined) {
    tell(c.report, 'AMP413', 'only a family can be truncated', { span: start.range.span, expected: 'from family(...) in (a, b)' })
  }
  if (family !== undefined) return drawn(c, entry, { ...family, ...(start.range && { range: start.range }) })
  return isUniform ? uniform(c, entry, start.value) : valued(c, entry, start.value)
}

/** A def or a function of the same name goes before the family. */
function isFamilyCall(c: CheckContext, e: Expr): e is Call {
  return e.kind === 'call' && isFamily(e.callee.text) && !c.scope.defs.has(e.callee.text)
}

function isDeclared({ scope }: CheckContext, name: string): boolean {
  return scope.variables.has(name) || scope.lets.has(name) || scope.defs.has(name)
}

function drawn(c: CheckContext, entry: VariableEntry, call: FamilyCall): ValueOrigin | undefined {
  const name = call.family.text
  const values = new Map(call.args.map((a) => [a.value, c.infer(c, a.value, outermost)]))
  const range = truncation(c, call)
  const { type } = entry
  if (!isFamily(name) || type === undefined) return undefined
  const signature = signatures[name]
  const names = signature.parameters.map((p) => p.name)
  const args = matchArguments(c.report, { what: name, parameters: names, span: call.family.span }, call.args)?.map(
    (e) => e && values.get(e),
  )
  const left = leftOf(entry)
  const isElement = left.value.element !== undefined
  if (hasElements(signature.support) && !isElement) return wantsElement(c, name, left)
  if (!hasElements(signature.support) && isElement) return wantsNumber(c, left.value)
  const over = overAxes(c, left, call, signature)
  if (over === undefined || args === undefined) return undefined
  const use: SettledFamily = { name, signature, call, left, over }
  const known = fitting(c, use, args)
  if (known === undefined || range === 'wrong' || (range !== undefined && !range.fits(use))) return undefined
  return { kind: 'drawn', family: name, over, args: known, ...(range && { range: { lower: range.lower, upper: range.upper } }) }
}

function leftOf(entry: VariableEntry): Left {
  const { text, span } = entry.declaration.name
  const element = elementAxis(entry)
  return { value: typed({ kind: 'variable', name: text }, entry.axes, span, element), entry, text }
}

/** The axis whose elements its values are. */
function elementAxis({ type }: VariableEntry): string | undefined {
  const levels = type && levelsOf(type as ValueType)
  return levels?.kind === 'axis' ? levels.axis : undefined
}

/** The whole set of the type, each of its values as likely as any other. */
function uniform(c: CheckContext, { type: written, declaration: { name } }: VariableEntry, { span }: Expr): ValueOrigin | undefined {
  if (written === undefined) return undefined
  const type = written as ValueType
  if (levelsOf(type) !== undefined) return { kind: 'level' }
  const k = (value: number): Typed => number(value, span)
  const rule = kindOf(type).uniform
  const over = ownAxes(type)
  if (rule !== undefined) {
    const args = rule.args.map((arg) => (arg === 'first direction' ? firstDirection(over, span) : k(arg)))
    return { kind: 'drawn', family: rule.family, over, args }
  }
  const [lower, upper] = endsOf(written, k)
  if (lower !== undefined && upper !== undefined) return { kind: 'drawn', family: anyValue, over: [], args: [lower, upper] }
  tell(c.report, 'AMP236', `the values of ${quote(name.text)} have no bounds, so they cannot be uniform`, {
    span,
    expected: 'a type of finitely many values, of numbers between two bounds, or of vectors with a total or a length of 1',
    hint: 'say from which family it comes: from normal(0, 1)',
  })
  return undefined
}

/** 1 at the first element of an axis, else 0. */
function firstDirection(over: readonly string[], span: Span): Typed {
  const [axis = ''] = over
  const index = typed({ kind: 'index', axis }, over, span)
  return typed({ kind: 'apply', fn: 'equal', args: [index, number(1, span)] }, over, span)
}

/** Both ends of a type, where they are finite. */
function endsOf(type: ValueType<Typed>, k: (value: number) => Typed): readonly (Typed | undefined)[] {
  const written = boundExpressions(type)
  if (written.length === 2) return written
  const { lower, upper } = boundsOf(type as ValueType) ?? {}
  return [lower, upper].map((end) => (typeof end === 'number' && Number.isFinite(end) ? k(end) : undefined))
}

function valued(c: CheckContext, entry: VariableEntry, e: Expr): ValueOrigin | undefined {
  const elementOf = elementAxis(entry)
  const value = c.infer(c, e, { ...outermost, elementOf })
  if (value === undefined || !fitsWithin(c, value, entry, 'the start')) return undefined
  if (value.element !== undefined && elementOf === undefined) return wantsNumber(c, value)
  return { kind: 'value', value }
}

/** Starts that need each other have no first. */
export function checkStartCircles(c: CheckContext, variables: readonly Variable[]): void {
  const uses = new Map(variables.map((v) => [v.name, readBy(c, v.start)]))
  const known = new Set<string>()
  for (const { name } of variables) {
    const path = new Set<string>()
    let circle = false
    for (const waiting = [name]; waiting.length > 0 && !circle; ) {
      const next = waiting.pop() as string
      if (path.has(next)) continue
      path.add(next)
      const read = uses.get(next) ?? []
      circle = read.includes(name)
      waiting.push(...read)
    }
    const start = c.scope.variables.get(name)?.declaration.start
    if (!circle || start === undefined || known.has(name)) continue
    for (const one of path) known.add(one)
    tell(c.report, 'AMP207', `what ${quote(name)} comes from is made of ${quote(name)} itself`, {
      span: start.span,
      hint: 'one of the starts must be given without the others',
    })
  }
}

function readBy(c: CheckContext, start: ValueOrigin | undefined): readonly string[] {
  return [...nodesWithin(partsOfStart(start), c.lets)].flatMap((n) =>
    n.kind === 'variable' ? [n.name] : n.kind === 'act' ? [n.state] : [],
  )
}
