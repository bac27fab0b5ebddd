import { boundExpressions, kindOf, namedAxes } from '../../middle/kinds.ts'
import type { Typed, Variable } from '../../middle/model.ts'
import type { Declaration, Expr } from '../ast.ts'
import { wantsNumber } from './elementwise.ts'
import { isLabel } from './labels.ts'
import { constantOf, rangeOf, rangeOfType } from './range.ts'
import { tell } from './report.ts'
import { isScalar } from './scalar.ts'
import type { CheckContext, VariableEntry } from './scope.ts'
import { fixedSize, outermost } from './scope.ts'
import { startOf } from './start.ts'
import { nodesWithin } from './typed.ts'
import { fitsWithin } from './types.ts'
import { quote, roleInWords } from './words.ts'

/** The variable as the model holds it: default, Lagrangian and time constant checked. */
export function settleVariable(c: CheckContext, entry: VariableEntry): Variable | undefined {
  const d = entry.declaration
  const value = d.default && defaultOf(c, entry, d.default)
  const start = d.start && startOf(c, entry, d.start)
  const lagrangian = d.lagrangian && lagrangianOf(c, entry, d.lagrangian)
  const tau = d.tau && tauOf(c, entry, d.tau)
  if (entry.type === undefined) return undefined
  return {
    role: d.role,
    name: d.name.text,
    axes: entry.axes,
    type: entry.type,
    ...(value === undefined ? {} : { default: value }),
    ...(start === undefined ? {} : { start }),
    ...(lagrangian === undefined ? {} : { lagrangian }),
    ...(tau === undefined ? {} : { tau }),
    span: d.span,
    nameSpan: d.name.span,
  }
}

function defaultOf(c: CheckContext, entry: VariableEntry, e: Expr): Typed | undefined {
  if (entry.type === undefined && isLabel(e)) return undefined
  const elementOf = entry.type?.kind === 'element' ? entry.type.axis : undefined
  const value = c.infer(c, e, { ...outermost, elementOf })
  if (value === undefined) return undefined
  if (!fitsWithin(c, value, entry, 'the default')) return undefined
  if (!usesOnlyEarlier(c, entry.declaration, value)) return undefined
  if (value.element !== undefined && entry.type?.kind !== 'element') return wantsNumber(c, value)
  defaultFitsType(c, entry, value)
  return value
}

/** A default is known before anything runs: numbers, sizes and params declared before it. */
function usesOnlyEarlier(c: CheckContext, d: Declaration, value: Typed): boolean {
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

function defaultFitsType(c: CheckContext, entry: VariableEntry, value: Typed): void {
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
function misfit(c: CheckContext, { type }: VariableEntry, value: Typed): string | undefined {
  if (type === undefined) return undefined
  const sizes = Object.fromEntries(namedAxes(type).flatMap((axis) => [[axis, fixedSize(c.scope, axis)]].filter(([, n]) => n !== undefined)))
  const [given, allowed, constant] = [rangeOf(c, value), rangeOfType(c, type), constantOf(c, value)]
  const isBelow = given.high < allowed.low || (given.high === 0 && allowed.low === 0 && !kindOf(type).range.zero)
  const isValue = constant === undefined || kindOf(type).allows(constant, type, sizes)
  if (isValue && !isBelow && given.low <= allowed.high) return undefined
  return boundExpressions(type).length > 0 ? `a number from ${allowed.low} to ${allowed.high}` : kindOf(type).words(type, sizes)
}

/** The Lagrangian of a state: one number, made of the state itself. */
function lagrangianOf(c: CheckContext, entry: VariableEntry, e: Expr): Typed | undefined {
  const { name, role } = entry.declaration
  const value = c.infer(c, e, outermost)
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

function tauOf(c: CheckContext, entry: VariableEntry, e: Expr): Typed | undefined {
  const value = c.infer(c, e, outermost)
  if (value === undefined || !fitsWithin(c, value, entry, 'tau')) return undefined
  if (value.element !== undefined) return wantsNumber(c, value)
  if (rangeOf(c, value).high > 0) return value
  return tell(c.report, 'AMP404', `tau of ${quote(entry.declaration.name.text)} is not above 0`, {
    span: value.span,
    expected: 'a time constant above 0',
  })
}
