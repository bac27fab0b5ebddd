import type { Typed } from '../../middle/model.ts'
import type { Call } from '../ast.ts'
import { matchArguments } from './arguments.ts'
import { axisArgument } from './axes.ts'
import { didYouMean } from './names.ts'
import { tell } from './report.ts'
import { fold, scan } from './scan.ts'
import type { CheckContext, ExprPlace } from './scope.ts'
import { typed } from './typed.ts'
import { mayBe } from './unknown.ts'
import { quote } from './words.ts'

type Special = (c: CheckContext, e: Call, place: ExprPlace) => Typed | undefined

/** Calls whose arguments are names of axes or states, and those that bind `prev`. */
export const specials: Readonly<Record<string, Special>> = {
  size: (c, e) => ofAxis(c, e, (axis) => typed({ kind: 'size', axis }, [], e.span)),
  index: (c, e) => ofAxis(c, e, (axis) => typed({ kind: 'index', axis }, [axis], e.span)),
  weight: (c, e) => ofAxis(c, e, (axis) => typed({ kind: 'weight', axis }, [axis], e.span)),
  act: activation,
  scan,
  fold,
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
