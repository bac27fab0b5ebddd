import { namedType, typeNames } from '../../middle/kinds.ts'
import type { Typed, ValueType } from '../../middle/model.ts'
import type { Expr, TypeSyntax } from '../ast.ts'
import { matchArguments } from './arguments.ts'
import { distinctAxes } from './axes.ts'
import { wantsNumber } from './elementwise.ts'
import { didYouMean } from './names.ts'
import { typeElsewhere } from './other-systems.ts'
import { rangeOf } from './range.ts'
import { tell } from './report.ts'
import type { CheckContext, VariableEntry } from './scope.ts'
import { fixedSize, outermost } from './scope.ts'
import { without } from './typed.ts'
import { mayBe } from './unknown.ts'
import { within } from './walk.ts'
import { axesInWords, quote } from './words.ts'

/** Gives every variable its type, bounds excepted: those are expressions and come later. */
export function settleTypes(c: CheckContext): void {
  for (const entry of c.scope.variables.values()) {
    const { type } = entry.declaration
    entry.type = type === undefined ? { kind: 'real' } : resolve(c, entry, type)
  }
}

function resolve(c: CheckContext, entry: VariableEntry, type: TypeSyntax): ValueType<Typed> | undefined {
  const { text, span } = type.name
  const named = Object.hasOwn(typeNames, text) ? typeNames[text] : undefined
  // An axis may be called `unit`: without brackets the type would be no type.
  const isAxis = c.scope.axes.has(text) && (named === undefined || (named > 0 && type.axes.length === 0))
  const wanted = isAxis ? 0 : named
  if (wanted === undefined && mayBe(c.scope, text, 'type')) return undefined
  if (wanted === undefined) {
    return tell(c.report, 'AMP204', `there is no type, and no axis, called ${quote(text)}`, {
      span,
      ...hintFor(c, text),
    })
  }
  const [first] = type.args
  if (first !== undefined && text !== 'real') {
    return tell(c.report, 'AMP412', `the type ${quote(text)} takes no arguments`, {
      span: first.name?.span ?? first.value.span,
      hint: 'bounds are written real(lower = a, upper = b)',
    })
  }
  const axes = typeAxes(c, entry, type, wanted)
  return axes && (isAxis ? { kind: 'element', axis: text } : (namedType(text, axes) as ValueType<never>))
}

function hintFor(c: CheckContext, name: string): { hint?: string } {
  const ofModel = didYouMean(name, c.scope.axes.keys())
  if (ofModel.hint !== undefined) return ofModel
  return didYouMean(name, Object.keys(typeNames), typeElsewhere(name) ?? `if it is an axis, declare it: axis ${name}`)
}

/** The axes in the brackets of a type, all of which the variable must have. */
function typeAxes(c: CheckContext, entry: VariableEntry, type: TypeSyntax, wanted: number): readonly string[] | undefined {
  const name = type.name.text
  if (type.axes.length !== wanted) {
    const declared = entry.axes.slice(0, wanted).join(', ')
    const usable = declared.split(', ').length === wanted && declared !== ''
    return tell(c.report, 'AMP412', `the type ${quote(name)} takes ${['no axes', 'one axis', 'two axes'][wanted]} in brackets`, {
      span: type.axes[wanted]?.span ?? type.name.span,
      ...(wanted === 0
        ? { hint: `write ${name}` }
        : { hint: usable ? `${name}[${declared}]` : 'the axes must be among those of the variable' }),
    })
  }
  const names = distinctAxes(c, type.axes)
  if (names === undefined) return undefined
  const missing = names.filter((n) => !entry.axes.includes(n.text))
  const [variable, all] = [entry.declaration.name.text, [...entry.axes, ...missing.map((n) => n.text)].join(', ')]
  for (const n of missing) {
    tell(c.report, 'AMP318', `${quote(variable)} does not have the axis ${quote(n.text)} that its type goes along`, {
      span: n.span,
      expected: entry.axes.length === 0 ? 'an axis of the variable; it has none' : `one of ${entry.axes.map(quote).join(', ')}`,
      hint: `${variable}[${all}] : ${name}[${names.map((a) => a.text).join(', ')}] has it`,
      related: [{ span: entry.declaration.name.span, message: `this has ${axesInWords(entry.axes)}` }],
    })
  }
  if (missing.length > 0) return undefined
  return names.map((n) => n.text)
}

/** Matrix types are square; said once the sizes of axes are settled. */
export function checkSquare(c: CheckContext): void {
  for (const { declaration, type } of c.scope.variables.values()) {
    if (type === undefined || !('rows' in type) || declaration.type === undefined) continue
    const { rows, columns } = type
    const [a, b] = [fixedSize(c.scope, rows), fixedSize(c.scope, columns)]
    if (a === undefined || b === undefined || a === b) continue
    tell(
      c.report,
      'AMP314',
      `${quote(declaration.name.text)} must be square, but ${quote(rows)} has size ${a} and ${quote(columns)} has ${b}`,
      {
        span: declaration.type.span,
        hint: `declare axis ${columns} = size(${rows})`,
      },
    )
  }
}

/** Bounds of `real(lower = a, upper = b)`; first those that need no let, so that lets can rely on them. */
export function settleBounds(c: CheckContext, round: 'before lets' | 'after lets'): void {
  for (const entry of c.scope.variables.values()) {
    const args = entry.declaration.type?.args ?? []
    if (entry.type?.kind !== 'real' || args.length === 0) continue
    if (args.some((a) => usesLet(c, a.value)) === (round === 'after lets')) boundsOf(c, entry, entry.declaration.type as TypeSyntax)
  }
}

function usesLet(c: CheckContext, e: Expr): boolean {
  for (const x of within(e)) {
    if (x.kind === 'name' && c.scope.lets.has(x.name.text)) return true
    if (x.kind === 'call' && c.scope.defs.has(x.callee.text)) return true
  }
  return false
}

function boundsOf(c: CheckContext, entry: VariableEntry, type: TypeSyntax): void {
  const wanted = { what: 'real', parameters: ['lower', 'upper'], optional: 2, span: type.name.span }
  const slots = matchArguments(c.report, wanted, type.args)
  const [lower, upper] = (slots ?? []).map((e) => e && bound(c, entry, e))
  const type_: ValueType<Typed> = { kind: 'real', ...(lower === undefined ? {} : { lower }), ...(upper === undefined ? {} : { upper }) }
  if (lower !== undefined && upper !== undefined && rangeOf(c, lower).low >= rangeOf(c, upper).high) {
    tell(c.report, 'AMP411', `no number lies between the bounds of ${quote(entry.declaration.name.text)}`, {
      span: type.span,
      hint: 'the lower bound must be below the upper one',
    })
    return
  }
  entry.type = type_
}

function bound(c: CheckContext, entry: VariableEntry, e: Expr): Typed | undefined {
  const value = c.infer(c, e, outermost)
  if (value === undefined || !fitsWithin(c, value, entry, 'the bound')) return undefined
  return value.element === undefined ? value : wantsNumber(c, value)
}

/** Whether a value that belongs to a variable varies over no axis that the variable lacks. */
export function fitsWithin(c: CheckContext, value: Typed, entry: VariableEntry, what: string): boolean {
  const extra = without(value.axes, entry.axes)
  if (extra.length === 0) return true
  const { name } = entry.declaration
  tell(c.report, 'AMP319', `${what} of ${quote(name.text)} varies over ${axesInWords(extra)}, but ${quote(name.text)} does not`, {
    span: value.span,
    hint: `sum[${extra.join(', ')}](...) would remove ${extra.length === 1 ? 'it' : 'them'}, or give ${quote(name.text)} ${extra.length === 1 ? 'that axis' : 'those axes'}`,
    related: [{ span: name.span, message: `this has ${axesInWords(entry.axes)}` }],
  })
  return false
}
