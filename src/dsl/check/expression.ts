import type { FunctionName } from '../../middle/functions.ts'
import type { Typed } from '../../middle/model.ts'
import type { BinaryOperator, Expr, Name, UnaryOperator } from '../ast.ts'
import { inferCall } from './call.ts'
import { apply } from './elementwise.ts'
import { inferTogether, isComparisonWithLabel, namedElement } from './labels.ts'
import { inPairs, longChain } from './long-chain.ts'
import { didYouMean } from './names.ts'
import { note } from './node-types.ts'
import { constantElsewhere, powerElsewhere } from './other-systems.ts'
import { tell } from './report.ts'
import type { CheckContext, ExprPlace } from './scope.ts'
import { deeper } from './scope.ts'
import { inferIndex } from './subscript.ts'
import { number, typed } from './typed.ts'
import { mayBe } from './unknown.ts'
import { constants, isFunction } from './vocabulary.ts'
import { quote } from './words.ts'

/**
 * The one function of the checker that everything meets in: an expression with its axes, or undefined where something
 * in it was wrong. What is wrong has been reported then, and whoever sees undefined keeps quiet.
 */
export function infer(c: CheckContext, e: Expr, place: ExprPlace): Typed | undefined {
  return mayGoOn(c, e, place) ? note(c, e, inferNode(c, e, place), place) : undefined
}

function inferNode(c: CheckContext, e: Expr, place: ExprPlace): Typed | undefined {
  switch (e.kind) {
    case 'number':
      return number(e.value, e.span)
    case 'text':
      return namedElement(c, e, place)
    case 'name':
      return inferName(c, e.name, place)
    case 'group':
      return infer(c, e.inner, deeper(place))
    case 'unary': {
      const operand = infer(c, e.operand, deeper(place))
      return e.operator === '+' ? operand : apply(c, unary[e.operator], [operand], e.span)
    }
    case 'binary':
      return isComparisonWithLabel(e)
        ? apply(c, binary[e.operator], inferTogether(c, [e.left, e.right], place), e.span)
        : inferChain(c, e, place)
    case 'call':
      return inferCall(c, e, place)
    case 'index':
      return inferIndex(c, e, place)
  }
}

const unary: Readonly<Record<Exclude<UnaryOperator, '+'>, FunctionName>> = { '-': 'neg', not: 'not' }

const binary: Readonly<Record<BinaryOperator, FunctionName>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '^': 'pow',
  '==': 'equal',
  '!=': 'not_equal',
  '<': 'less',
  '<=': 'less_equal',
  '>': 'greater',
  '>=': 'greater_equal',
  and: 'and',
  or: 'or',
}

/** Levels of nesting that are followed; deeper ones are refused, so that no later stage runs out of stack. */
export const deepest = 1000

function mayGoOn(c: CheckContext, e: Expr, place: ExprPlace): boolean {
  if (place.depth > deepest) {
    tell(c.report, 'AMP221', `this expression is nested more than ${deepest} levels deep`, {
      span: { start: e.span.start, end: Math.min(e.span.end, e.span.start + 1) },
      hint: 'give parts of it names with let',
    })
    return false
  }
  c.fuel.left -= 1
  if (c.fuel.left === 0) c.fuel.ranOutAt = e.span
  return c.fuel.left > 0
}

/** `a + b + c + ...` is a tree as deep as it is long: its left edge is walked, not descended. */
function inferChain(c: CheckContext, e: Extract<Expr, { kind: 'binary' }>, place: ExprPlace): Typed | undefined {
  const long = longChain(e)
  if (long !== undefined) return inPairs(c, long, (term) => infer(c, term, deeper(place)))
  const links: Extract<Expr, { kind: 'binary' }>[] = []
  let first: Expr = e
  while (first.kind === 'binary' && !isComparisonWithLabel(first)) {
    links.push(first)
    first = first.left
  }
  links.reverse()
  const inside = deeper(place)
  const terms = [infer(c, first, inside), ...links.map((link) => infer(c, link.right, inside))]
  if (place.depth + links.length > deepest) return tooLong(c, e)
  return links.reduce((left, link, i) => note(c, link, apply(c, binary[link.operator], [left, terms[i + 1]], link.span), place), terms[0])
}

function tooLong(c: CheckContext, e: Expr): undefined {
  return tell(c.report, 'AMP221', `this chain of operators has more than ${deepest} links`, {
    span: { start: e.span.start, end: Math.min(e.span.end, e.span.start + 1) },
    hint: 'give parts of it names with let, or write a sum over an axis',
  })
}

function inferName(c: CheckContext, name: Name, place: ExprPlace): Typed | undefined {
  const { text, span } = name
  if (place.parameters?.has(text)) {
    const bound = place.parameters.get(text)
    return bound && typed({ kind: 'parameter', name: text }, bound.axes, span, bound.element)
  }
  if (text === 'prev') return inferPrevious(c, name, place)
  const variable = c.scope.variables.get(text)
  if (variable !== undefined) {
    const element = variable.type?.kind === 'element' ? variable.type.axis : undefined
    return variable.type && typed({ kind: 'variable', name: text }, variable.axes, span, element)
  }
  if (c.scope.lets.has(text)) {
    const value = c.lets.get(text)
    return value && typed({ kind: 'let', name: text }, value.axes, span, value.element)
  }
  if (Object.hasOwn(constants, text)) return number(constants[text] ?? 0, span)
  return unknownName(c, name, place)
}

function inferPrevious(c: CheckContext, name: Name, place: ExprPlace): Typed | undefined {
  if (place.prev === undefined) {
    return tell(c.report, 'AMP218', "'prev' has a meaning only inside the 'next' of a scan", {
      span: name.span,
      hint: 'scan[t](first = e0, next = ... prev ...)',
    })
  }
  return place.prev.value && typed({ kind: 'prev' }, place.prev.value.axes, name.span)
}

function unknownName(c: CheckContext, name: Name, place: ExprPlace): undefined {
  const { text, span } = name
  if (mayBe(c.scope, text, 'value') || (place.subscriptOf !== undefined && mayBe(c.scope, text, 'axis'))) return undefined
  const axis = c.scope.axes.get(text)
  if (axis !== undefined) {
    return tell(c.report, 'AMP213', `${quote(text)} is an axis, not a value`, {
      span,
      hint: place.subscriptOf?.axes.includes(text)
        ? `a shift names its axis: ${place.subscriptOf.text}[${text} = ${text} - 1] is the element before`
        : (renamedAxis(text, place) ?? `its elements' numbers are index(${text}), their count is size(${text})`),
      related: [{ span: axis.span, message: `the axis ${quote(text)} is introduced here` }],
    })
  }
  if (isFunction(text) || c.scope.defs.has(text)) {
    return tell(c.report, 'AMP215', `${quote(text)} is a function and needs its arguments`, { span, expected: `${text}(...)` })
  }
  return tell(c.report, 'AMP201', `there is nothing called ${quote(text)}`, { span, ...hintFor(c, text, place) })
}

function hintFor(c: CheckContext, name: string, place: ExprPlace): { hint?: string } {
  const power = powerElsewhere(name, (known) => c.scope.variables.has(known) || c.scope.lets.has(known))
  if (power !== undefined) return { hint: power }
  const otherwise =
    constantElsewhere(name) ??
    withoutSubscript(place) ??
    renamedAxis(name, place) ??
    'declare it as data, memory, param or state, or define it with let'
  return didYouMean(name, namesAt(c, place), otherwise)
}

/** `y[i]`, as in a loop. */
function withoutSubscript({ subscriptOf }: ExprPlace): string | undefined {
  const [axis] = subscriptOf?.axes ?? []
  if (subscriptOf === undefined || axis === undefined) return undefined
  return `${quote(subscriptOf.text)} varies over ${quote(axis)} by itself, without a loop or a subscript: write ${subscriptOf.text}`
}

/** `x[i = j]` for `x[i -> j]`. */
function renamedAxis(name: string, { pickedOf }: ExprPlace): string | undefined {
  return pickedOf && `${pickedOf.text}[${pickedOf.axis} -> ${name}] goes over ${quote(pickedOf.axis)} under the name ${quote(name)}`
}

/** One after the other, since few of many are looked at. */
function* namesAt(c: CheckContext, place: ExprPlace): Iterable<string> {
  if (place.parameters !== undefined) yield* place.parameters.keys()
  yield* c.scope.variables.keys()
  yield* c.scope.lets.keys()
  yield* c.scope.unknown.names
  yield* Object.keys(constants)
}
