import type { Typed, Variable } from '../../middle/model.ts'
import type { Declaration, Expr } from '../ast.ts'
import { wantsNumber } from './elementwise.ts'
import { infer } from './expression.ts'
import { constantOf, rangeOf, rangeOfType } from './range.ts'
import { tell } from './report.ts'
import { isScalar } from './scalar.ts'
import type { Context, VariableEntry } from './scope.ts'
import { fixedSize, outermost } from './scope.ts'
import { nodesWithin } from './typed.ts'
import { fitsWithin } from './types.ts'
import { quote, roleInWords } from './words.ts'

/** The variable as the model holds it: default, Lagrangian and time constant checked. */
export function settleVariable(c: Context, entry: VariableEntry): Variable | undefined {
  const d = entry.declaration
  const value = d.default && defaultOf(c, entry, d.default)
  const lagrangian = d.lagrangian && lagrangianOf(c, entry, d.lagrangian)
  const tau = d.tau && tauOf(c, entry, d.tau)
  if (entry.type === undefined) return undefined
  return {
    role: d.role,
    name: d.name.text,
    axes: entry.axes,
    type: entry.type,
    ...(value === undefined ? {} : { default: value }),
    ...(lagrangian === undefined ? {} : { lagrangian }),
    ...(tau === undefined ? {} : { tau }),
    span: d.span,
    nameSpan: d.name.span,
  }
}

function defaultOf(c: Context, entry: VariableEntry, e: Expr): Typed | undefined {
  const elementOf = entry.type?.kind === 'element' ? entry.type.axis : undefined
  const value = infer(c, e, { ...outermost, elementOf })
  if (value === undefined) return undefined
  if (!fitsWithin(c, value, entry, 'the default')) return undefined
  if (!usesOnlyEarlier(c, entry.declaration, value)) return undefined
  if (value.element !== undefined && entry.type?.kind !== 'element') return wantsNumber(c, value)
  defaultFitsType(c, entry, value)
  return value
}

/** A default is known before anything runs: numbers, sizes and params declared before it. */
function usesOnlyEarlier(c: Context, d: Declaration, value: Typed): boolean {
  for (const node of nodesWithin([value], c.lets)) {
    const name = node.kind === 'variable' ? node.name : node.kind === 'act' ? node.state : undefined
    const used = name === undefined ? undefined : c.scope.variables.get(name)?.declaration
    if (used === undefined || (used.role === 'param' && used.span.start < d.span.start)) continue
    const inside = node.span.start >= value.span.start && node.span.end <= value.span.end
    tell(c.report, 'AMP223', `the default of ${quote(d.name.text)} uses ${quote(used.name.text)}, which is not known beforehand`, {
      span: inside ? node.span : value.span,
      expected: 'numbers, size(axis), and params declared earlier',
      related: [{ span: used.name.span, message: `${quote(used.name.text)} is ${roleInWords(used.role)}, declared here` }],
    })
    return false
  }
  return true
}

function defaultFitsType(c: Context, entry: VariableEntry, value: Typed): void {
  const wrong = misfit(c, entry, value)
  if (wrong === undefined) return
  const name = entry.declaration.name.text
  tell(c.report, 'AMP410', `the default of ${quote(name)} is not a value of its type`, {
    span: value.span,
    expected: wrong,
    ...(entry.declaration.type === undefined ? {} : { related: [{ span: entry.declaration.type.span, message: 'its type' }] }),
  })
}

/** What was expected, where a default surely is no value of the type. */
function misfit(c: Context, entry: VariableEntry, value: Typed): string | undefined {
  const type = entry.type
  const constant = constantOf(c, value)
  if (type?.kind === 'spin') return constant === undefined || Math.abs(constant) === 1 ? undefined : '-1 or 1'
  if (type?.kind === 'bit') return constant === undefined || constant === 0 || constant === 1 ? undefined : '0 or 1'
  if (type?.kind === 'count') return constant === undefined || isWhole(constant, 0) ? undefined : 'a whole number from 0'
  if (type?.kind === 'element') {
    const size = fixedSize(c.scope, type.axis)
    const fits = constant === undefined || (isWhole(constant, 1) && constant <= (size ?? Infinity))
    return fits ? undefined : `the number of an element of ${quote(type.axis)}, from 1${size === undefined ? '' : ` to ${size}`}`
  }
  const [given, allowed] = [rangeOf(c, value), rangeOfType(c, type)]
  const below = given.high < allowed.low || (type?.kind === 'positive' && given.high <= 0)
  if (!below && given.low <= allowed.high) return undefined
  return type?.kind === 'positive' ? 'a number above 0' : `a number from ${allowed.low} to ${allowed.high}`
}

function isWhole(x: number, least: number): boolean {
  return Number.isInteger(x) && x >= least
}

/** The Lagrangian of a state: one number, made of the state itself. */
function lagrangianOf(c: Context, entry: VariableEntry, e: Expr): Typed | undefined {
  const { name, role } = entry.declaration
  const value = infer(c, e, outermost)
  if (role !== 'state') {
    return tell(c.report, 'AMP228', `only a state can have a Lagrangian, and ${quote(name.text)} is ${roleInWords(role)}`, { span: e.span })
  }
  if (value === undefined || !isScalar(c, value, `the Lagrangian of ${quote(name.text)}`)) return undefined
  const mentions = [...nodesWithin([value], c.lets)].some((n) => n.kind === 'variable' && n.name === name.text)
  if (mentions) return value
  return tell(c.report, 'AMP414', `the Lagrangian of ${quote(name.text)} does not depend on ${quote(name.text)}`, {
    span: value.span,
    hint: `act(${name.text}) is its gradient by ${name.text}, and would be zero`,
  })
}

function tauOf(c: Context, entry: VariableEntry, e: Expr): Typed | undefined {
  const value = infer(c, e, outermost)
  if (value === undefined || !fitsWithin(c, value, entry, 'tau')) return undefined
  if (value.element !== undefined) return wantsNumber(c, value)
  if (rangeOf(c, value).high > 0) return value
  return tell(c.report, 'AMP404', `tau of ${quote(entry.declaration.name.text)} is not above 0`, {
    span: value.span,
    expected: 'a time constant above 0',
  })
}
