import { elementName, type Typed, type Variable } from '../../middle/model.ts'
import type { Expr, TextLiteral } from '../ast.ts'
import { didYouMean } from './names.ts'
import { tell } from './report.ts'
import type { CheckContext, ExprPlace } from './scope.ts'
import { deeper, sameElements } from './scope.ts'
import { typed } from './typed.ts'
import { bare } from './walk.ts'
import { axesInWords, quote } from './words.ts'

/** `"treated"`: the element of that name, of the axis that the place says. */
export function namedElement(c: CheckContext, e: TextLiteral, place: ExprPlace): Typed | undefined {
  const { elementOf: axis } = place
  if (axis === undefined) return whichAxis(c, e)
  const listed = listedLabels(c, axis)
  if (listed !== undefined && !listed.includes(e.value)) {
    return tell(c.report, 'AMP332', `${quote(axis)} has no element ${e.text}`, {
      span: e.span,
      expected: listed.map((label) => JSON.stringify(label)).join(', '),
      ...didYouMean(e.value, listed),
    })
  }
  const name = elementName(axis, e.value)
  if (!c.named.has(name)) c.named.set(name, { axis, label: e.value, span: e.span })
  return typed({ kind: 'variable', name }, [], e.span, axis)
}

function whichAxis(c: CheckContext, e: TextLiteral): undefined {
  const types = [...c.scope.variables.values()].flatMap(({ type }) => (type?.kind === 'element' ? [type.axis] : []))
  const [axis = 'group'] = [...types, ...c.scope.axes.keys()]
  return tell(c.report, 'AMP331', `${e.text} names an element, but nothing here says of which axis`, {
    span: e.span,
    expected: `a subscript, as in beta[${axis} = ${e.text}], or a comparison with an element, as in z == ${e.text}`,
    hint: 'texts that are data belong in data files',
  })
}

/** The labels that the model lists for an axis, or for one that has the same elements. */
function listedLabels(c: CheckContext, axis: string): readonly string[] | undefined {
  const own = c.scope.axes.get(axis)?.labels
  if (own !== undefined) return own
  return [...c.scope.axes.values()].find((a) => a.labels !== undefined && sameElements(c.scope, a.name, axis))?.labels
}

/** `beta["treated"]` of something with several axes, or none. */
export function alongWhich(c: CheckContext, index: Expr, target: Typed): undefined {
  const text = c.text.slice(index.span.start, index.span.end)
  return tell(c.report, 'AMP331', `along which axis does ${text} pick?`, {
    span: index.span,
    ...(target.axes.length === 0
      ? { hint: 'this has no axes to pick from' }
      : { expected: target.axes.map((axis) => `[${axis} = ${text}]`).join(' or ') }),
    related: [{ span: target.span, message: `this has ${axesInWords(target.axes)}` }],
  })
}

/** Whether only what stands beside it says which axis an expression is an element of. */
export function isLabel(e: Expr): boolean {
  const inner = bare(e)
  if (inner.kind === 'text') return true
  return (
    inner.kind === 'call' && inner.callee.text === 'where' && inner.args.length === 3 && inner.args.slice(1).every((a) => isLabel(a.value))
  )
}

/** `g == "treated"`, either way round. */
export function isComparisonWithLabel(e: Extract<Expr, { kind: 'binary' }>): boolean {
  return (e.operator === '==' || e.operator === '!=') && (isLabel(e.left) || isLabel(e.right))
}

/** Expressions whose values are compared or chosen between: what is no label says of which axis the labels are. */
export function inferTogether(c: CheckContext, exprs: readonly Expr[], place: ExprPlace): readonly (Typed | undefined)[] {
  const known = exprs.map((e) => (isLabel(e) ? undefined : c.infer(c, e, deeper(place))))
  if (!exprs.some(isLabel)) return known
  if (exprs.some((e, i) => !isLabel(e) && known[i] === undefined)) return exprs.map(() => undefined)
  const [first] = known.filter((t) => t !== undefined)
  const axis = first === undefined ? place.elementOf : elementsOf(first)
  if (first !== undefined && axis === undefined) return exprs.map((e) => notWithNumber(c, e, first))
  const all = exprs.map((e, i) => (isLabel(e) ? c.infer(c, e, { ...deeper(place), elementOf: axis }) : asElement(known[i])))
  return all.includes(undefined) ? exprs.map(() => undefined) : all
}

/** The axis that a value is an element of; `index(k)` beside a label is the element itself, not its number. */
function elementsOf(t: Typed): string | undefined {
  return t.element ?? (t.kind === 'index' ? t.axis : undefined)
}

function asElement(t: Typed | undefined): Typed | undefined {
  return t?.kind === 'index' ? { ...t, element: t.axis } : t
}

function notWithNumber(c: CheckContext, e: Expr, other: Typed): undefined {
  if (!isLabel(e)) return undefined
  const name = c.text.slice(other.span.start, other.span.end)
  const entry = other.kind === 'variable' ? c.scope.variables.get(other.name) : undefined
  const axes = entry === undefined || entry.axes.length === 0 ? '' : `[${entry.axes.join(', ')}]`
  return tell(
    c.report,
    'AMP331',
    `${quote(c.text.slice(e.span.start, e.span.end))} names an element of an axis, but ${quote(name)} is a number`,
    {
      span: e.span,
      ...(entry === undefined ? {} : { hint: `declare what it is an element of: ${entry.declaration.role} ${name}${axes} : group` }),
      related: [{ span: other.span, message: 'this is a number' }],
    },
  )
}

/** The elements that the model names, as variables whose values follow from the labels of their axes. */
export function namedVariables(c: CheckContext): readonly Variable[] {
  return [...c.named].map(([name, { axis, label, span }]): Variable => {
    return { role: 'data', name, axes: [], type: { kind: 'element', axis }, label, span, nameSpan: span }
  })
}
