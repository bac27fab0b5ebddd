import type { Typed } from '../../middle/model.ts'
import type { Call } from '../ast.ts'
import { matchArguments } from './arguments.ts'
import { axisArgument, knownAxis } from './axes.ts'
import { wantsNumber } from './elementwise.ts'
import { didYouMean } from './names.ts'
import { takeBack, tell } from './report.ts'
import type { CheckContext, ExprPlace } from './scope.ts'
import { deeper } from './scope.ts'
import { typed, without } from './typed.ts'
import { mayBe } from './unknown.ts'
import { quote } from './words.ts'

type Special = (c: CheckContext, e: Call, place: ExprPlace) => Typed | undefined

/** Calls whose arguments are names of axes or states, and `scan`, which binds `prev`. */
export const specials: Readonly<Record<string, Special>> = {
  size: (c, e) => ofAxis(c, e, (axis) => typed({ kind: 'size', axis }, [], e.span)),
  index: (c, e) => ofAxis(c, e, (axis) => typed({ kind: 'index', axis }, [axis], e.span)),
  weight: (c, e) => ofAxis(c, e, (axis) => typed({ kind: 'weight', axis }, [axis], e.span)),
  act: activation,
  scan,
}

function ofAxis(c: CheckContext, e: Call, make: (axis: string) => Typed): Typed | undefined {
  if (!noBrackets(c, e)) return undefined
  const args = matchArguments(c.report, { what: e.callee.text, parameters: ['axis'], span: e.callee.span }, e.args)
  const [arg] = args ?? []
  const axis = arg && axisArgument(c, e.callee.text, arg)
  return axis && make(axis.text)
}

function noBrackets(c: CheckContext, e: Call): boolean {
  const [axis] = e.axes
  if (axis === undefined) return true
  const { text } = e.callee
  tell(c.report, 'AMP306', `${text} takes its name in parentheses`, { span: axis.span, hint: `${text}(${axis.text})` })
  return false
}

/** `act(v)`: the gradient of the Lagrangian of the state v. */
function activation(c: CheckContext, e: Call): Typed | undefined {
  if (!noBrackets(c, e)) return undefined
  const args = matchArguments(c.report, { what: 'act', parameters: ['state'], span: e.callee.span }, e.args)
  const [arg] = args ?? []
  if (arg === undefined) return undefined
  const neurons = [...c.scope.variables].filter(([, v]) => v.declaration.lagrangian !== undefined).map(([name]) => name)
  const name = arg.kind === 'name' ? arg.name.text : ''
  const entry = c.scope.variables.get(name)
  if (entry?.declaration.lagrangian !== undefined) return typed({ kind: 'act', state: name }, entry.axes, e.span)
  if (entry === undefined && name !== '' && mayBe(c.scope, name, 'value')) return undefined
  const message =
    entry === undefined ? 'act takes the name of a state with a Lagrangian' : `${quote(name)} has no Lagrangian, so it has no act`
  return tell(c.report, 'AMP219', message, {
    span: arg.span,
    expected: neurons.length === 0 ? 'a state declared with lagrangian' : `one of ${neurons.map(quote).join(', ')}`,
    ...didYouMean(name, neurons, entry === undefined ? undefined : `state ${name}[...] with lagrangian ...`),
    ...(entry === undefined ? {} : { related: [{ span: entry.declaration.name.span, message: `${quote(name)} is declared here` }] }),
  })
}

/** `scan[t](first = e0, next = e)`: e0 at the first element of t, then e with `prev` the value before. */
function scan(c: CheckContext, e: Call, place: ExprPlace): Typed | undefined {
  const [axis, second] = e.axes
  const args = matchArguments(c.report, { what: 'scan', parameters: ['first', 'next'], span: e.callee.span }, e.args)
  const isWhole = axis !== undefined && second === undefined && args !== undefined
  // Of a scan that is not whole, what stands in it is looked at all the same; what `prev` is there is not known.
  if (!isWhole) for (const { value } of e.args) c.infer(c, value, { ...deeper(place), prev: { value: undefined } })
  if (axis === undefined || second !== undefined) {
    return tell(c.report, 'AMP306', 'scan goes along one axis', {
      span: second?.span ?? e.callee.span,
      expected: 'scan[t](first = e0, next = e)',
    })
  }
  if (!knownAxis(c, axis)) return undefined
  const [firstExpr, nextExpr] = args ?? []
  if (firstExpr === undefined || nextExpr === undefined) return undefined
  const first = asNumber(c, c.infer(c, firstExpr, deeper(place)))
  const next = asNumber(
    c,
    settleNext(c, axis.text, first, (prev) => c.infer(c, nextExpr, { ...deeper(place), prev: { value: prev } })),
  )
  if (first === undefined || next === undefined) return undefined
  if (first.axes.includes(axis.text)) {
    return tell(c.report, 'AMP323', `the first value of a scan over ${quote(axis.text)} varies over ${quote(axis.text)} itself`, {
      span: first.span,
      hint: `pick one element: ...[${axis.text} = 1]`,
    })
  }
  return typed({ kind: 'scan', axis: axis.text, first, next }, [axis.text, ...first.axes, ...next.axes], e.span)
}

/**
 * The previous value has the axes of `first` and of `next` (less the scanned one), and those of `next` depend on it:
 * tried with what is known, and again while axes are added. What a trial said is taken back before the next one.
 */
function settleNext(
  c: CheckContext,
  axis: string,
  first: Typed | undefined,
  check: (prev: Typed | undefined) => Typed | undefined,
): Typed | undefined {
  let prev = first
  for (;;) {
    const said = c.report.found.length
    const bodies = [...c.bodies.keys()].length
    const next = check(prev)
    if (prev === undefined || next === undefined) return next
    const axes: readonly string[] = without([...new Set([...prev.axes, ...next.axes])], [axis])
    if (axes.length === prev.axes.length) return next
    takeBack(c.report, said)
    for (const key of [...c.bodies.keys()].slice(bodies)) c.bodies.delete(key)
    prev = { ...prev, axes: [...axes].sort() }
  }
}

function asNumber(c: CheckContext, t: Typed | undefined): Typed | undefined {
  return t?.element === undefined ? t : wantsNumber(c, t)
}
