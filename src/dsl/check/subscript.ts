import type { Typed } from '../../middle/model.ts'
import type { Expr, Name, Subscript } from '../ast.ts'
import { hasAxis, knownAxis } from './axes.ts'
import { wantsNumber } from './elementwise.ts'
import { alongWhich, isLabel } from './labels.ts'
import { constantOf } from './range.ts'
import { tell } from './report.ts'
import { valueBefore } from './scan.ts'
import type { CheckContext, ExprPlace } from './scope.ts'
import { deeper, fixedSize, maySameElements, sameElements } from './scope.ts'
import { typed, without } from './typed.ts'
import { bare } from './walk.ts'
import { axesInWords, quote } from './words.ts'

type SubscriptExpr = Extract<Expr, { kind: 'index' }>
type SubscriptTarget = Typed | undefined

/** `mu[z]`, `mu[cluster = e]`, `s[neuron -> other]`, `y[t = t - 1]`; several are applied from left to right. */
export function inferIndex(c: CheckContext, e: SubscriptExpr, place: ExprPlace): SubscriptTarget {
  let target = c.infer(c, e.target, deeper(place))
  const swapped = swap(c, e, target)
  if (swapped !== undefined) return swapped
  for (const s of e.subscripts) target = subscript(c, e, target, s, place)
  return target
}

function subscript(c: CheckContext, e: SubscriptExpr, target: SubscriptTarget, s: Subscript, place: ExprPlace): SubscriptTarget {
  if (s.kind === 'rename') return rename(c, e, target, s.from, s.to)
  if (s.kind === 'at') return pickAt(c, e, target, s, place)
  return pickBy(c, e, target, s.index, place)
}

/** `mu[z]`: the axis is the one z ranges over. */
function pickBy(c: CheckContext, e: SubscriptExpr, target: SubscriptTarget, index: Expr, place: ExprPlace): SubscriptTarget {
  const inner = bare(index)
  if (inner.kind === 'name' && isAxisOnly(c, inner.name.text, place)) return byOwnAxis(c, target, inner.name)
  const [only, other] = target?.axes ?? []
  if (isLabel(index) && target === undefined) return undefined
  if (isLabel(index) && target !== undefined && (only === undefined || other !== undefined)) return alongWhich(c, index, target)
  const elementOf = isLabel(index) ? only : undefined
  const subscriptOf = { text: c.text.slice(e.target.span.start, e.target.span.end), axes: target?.axes ?? [] }
  const picked = c.infer(c, index, { ...deeper(place), subscriptOf, elementOf })
  if (picked === undefined || target === undefined) return undefined
  if (picked.element === undefined) return byNumber(c, e, target, index)
  const element = picked.element
  const name = c.text.slice(index.span.start, index.span.end)
  const [axis, second] = target.axes.includes(element) ? [element] : target.axes.filter((a) => sameElements(c.scope, a, element))
  if (axis !== undefined && second === undefined) return pick(target, axis, picked, e)
  if (axis === undefined && target.axes.some((a) => maySameElements(c.scope, a, element))) return undefined
  if (axis !== undefined) {
    return tell(c.report, 'AMP308', `${quote(name)} could pick along ${quote(axis)} or ${quote(second ?? '')}: say which`, {
      span: index.span,
      expected: `[${axis} = ${name}] or [${second} = ${name}]`,
    })
  }
  return tell(c.report, 'AMP308', `${quote(name)} is an element of ${quote(element)}, an axis that ${sourceOf(c, target)} does not have`, {
    span: index.span,
    expected: `an element of ${target.axes.length === 0 ? 'nothing: it is a single number' : target.axes.map(quote).join(' or ')}`,
    related: [{ span: target.span, message: `this has ${axesInWords(target.axes)}` }],
  })
}

/** In a subscript a name is the axis, unless it is also that of something whose values are elements. */
export function isAxisOnly(c: CheckContext, name: string, place: ExprPlace): boolean {
  if (!c.scope.axes.has(name) || (c.scope.unknown.names.has(name) && !c.scope.unknown.axes.has(name))) return false
  if (place.parameters?.has(name)) return place.parameters.get(name)?.element === undefined
  return c.scope.variables.get(name)?.type?.kind !== 'element' && c.lets.get(name)?.element === undefined
}

function pick(target: Typed, axis: string, index: Typed, e: SubscriptExpr): Typed {
  return typed({ kind: 'pick', target, axis, index }, [...without(target.axes, [axis]), ...index.axes], e.span, target.element)
}

function sourceOf(c: CheckContext, t: Typed): string {
  const text = c.text.slice(t.span.start, t.span.end)
  return text.length <= 30 && !text.includes('\n') ? quote(text) : 'the expression'
}

/** `x[pixel]`, where x varies over pixel already: harmless, but it picks nothing. */
function byOwnAxis(c: CheckContext, target: SubscriptTarget, axis: Name): SubscriptTarget {
  if (target === undefined || !hasAxis(c, axis, target, 'index by')) return undefined
  tell(c.report, 'AMP309', `${sourceOf(c, target)} varies over ${quote(axis.text)} already: this subscript does nothing`, {
    span: axis.span,
    hint: `write it without; to pick one element, [${axis.text} = ...]`,
  })
  return target
}

function byNumber(c: CheckContext, e: SubscriptExpr, target: Typed, index: Expr): undefined {
  const number = c.text.slice(index.span.start, index.span.end)
  tell(c.report, 'AMP310', `${quote(number)} is a number: along which axis does it pick?`, {
    span: index.span,
    expected: 'an element of an axis, or [axis = number]',
    hint: target.axes.length === 0 ? 'this has no axes to pick from' : byName(c, e, target),
  })
}

/** `W[0, 1]` as it is written here: `W[i = 1, j = 2]`. */
function byName(c: CheckContext, e: SubscriptExpr, target: Typed): string {
  const source = c.text.slice(e.target.span.start, e.target.span.end)
  const numbers = e.subscripts.map((s) => c.text.slice(s.span.start, s.span.end))
  const fromZero = numbers.includes('0')
  const shown = numbers.map((n) => (fromZero && /^\d{1,9}$/.test(n) ? String(Number(n) + 1) : n))
  const picks = shown.slice(0, target.axes.length).map((n, i) => `${target.axes[i]} = ${n}`)
  return `${source}[${picks.join(', ')}]${fromZero ? ': elements are numbered from 1' : ''}`
}

/** `mu[cluster = e]`: e is an element of that axis or a number from 1; `y[t = t - 1]` shifts. */
function pickAt(
  c: CheckContext,
  e: SubscriptExpr,
  target: SubscriptTarget,
  s: Extract<Subscript, { kind: 'at' }>,
  place: ExprPlace,
): SubscriptTarget {
  const known = knownAxis(c, s.axis)
  const by = known && isAxisOnly(c, s.axis.text, place) ? shiftBy(c, s.axis.text, s.index, place) : undefined
  if (by !== undefined) return target && hasAxis(c, s.axis, target, 'shift along') ? shift(c, e, target, s, by, place) : undefined
  if (s.fill !== undefined) {
    for (const part of [s.index, s.fill]) if (!isLabel(part)) c.infer(c, part, deeper(place))
    return tell(c.report, 'AMP327', "'else' gives a shift its value at the elements where it has none, and this is no shift", {
      span: s.fill.span,
      hint: `a shift is written [${s.axis.text} = ${s.axis.text} - 1 else 0]; a choice is where(condition, a, b)`,
    })
  }
  if (!known && isLabel(s.index)) return undefined
  // An axis that may be known from a statement that did not read is also a name in `[t = t - 1]`.
  const doubtful = known && !c.scope.axes.has(s.axis.text) ? { subscriptOf: { text: s.axis.text, axes: [] } } : {}
  const named = known && bare(s.index).kind === 'name'
  const pickedOf = named ? { pickedOf: { text: c.text.slice(e.target.span.start, e.target.span.end), axis: s.axis.text } } : {}
  const index = c.infer(c, s.index, { ...deeper(place), ...doubtful, ...pickedOf, elementOf: known ? s.axis.text : undefined })
  if (!known || target === undefined || !hasAxis(c, s.axis, target, 'pick along')) return undefined
  if (index === undefined || !isElementOf(c, s.axis.text, index)) return undefined
  return pick(target, s.axis.text, index, e)
}

export function isElementOf(c: CheckContext, axis: string, index: Typed): boolean {
  const source = c.text.slice(index.span.start, index.span.end)
  if (index.element !== undefined) {
    if (maySameElements(c.scope, index.element, axis)) return true
    tell(c.report, 'AMP311', `${quote(source)} is an element of ${quote(index.element)}, not of ${quote(axis)}`, {
      span: index.span,
      hint: `if the two go together, declare axis ${axis} = size(${index.element})`,
    })
    return false
  }
  const value = constantOf(c, index)
  const size = fixedSize(c.scope, axis)
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= (size ?? Infinity))) return true
  tell(c.report, 'AMP322', `${quote(axis)} has no element ${value}`, {
    span: index.span,
    expected: `a whole number from 1${size === undefined ? '' : ` to ${size}`}`,
  })
  return false
}

/** How far back `t - 1` (or ahead, `t + 1`) reaches along t; undefined where the expression is something else. */
function shiftBy(c: CheckContext, axis: string, index: Expr, place: ExprPlace): number | 'not whole' | undefined {
  const e = bare(index)
  const isAxis = (x: Expr) => x.kind === 'name' && x.name.text === axis
  if (isAxis(e)) return 0
  if (e.kind !== 'binary' || (e.operator !== '+' && e.operator !== '-') || !isAxis(bare(e.left))) return undefined
  const by = c.infer(c, e.right, deeper(place))
  const value = by && constantOf(c, by)
  if (value === undefined || !Number.isInteger(value)) return 'not whole'
  return e.operator === '-' ? value : -value
}

function shift(
  c: CheckContext,
  e: SubscriptExpr,
  target: Typed,
  s: Extract<Subscript, { kind: 'at' }>,
  by: number | 'not whole',
  place: ExprPlace,
): SubscriptTarget {
  if (by === 0) return byOwnAxis(c, target, s.axis)
  if (by === 'not whole') {
    return tell(c.report, 'AMP324', `a shift along ${quote(s.axis.text)} is by a whole number known beforehand`, {
      span: s.index.span,
      expected: `${s.axis.text} - 1, ${s.axis.text} - 2, ...`,
    })
  }
  const before = by > 0 ? valueBefore(c, target) : undefined
  if (before !== undefined && by === 1) return s.fill === undefined ? oneLater(target, s.axis.text, before, e) : elseInVain(c, s.fill)
  const node = {
    ...({ kind: 'shift', axis: s.axis.text } as const),
    ...(before === undefined ? { target, by } : { target: oneLater(target, s.axis.text, before, e), by: by - 1 }),
  }
  if (s.fill === undefined) return typed(node, target.axes, e.span, target.element)
  const fill = c.infer(c, s.fill, { ...deeper(place), elementOf: target.element })
  if (fill === undefined || !fillFits(c, target, fill)) return undefined
  return typed({ ...node, fill }, [...target.axes, ...fill.axes], e.span, target.element)
}

/** A scan has a value before its first element, which its shift by one has there. */
function oneLater(target: Typed, axis: string, before: Typed, e: SubscriptExpr): Typed {
  return typed({ kind: 'shift', target, axis, by: 1, fill: before }, target.axes, e.span)
}

function elseInVain(c: CheckContext, fill: Expr): undefined {
  return tell(
    c.report,
    'AMP327',
    "'else' gives a shift its value where it has none, and this one has one everywhere: the `from` of its scan",
    {
      span: fill.span,
      hint: 'leave the else out',
    },
  )
}

function fillFits(c: CheckContext, target: Typed, fill: Typed): boolean {
  if (target.element !== undefined) return isElementOf(c, target.element, fill)
  if (fill.element !== undefined) wantsNumber(c, fill)
  return fill.element === undefined
}

function rename(c: CheckContext, e: SubscriptExpr, target: SubscriptTarget, from: Name, to: Name): SubscriptTarget {
  const fine = [from, to].map((name) => knownAxis(c, name)).every(Boolean)
  if (!fine || target === undefined || !hasAxis(c, from, target, 'rename')) return undefined
  if (target.axes.includes(to.text)) {
    return tell(c.report, 'AMP312', `${sourceOf(c, target)} has an axis ${quote(to.text)} already`, {
      span: to.span,
      hint: 'two axes of one expression cannot have the same name',
    })
  }
  if (!sizesAgree(c, from, to)) return undefined
  const node = { kind: 'rename', target, from: from.text, to: to.text } as const
  return typed(node, [...without(target.axes, [from.text]), to.text], e.span, target.element)
}

/** Whether two axes may have one size, as far as the model fixes both. */
export function sizesAgree(c: CheckContext, from: Name, to: Name): boolean {
  const [a, b] = [fixedSize(c.scope, from.text), fixedSize(c.scope, to.text)]
  if (a === undefined || b === undefined || a === b) return true
  const related = [from, to].flatMap((name) => {
    const axis = c.scope.axes.get(name.text)
    return axis === undefined
      ? []
      : [{ span: axis.span, message: `${quote(name.text)} has size ${fixedSize(c.scope, name.text)}, from here` }]
  })
  tell(c.report, 'AMP314', `${quote(from.text)} has size ${a}, but ${quote(to.text)} has size ${b}`, {
    span: to.span,
    hint: `declare axis ${to.text} = size(${from.text})`,
    related,
  })
  return false
}

/** `W[a -> b, b -> a]`, the transpose: one after the other they would collide, so it goes by way of a third name. */
function swap(c: CheckContext, e: SubscriptExpr, target: SubscriptTarget): SubscriptTarget {
  const [one, two] = e.subscripts
  if (e.subscripts.length !== 2 || one?.kind !== 'rename' || two?.kind !== 'rename') return undefined
  if (one.from.text !== two.to.text || one.to.text !== two.from.text || one.from.text === one.to.text) return undefined
  if (target === undefined || !target.axes.includes(one.from.text) || !target.axes.includes(two.from.text)) return undefined
  if (!sizesAgree(c, one.from, one.to)) return undefined
  const aside = asideAxis(c, one.from.text)
  const [a, b] = [one.from.text, two.from.text]
  const step = (t: Typed, from: string, to: string): Typed =>
    typed({ kind: 'rename', target: t, from, to }, [...without(t.axes, [from]), to], e.span, t.element)
  return step(step(step(target, a, aside), b, a), aside, b)
}

/** An axis of the same size under a name that cannot be written, for the middle of a transposition. */
function asideAxis(c: CheckContext, axis: string): string {
  const name = `${axis}'`
  const entry = c.scope.axes.get(axis)
  if (entry !== undefined && !c.scope.axes.has(name)) c.scope.axes.set(name, { name, span: entry.span, size: { kind: 'same', as: axis } })
  return name
}
