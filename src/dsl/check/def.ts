import { parts, type Typed } from '../../middle/model.ts'
import type { Call, DefStatement } from '../ast.ts'
import { matchArguments } from './arguments.ts'
import { type AxesGiven, axesGiven, withAxes } from './axis-parameters.ts'
import { tell } from './report.ts'
import type { Body, CheckContext, ExprPlace } from './scope.ts'
import { deeper } from './scope.ts'
import { typed } from './typed.ts'
import { quote } from './words.ts'

/** How many nodes one call may expand into when the calls inside it are written out. */
export const largestExpansion = 100_000

/** A use of a def: its body is checked for the axes of these arguments. */
export function callDef(c: CheckContext, e: Call, def: DefStatement, place: ExprPlace): Typed | undefined {
  const parameters = def.parameters.map((p) => p.text)
  const [axis] = def.axes.length === 0 ? e.axes : []
  if (axis !== undefined) tell(c.report, 'AMP306', `${quote(def.name.text)} takes no axis`, { span: axis.span })
  const axes = def.axes.length === 0 ? noAxes : axesGiven(c, e, def)
  const exprs = matchArguments(c.report, { what: def.name.text, parameters, span: e.callee.span }, e.args)
  const values = new Map(e.args.map((a) => [a.value, c.infer(c, a.value, deeper(place))]))
  if (exprs === undefined || c.scope.circular.has(def.name.text)) return undefined
  const bound = new Map(parameters.map((p, i) => [p, at(values, exprs[i])]))
  if (axes === undefined) return undefined
  const body = bodyFor(c, def, { bound, axes }, place)
  if (body.value === undefined || axis !== undefined || !smallEnough(c, e, body)) return undefined
  const bindings = [...bound].flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]))
  if (bindings.length < parameters.length) return undefined
  const along = def.axes.map((a) => axes.get(a.text)?.text ?? a.text)
  return typed({ kind: 'call', def: def.name.text, along, bindings, body: body.value }, body.value.axes, e.span, body.value.element)
}

function at<K, V>(map: ReadonlyMap<K, V>, key: K | undefined): V | undefined {
  return key === undefined ? undefined : map.get(key)
}

/** Checks the body of a def that nothing calls, so that its mistakes are found all the same. */
export function checkUncalled(c: CheckContext, def: DefStatement, place: ExprPlace): void {
  if (c.scope.circular.has(def.name.text)) return
  // Whether what it uses of the model varies over its axes shows when a call says which they are.
  if (def.axes.length > 0) return
  bodyFor(c, def, { bound: new Map(def.parameters.map((p) => [p.text, undefined])), axes: noAxes }, place)
}

const noAxes: AxesGiven = new Map()

/** What a body is checked for. */
interface GivenToDef {
  readonly bound: ReadonlyMap<string, Typed | undefined>
  readonly axes: AxesGiven
}

/** Same def, same axes, from the same place, and same axes of the arguments: the same body, shared. */
function bodyFor(c: CheckContext, def: DefStatement, { bound, axes }: GivenToDef, place: ExprPlace): Body {
  const along = [...axes].map(([name, axis]) => [name, axis.text, axis.span.start])
  const key = JSON.stringify([
    def.name.text,
    along,
    ...[...bound.values()].map((v) => (v === undefined ? null : [v.axes, v.element ?? null])),
  ])
  const known = c.bodies.get(key)
  if (known !== undefined) return known
  const value = c.infer(c, axes.size === 0 ? def.body : withAxes(def.body, axes), { depth: place.depth + 1, parameters: bound })
  const body = { value, nodes: value === undefined ? 0 : expandedNodes(c, value) }
  c.bodies.set(key, body)
  return body
}

/** Nodes of an expression with every call written out: a shared body counts once for each use, and is counted once. */
function expandedNodes(c: CheckContext, t: Typed): number {
  const known = c.nodes.get(t)
  if (known !== undefined) return known
  const total = parts(t).reduce((sum, part) => sum + expandedNodes(c, part), 1)
  c.nodes.set(t, total)
  return total
}

function smallEnough(c: CheckContext, e: Call, body: Body): boolean {
  if (body.nodes <= largestExpansion) return true
  const message = `${quote(e.callee.text)} expands into more than ${largestExpansion} operations`
  if (c.report.found.some((d) => d.message === message)) return false
  tell(c.report, 'AMP222', message, {
    span: e.callee.span,
    hint: 'a let is computed once and shared; a def is expanded at every use',
  })
  return false
}
