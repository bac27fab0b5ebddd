import { familyOfLogDensity } from '../../families/tables/log-densities.ts'
import { familyNames } from '../../families/tables/signatures.ts'
import type { AlongName, FunctionName, FunctionSignature, MatrixName, ReductionName } from '../../middle/functions.ts'
import { alongAxis, choices, functions, matrixFunctions, overOne, parameterOf, reductions } from '../../middle/functions.ts'
import type { Typed } from '../../middle/model.ts'
import type { Call } from '../ast.ts'
import { matchArguments } from './arguments.ts'
import { distinctAxes, hasAxis } from './axes.ts'
import { callDef } from './def.ts'
import { apply, wantsNumber } from './elementwise.ts'
import { inferTogether } from './labels.ts'
import { inferLogDensity } from './log-density.ts'
import { inferMatrix } from './matrix.ts'
import { didYouMean, rowOf } from './names.ts'
import { functionElsewhere } from './other-systems.ts'
import { tell } from './report.ts'
import { type CheckContext, deeper, type ExprPlace } from './scope.ts'
import { specials } from './special.ts'
import { typed, without } from './typed.ts'
import { mayBe } from './unknown.ts'
import { callNames, functionNames, operatorOnly } from './vocabulary.ts'
import { quote } from './words.ts'

/** `f(x)`, `sum[a](x)`, `softmax[a](x)`, the calls with rules of their own, and uses of a def. */
export function inferCall(c: CheckContext, e: Call, place: ExprPlace): Typed | undefined {
  const { text } = e.callee
  const def = c.scope.defs.get(text)
  if (def !== undefined) return callDef(c, e, def, place)
  const named = e.axisNames?.find((n) => n !== undefined)
  if (named !== undefined && callNames.includes(text)) {
    return tell(c.report, 'AMP209', `${text} takes its axes by position, not by name`, { span: named.span, expected: `${text}[axis](...)` })
  }
  const special = rowOf(specials, text)
  if (special !== undefined) return special(c, e, place)
  const elementwise = operatorOnly.has(text) ? undefined : rowOf<FunctionSignature>(functions, text)
  if (elementwise !== undefined && !isReduction(c, e, place)) return inferFunction(c, e, elementwise, place)
  if (Object.hasOwn(reductions, text) || Object.hasOwn(alongAxis, text)) return inferOverAxes(c, e, place)
  if (Object.hasOwn(matrixFunctions, text)) return inferMatrix(c, e, text as MatrixName, place)
  const family = familyOfLogDensity(text)
  return family === undefined ? unknownFunction(c, e, place) : inferLogDensity(c, e, family, place)
}

/** `max` is a function of two numbers, and a reduction where axes are named, or are meant to be: `max(x)`, `max(x, row)`. */
function isReduction(c: CheckContext, e: Call, place: ExprPlace): boolean {
  if (!Object.hasOwn(reductions, e.callee.text)) return false
  return e.axes.length > 0 || e.args.length === 1 || axesAsArguments(c, e, place).length > 0
}

function inferFunction(c: CheckContext, e: Call, signature: FunctionSignature, place: ExprPlace): Typed | undefined {
  const { text, span } = e.callee
  const values = text === 'where' ? inferWhere(c, e, place) : e.args.map((a) => c.infer(c, a.value, deeper(place)))
  const [axis] = e.axes
  if (axis !== undefined) {
    return tell(c.report, 'AMP306', `${text} works on each element and takes no axis`, {
      span: axis.span,
      expected: shape(text, signature),
    })
  }
  const named = e.args.find((a) => a.name !== undefined)?.name
  if (named !== undefined) {
    return tell(c.report, 'AMP209', `${text} takes its arguments by position, not by name`, {
      span: named.span,
      expected: shape(text, signature),
    })
  }
  if (matchArguments(c.report, { what: text, parameters: letters(signature), span }, e.args) === undefined) return undefined
  return apply(c, text as FunctionName, values, e.span)
}

/** `where(condition, a, b)`: of a and b one may say what the other is an element of. */
function inferWhere(c: CheckContext, e: Call, place: ExprPlace): readonly (Typed | undefined)[] {
  const [condition, ...branches] = e.args.map((a) => a.value)
  if (condition === undefined) return []
  return [c.infer(c, condition, { ...deeper(place), elementOf: undefined }), ...inferTogether(c, branches, place)]
}

function letters(signature: FunctionSignature): readonly string[] {
  return ['a', 'b', 'c'].slice(0, signature.arity)
}

function shape(name: string, signature: FunctionSignature): string {
  return `${name}(${letters(signature).join(', ')})`
}

/** Reductions remove the axes named; the functions along an axis keep it. */
function inferOverAxes(c: CheckContext, e: Call, place: ExprPlace): Typed | undefined {
  const { text, span } = e.callee
  if (e.axes.length === 0) return wantsAxes(c, e, place)
  const parameters = ['x', ...(rowOf(parameterOf, text) === undefined ? [] : [rowOf(parameterOf, text) as string])]
  const values = new Map(e.args.map((a) => [a.value, c.infer(c, a.value, deeper(place))]))
  const args = matchArguments(c.report, { what: text, parameters, span }, e.args)?.map((a) => a && values.get(a))
  const axes = distinctAxes(c, e.axes)
  const known = args?.filter((a) => a !== undefined)
  const [arg, parameter] = known ?? []
  if (arg === undefined || axes === undefined || known?.length !== parameters.length) return undefined
  const keeps = Object.hasOwn(alongAxis, text)
  if (!axes.map((a) => hasAxis(c, a, arg, `${text} over`)).every(Boolean)) return undefined
  if (!known.map((a) => a.element === undefined || wantsNumber(c, a)).every((fits) => fits === true)) return undefined
  const operands = { arg, ...(parameter !== undefined && { parameter }) }
  if (keeps || overOne.has(text)) {
    const [axis, second] = e.axes
    if (axis === undefined || second !== undefined) return alongOne(c, text, e)
    if (parameter?.axes.includes(axis.text) === true) return varies(c, e, parameter, axis.text)
    if (keeps) return typed({ kind: 'along', fn: text as AlongName, axis: axis.text, ...operands }, union(operands), e.span)
  }
  return reduce(text as ReductionName, e, operands)
}

interface OverOperands {
  readonly arg: Typed
  readonly parameter?: Typed
}

function union({ arg, parameter }: OverOperands): readonly string[] {
  return [...new Set([...arg.axes, ...(parameter?.axes ?? [])])].sort()
}

function reduce(fn: ReductionName, e: Call, operands: OverOperands): Typed | undefined {
  const over = e.axes.map((a) => a.text)
  return typed({ kind: 'reduce', fn, over, ...operands }, without(union(operands), over), e.span, choices.has(fn) ? over[0] : undefined)
}

function varies(c: CheckContext, e: Call, parameter: Typed, axis: string): undefined {
  return tell(c.report, 'AMP312', `the parameter of ${e.callee.text} varies along ${quote(axis)}, over which it goes`, {
    span: parameter.span,
    expected: `one number for all of ${quote(axis)}`,
  })
}

function alongOne(c: CheckContext, fn: string, e: Call): undefined {
  return tell(c.report, 'AMP306', `${fn} goes along one axis`, {
    span: e.axes[1]?.span ?? e.callee.span,
    expected: `${fn}[axis](${['x', parameterOf[fn] ?? []].flat().join(', ')})`,
  })
}

/** `sum(x)`: over what? Others write the axis as one more argument, `sum(x, axis)`. */
function wantsAxes(c: CheckContext, e: Call, place: ExprPlace): undefined {
  const { text, span } = e.callee
  const meant = axesAsArguments(c, e, place)
  const values = e.args.map((a, i) => (i > 0 && meant.length > 0 ? undefined : c.infer(c, a.value, deeper(place))))
  const only = e.args[0]?.value
  const inner = only === undefined ? 'x' : c.text.slice(only.span.start, only.span.end)
  const own = values[0]?.axes ?? []
  const along = Object.hasOwn(alongAxis, text) ? own.slice(0, 1) : own
  const axes = meant.length > 0 ? meant : along.length > 0 ? along : ['axis']
  tell(c.report, 'AMP305', `${text} needs an axis`, {
    span,
    expected: `${text}[axis](${['x', parameterOf[text] ?? []].flat().join(', ')})`,
    hint: `${text}[${axes.join(', ')}](${inner.length <= 30 ? inner : '...'})`,
  })
}

/** The axes among the arguments after the first, if they are nothing else. */
function axesAsArguments(c: CheckContext, e: Call, place: ExprPlace): readonly string[] {
  const names = e.args.slice(1).map(({ value }) => (value.kind === 'name' ? value.name.text : ''))
  const isAxis = (name: string): boolean =>
    c.scope.axes.has(name) && !c.scope.variables.has(name) && !c.scope.lets.has(name) && place.parameters?.has(name) !== true
  return names.every(isAxis) ? names : []
}

function unknownFunction(c: CheckContext, e: Call, place: ExprPlace): undefined {
  for (const a of e.args) c.infer(c, a.value, deeper(place))
  const { text, span } = e.callee
  if (mayBe(c.scope, text, 'function')) return undefined
  const variable = c.scope.variables.get(text)?.declaration.name ?? c.scope.lets.get(text)?.name
  if (variable !== undefined) {
    return tell(c.report, 'AMP215', `${quote(text)} is a value, not a function`, {
      span,
      hint: `to multiply, write ${text} * (...); to pick an element, ${text}[axis = ...]`,
      related: [{ span: variable.span, message: `${quote(text)} is declared here` }],
    })
  }
  const operator = operatorOnly.has(text) ? rowOf<FunctionSignature>(functions, text) : undefined
  if (operator !== undefined) {
    return tell(c.report, 'AMP202', `there is no function called ${quote(text)}`, { span, hint: `write ${operator.doc}` })
  }
  return tell(c.report, 'AMP202', `there is no function called ${quote(text)}`, { span, ...hintFor(c, text) })
}

/** A def of the model that is almost called so; what other languages call so; a function that is almost called so. */
function hintFor(c: CheckContext, name: string): { hint?: string } {
  const ofModel = didYouMean(name, c.scope.defs.keys())
  if (ofModel.hint !== undefined) return ofModel
  const elsewhere = functionElsewhere(name, familyNames)
  if (elsewhere !== undefined) return { hint: elsewhere }
  return didYouMean(name, functionNames, 'define it with def, or see the list of functions')
}
