import type { Call, DefStatement, Expr, Name, Subscript } from '../ast.ts'
import { knownAxis } from './axes.ts'
import { tell } from './report.ts'
import type { CheckContext } from './scope.ts'
import { alongLeftEdge, axisArguments, bare } from './walk.ts'
import { quote } from './words.ts'

/** What the axes of a def are in one call: each is called as the axis is, and stands where the call names it. */
export type AxesGiven = ReadonlyMap<string, Name>

/** The axes of a call, in the order of the def or by its names for them; undefined (and reported) where they do not fit. */
export function axesGiven(c: CheckContext, e: Call, def: DefStatement): AxesGiven | undefined {
  const given = new Map<string, Name>()
  const wanted = def.axes.map((a) => a.text)
  const shape = `${def.name.text}[${wanted.join(', ')}](...)`
  let position = 0
  for (const [i, axis] of e.axes.entries()) {
    const named = e.axisNames?.[i]
    const parameter = named?.text ?? wanted[position++]
    if (parameter === undefined || !wanted.includes(parameter)) {
      const said =
        named === undefined
          ? `takes ${wanted.length === 1 ? 'one axis' : `${wanted.length} axes`}, but here is one more`
          : `has no axis called ${quote(named.text)}`
      return tell(c.report, 'AMP306', `${quote(def.name.text)} ${said}`, { span: (named ?? axis).span, expected: shape })
    }
    if (given.has(parameter)) {
      return tell(c.report, 'AMP210', `the axis ${quote(parameter)} of ${def.name.text} is given twice`, {
        span: (named ?? axis).span,
        expected: shape,
      })
    }
    if (!knownAxis(c, axis)) return undefined
    given.set(parameter, axis)
  }
  const [missing] = wanted.filter((a) => !given.has(a))
  if (missing === undefined) return given
  return tell(c.report, 'AMP305', `${def.name.text} needs its axis ${quote(missing)}`, {
    span: e.callee.span,
    expected: shape,
    hint: `name an axis of the model: ${def.name.text}[${missing} = ...](...)`,
  })
}

/** The body of a def with its axes called as those of a call are. */
export function withAxes(e: Expr, given: AxesGiven): Expr {
  const of = (inner: Expr): Expr => withAxes(inner, given)
  const axis = (name: Name): Name => given.get(name.text) ?? name
  switch (e.kind) {
    case 'number':
    case 'text':
    case 'name':
      return e
    case 'unary':
      return { ...e, operand: of(e.operand) }
    case 'binary':
      return alongLeftEdge<Expr>(e, of, (left, link) => ({ ...link, left, right: of(link.right) }))
    case 'group':
      return { ...e, inner: of(e.inner) }
    case 'call': {
      const args = e.args.map((a) => ({
        ...a,
        value: (axisArguments.has(e.callee.text) ? namedIn(a.value, given) : undefined) ?? of(a.value),
      }))
      return { ...e, axes: e.axes.map(axis), args }
    }
    case 'index':
      return { ...e, target: of(e.target), subscripts: e.subscripts.map((s) => subscript(s, given)) }
  }
}

/** `size(over)`: an axis that stands where a value could. */
function namedIn(e: Expr, given: AxesGiven): Expr | undefined {
  const inner = bare(e)
  const axis = inner.kind === 'name' ? given.get(inner.name.text) : undefined
  return axis && { kind: 'name', name: axis, span: axis.span }
}

function subscript(s: Subscript, given: AxesGiven): Subscript {
  const axis = (name: Name): Name => given.get(name.text) ?? name
  const index = (e: Expr): Expr => namedIn(e, given) ?? shifted(e, given)
  if (s.kind === 'rename') return { ...s, from: axis(s.from), to: axis(s.to) }
  if (s.kind === 'by') return { ...s, index: index(s.index) }
  return { ...s, axis: axis(s.axis), index: index(s.index), ...(s.fill && { fill: withAxes(s.fill, given) }) }
}

/** The `over` of `over - 1`. */
function shifted(e: Expr, given: AxesGiven): Expr {
  if (e.kind !== 'binary') return withAxes(e, given)
  return { ...e, left: namedIn(e.left, given) ?? withAxes(e.left, given), right: withAxes(e.right, given) }
}
