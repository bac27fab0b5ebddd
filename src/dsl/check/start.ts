import { hasElements } from '../../families/parts/support.ts'
import { isFamily, signatures } from '../../families/tables/signatures.ts'
import { boundsOf, levelsOf } from '../../middle/kinds.ts'
import { partsOfStart, type Starting, type Typed, type ValueType, type Variable } from '../../middle/model.ts'
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
const anyValue = 'uniform'

/** `from family(args)`, `from uniform` or `from expression`: where a value comes from when nobody gives it. */
export function startOf(c: CheckContext, entry: VariableEntry, start: StartSyntax): Starting | undefined {
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

function drawn(c: CheckContext, entry: VariableEntry, call: FamilyCall): Starting | undefined {
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
  if (hasElements(signature.support) && type.kind !== 'element') return wantsElement(c, name, left)
  if (!hasElements(signature.support) && type.kind === 'element') return wantsNumber(c, left.value)
  const over = overAxes(c, left, call, signature)
  if (over === undefined || args === undefined) return undefined
  const use: SettledFamily = { name, signature, call, left, over }
  const known = fitting(c, use, args)
  if (known === undefined || range === 'wrong' || (range !== undefined && !range.fits(use))) return undefined
  return { kind: 'drawn', family: name, over, args: known, ...(range && { range: { lower: range.lower, upper: range.upper } }) }
}

function leftOf(entry: VariableEntry): Left {
  const { text, span } = entry.declaration.name
  const element = entry.type?.kind === 'element' ? entry.type.axis : undefined
  return { value: typed({ kind: 'variable', name: text }, entry.axes, span, element), entry, text }
}

/** Finite ends of a type. */
function endsOf(
  type: ValueType<Typed>,
  k: (value: number) => Typed,
): { readonly lower?: Typed | undefined; readonly upper?: Typed | undefined } {
  if (type.kind === 'real') return type
  const { lower, upper } = boundsOf(type as ValueType) ?? {}
  const finite = (end: unknown): Typed | undefined => (typeof end === 'number' && Number.isFinite(end) ? k(end) : undefined)
  return { lower: finite(lower), upper: finite(upper) }
}

/** The whole set of the type, each of its values as likely as any other. */
function uniform(c: CheckContext, { type, declaration: { name } }: VariableEntry, { span }: Expr): Starting | undefined {
  if (type === undefined) return undefined
  if (levelsOf(type as ValueType) !== undefined) return { kind: 'level' }
  const k = (value: number): Typed => number(value, span)
  if (type.kind === 'simplex') return { kind: 'drawn', family: 'dirichlet', over: [type.axis], args: [k(1)] }
  if (type.kind === 'unit') {
    // No concentration around any direction: the first will do.
    const first = typed(
      { kind: 'apply', fn: 'equal', args: [typed({ kind: 'index', axis: type.axis }, [type.axis], span), k(1)] },
      [type.axis],
      span,
    )
    return { kind: 'drawn', family: 'von_mises_fisher', over: [type.axis], args: [first, k(0)] }
  }
  const { lower, upper } = endsOf(type, k)
  if (lower !== undefined && upper !== undefined) return { kind: 'drawn', family: 'uniform', over: [], args: [lower, upper] }
  tell(c.report, 'AMP236', `the values of ${quote(name.text)} have no bounds, so they cannot be uniform`, {
    span,
    expected: 'a type with finitely many values, two finite bounds, simplex or unit',
    hint: `say from which family it comes: from normal(0, 1)`,
  })
  return undefined
}

function valued(c: CheckContext, entry: VariableEntry, e: Expr): Starting | undefined {
  const elementOf = entry.type?.kind === 'element' ? entry.type.axis : undefined
  const value = c.infer(c, e, { ...outermost, elementOf })
  if (value === undefined || !fitsWithin(c, value, entry, 'the start')) return undefined
  if (value.element !== undefined && entry.type?.kind !== 'element') return wantsNumber(c, value)
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

function readBy(c: CheckContext, start: Starting | undefined): readonly string[] {
  return [...nodesWithin(partsOfStart(start), c.lets)].flatMap((n) =>
    n.kind === 'variable' ? [n.name] : n.kind === 'act' ? [n.state] : [],
  )
}
