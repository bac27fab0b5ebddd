import { isMotion, type RulePlace, type Typed } from '../../middle/model.ts'
import type { Expr, RuleStatement, Subscript } from '../ast.ts'
import { hasAxis, knownAxis } from './axes.ts'
import { tell } from './report.ts'
import type { CheckContext, VariableEntry } from './scope.ts'
import { outermost } from './scope.ts'
import { without } from './typed.ts'
import { isNew } from './walk.ts'
import { axesInWords, quote, quoted, roleInWords } from './words.ts'

/** Which elements of its target a rule gives values: `[pattern = new]` and `[level = v]`; undefined where that is wrong. */
export function placesOf(c: CheckContext, s: RuleStatement, entry: VariableEntry): readonly RulePlace[] | undefined {
  const [first] = s.subscripts
  if (first === undefined) return []
  if (isMotion(s)) {
    const isJump = s.kind === 'jump'
    const hint = isJump
      ? `write jump ${s.target.text} = ... where ...: it is of the element whose condition comes to hold`
      : `write ${s.kind} ${s.target.text} = ..., with where(condition, a, b) for what differs`
    const message = isJump ? 'a jump takes its element from its condition' : `a ${s.kind} moves all elements of its state at once`
    return tell(c.report, 'AMP342', message, { span: first.span, hint })
  }
  const picked = picksOf(c, s, entry)
  const fresh = s.subscripts.filter(isNew).map((one) => freshOf(c, s, entry, one))
  if (picked === undefined || fresh.includes(undefined)) return undefined
  const places = [...picked, ...fresh.flatMap((axis): RulePlace[] => (axis === undefined ? [] : [{ axis, index: 'new' }]))]
  return areApart(c, s, entry, places) ? places : undefined
}

/** The subscripts but for `new`, as those of an expression. */
function picksOf(c: CheckContext, s: RuleStatement, entry: VariableEntry): readonly RulePlace[] | undefined {
  const subscripts = s.subscripts.filter((one) => !isNew(one))
  if (subscripts.length === 0) return []
  const target: Expr = { kind: 'name', name: s.target, span: s.target.span }
  const end = Math.max(...subscripts.map((one) => one.span.end))
  let rest = c.infer(c, { kind: 'index', target, subscripts, span: { start: s.target.span.start, end } }, outermost)
  const places: RulePlace[] = []
  for (; rest?.kind === 'pick'; rest = rest.target) places.unshift({ axis: rest.axis, index: rest.index })
  if (rest === undefined) return undefined
  if (rest.kind !== 'variable') {
    return tell(c.report, 'AMP342', `the ${s.kind} of ${quote(s.target.text)} says where by something else than elements`, {
      span: cover(subscripts),
      expected: `[axis = element] or [axis = new] of ${axesInWords(entry.axes)}`,
    })
  }
  return places
}

function cover(subscripts: readonly Subscript[]): Subscript['span'] {
  return { start: Math.min(...subscripts.map((one) => one.span.start)), end: Math.max(...subscripts.map((one) => one.span.end)) }
}

/** The axis of `[axis = new]`, which must be one that can grow. */
function freshOf(c: CheckContext, s: RuleStatement, entry: VariableEntry, one: Subscript): string | undefined {
  if (one.kind !== 'at') return undefined
  const { axis, index } = one
  if (s.kind === 'forget') {
    const hint = 'what was appended is forgotten by its number or label; a rule is needed for what was added up'
    return tell(c.report, 'AMP342', 'forgetting makes no new element', { span: index.span, hint })
  }
  const target: Typed = { kind: 'variable', name: s.target.text, axes: entry.axes, span: s.target.span }
  if (!knownAxis(c, axis) || !hasAxis(c, axis, target, 'append along')) return undefined
  return mayGrow(c, axis.text, one) ? axis.text : undefined
}

function mayGrow(c: CheckContext, axis: string, { span }: Subscript): boolean {
  const { axes, variables } = c.scope
  const size = axes.get(axis)?.size
  const held = [...variables.values()].find((v) => ['data', 'param', 'input'].includes(v.declaration.role) && v.axes.includes(axis))
  const why =
    size?.kind === 'fixed'
      ? `the model says that it has ${size.size} elements`
      : size?.kind === 'same'
        ? `it has as many elements as ${quote(size.as)}`
        : size?.kind === 'less'
          ? `its size follows from that of ${quote(size.than)}`
          : held === undefined
            ? undefined
            : `${quote(held.declaration.name.text)}, which is ${roleInWords(held.declaration.role)}, varies over it`
  if (why === undefined) return true
  const hint = 'only memories, and states, vary over an axis that writes append to'
  tell(c.report, 'AMP343', `the axis ${quote(axis)} cannot grow: ${why}`, {
    span,
    hint,
    ...(held === undefined ? {} : { related: [{ span: held.declaration.name.span, message: 'declared here' }] }),
  })
  return false
}

/** Each axis is said once, and no two values go to one element. */
function areApart(c: CheckContext, s: RuleStatement, entry: VariableEntry, places: readonly RulePlace[]): boolean {
  const axes = places.map((p) => p.axis)
  const twice = axes.find((axis, i) => axes.indexOf(axis) !== i)
  if (twice !== undefined) {
    tell(c.report, 'AMP342', `the ${s.kind} says twice which element of ${quote(twice)} it is of`, { span: cover(s.subscripts) })
    return false
  }
  if (places.length > 1 && places.some((p) => p.index === 'new')) {
    const hint = 'a memory grows along one axis, by whole elements'
    tell(c.report, 'AMP342', 'a new element is written whole, along one axis', { span: cover(s.subscripts), hint })
    return false
  }
  for (const { axis, index } of places) {
    const strange = index === 'new' ? [] : without(index.axes, without(entry.axes, axes))
    if (index === 'new' || strange.length === 0) continue
    const name = s.target.text
    tell(c.report, 'AMP342', `several elements of ${quoted(strange)} may pick one element of ${quote(axis)}`, {
      span: index.span,
      expected: `an index that varies over no other axes than ${quote(name)} has`,
      hint: `add up what all of them contribute: ${s.kind} ${name} = ${name} + sum[${strange.join(', ')}](index(${axis}) == ...)`,
    })
    return false
  }
  return true
}
