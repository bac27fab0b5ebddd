import type { DiagnosticDetails } from '../../base/diagnostic.ts'
import { lowest, type ProcessName, type ProcessParameter, processes } from '../../families/processes/table.ts'
import type { AxisSize, Typed, WeightKind, Weights } from '../../middle/model.ts'
import type { AxisStatement } from '../ast.ts'
import { matchArguments } from './arguments.ts'
import { wantsNumber } from './elementwise.ts'
import { didYouMean, rowOf } from './names.ts'
import { constantOf, rangeOf } from './range.ts'
import { tell } from './report.ts'
import type { AxisEntry, CheckContext } from './scope.ts'
import { fixedSize, outermost, sizeRoot } from './scope.ts'
import { nodesWithin, without } from './typed.ts'
import { mentionsUnknown } from './unknown.ts'
import { within } from './walk.ts'
import { axesInWords, quote } from './words.ts'

/** Gives every axis its size: a number, that of another axis, unbounded, or open until the data come. */
export function settleSizes(c: CheckContext): void {
  const declared = [...c.scope.axes.values()].flatMap((axis) => (axis.statement === undefined ? [] : [{ axis, statement: axis.statement }]))
  // Plain numbers first, so that arithmetic with size(other) finds the number of the other.
  const [plain, derived] = [declared.filter((d) => !hasCall(d.statement)), declared.filter((d) => hasCall(d.statement))]
  for (const { axis, statement } of [...plain, ...derived]) {
    axis.size = sizeOf(c, statement)
    const labels = distinctLabels(c, statement)
    if (labels !== undefined) axis.labels = labels
  }
  for (const axis of c.scope.axes.values()) breakCircle(c, axis)
  for (const axis of c.scope.axes.values()) {
    if (axis.size.kind === 'same') axis.size = { kind: 'same', as: sizeRoot(c.scope, axis.size.as) }
  }
}

function sizeOf(c: CheckContext, s: AxisStatement): AxisSize {
  if (s.labels !== undefined) return { kind: 'fixed', size: s.labels.length }
  if (s.size === undefined) return isUnbounded(s) ? { kind: 'unbounded' } : { kind: 'open' }
  const said = c.report.found.length
  const size = c.infer(c, s.size, outermost)
  if (mentionsUnknown(c.scope, s.size) || (size === undefined && c.report.found.length > said)) return { kind: 'open' }
  if (size?.kind === 'size') return { kind: 'same', as: size.axis }
  const value = size?.axes.length === 0 ? constantOf(c, size) : undefined
  if (value !== undefined && Number.isInteger(value) && value >= 1) return { kind: 'fixed', size: value }
  const less = size && value === undefined ? lessOf(c, size) : undefined
  if (less !== undefined) return less
  tell(c.report, 'AMP313', `the size of the axis ${quote(s.name.text)} is not a whole number from 1`, {
    span: s.size.span,
    expected: 'a whole number, size(other axis), or that plus or minus a whole number',
    ...fixOfSize(c, s, size),
  })
  return { kind: 'open' }
}

/** `size(level) - 1` of a size that is not known yet. */
function lessOf(c: CheckContext, t: Typed): AxisSize | undefined {
  if (t.kind !== 'apply' || (t.fn !== 'add' && t.fn !== 'sub')) return undefined
  const [left, right] = t.args
  if (left === undefined || right === undefined) return undefined
  const [size, by] = t.fn === 'add' && right.kind === 'size' ? [right, left] : [left, right]
  const number = constantOf(c, by)
  if (size.kind !== 'size' || number === undefined || !Number.isInteger(number)) return undefined
  return { kind: 'less', than: size.axis, by: t.fn === 'sub' ? number : -number }
}

/** `axis level = ("low", "mid", "high")` */
function distinctLabels(c: CheckContext, { name, labels }: AxisStatement): readonly string[] | undefined {
  labels?.forEach((label, i) => {
    const before = labels.slice(0, i).find((other) => other.value === label.value)
    if (before === undefined && label.value.trim() !== '') return
    tell(
      c.report,
      'AMP333',
      before === undefined
        ? `an element of ${quote(name.text)} has an empty name`
        : `${label.text} names two elements of ${quote(name.text)}`,
      {
        span: label.span,
        expected: 'another name for each element',
        ...(before === undefined ? {} : { related: [{ span: before.span, message: 'first named here' }] }),
      },
    )
  })
  return labels?.map(({ value }) => value)
}

/** Arithmetic with a size that comes with the data is no number yet, and no data would bring its result. */
function fixOfSize(c: CheckContext, s: AxisStatement, size: Typed | undefined): Pick<DiagnosticDetails, 'hint' | 'related'> {
  const open =
    size === undefined
      ? undefined
      : [...nodesWithin([size], c.lets)].find((t) => t.kind === 'size' && fixedSize(c.scope, t.axis) === undefined)
  if (open?.kind !== 'size') return { hint: `leave it out where the size comes with the data, as in: axis ${s.name.text}` }
  const other = c.scope.axes.get(open.axis)
  return {
    hint: `size(${open.axis}) is not known before the data, and no more than a whole number can be added to it then: write the number, or declare the size of ${open.axis} with axis ${open.axis} = ...`,
    ...(other === undefined ? {} : { related: [{ span: other.span, message: `${quote(open.axis)} is introduced here, without a size` }] }),
  }
}

function hasCall(s: AxisStatement): boolean {
  return s.size !== undefined && [...within(s.size)].some((e) => e.kind === 'call')
}

function isUnbounded(s: AxisStatement): boolean {
  return s.prior !== undefined && rowOf(weightFamilies, s.prior.family.text)?.finite !== true
}

/** `axis a = size(b)` with `axis b = size(a)`: neither has a size. */
function breakCircle(c: CheckContext, axis: AxisEntry): void {
  const path = [axis.name]
  for (let at = axis.size; at.kind === 'same' || at.kind === 'less'; ) {
    const other: string = at.kind === 'same' ? at.as : at.than
    if (other === axis.name) {
      const round = [...path, axis.name].map(quote).join(' = size of ')
      tell(c.report, 'AMP325', `the axis ${quote(axis.name)} takes its size from itself: ${round}`, {
        span: axis.statement?.size?.span ?? axis.span,
        hint: 'give one of them a number, or let it come with the data',
      })
      axis.size = { kind: 'open' }
      return
    }
    if (path.includes(other)) return
    path.push(other)
    at = c.scope.axes.get(other)?.size ?? { kind: 'open' }
  }
}

interface WeightFamily {
  readonly finite: boolean
  readonly parameters: readonly ProcessParameter[]
}

const process = (name: ProcessName): WeightFamily => ({ finite: false, parameters: processes[name].parameters })

/** Families of the weights of a random axis: the parameters, and from where to where each may go. */
export const weightFamilies: Readonly<Record<Weights['family'], WeightFamily>> = {
  dirichlet: { finite: true, parameters: processes.dp.parameters },
  dp: process('dp'),
  pitman_yor: process('pitman_yor'),
}

/** The prior of a random axis's weights: `~ dirichlet(a)`, `~ dp(alpha)`, `~ pitman_yor(d, alpha)`. */
export function weightsOf(c: CheckContext, s: AxisStatement): Weights | undefined {
  const call = s.prior
  if (call === undefined) return undefined
  const values = new Map(call.args.map((a) => [a.value, c.infer(c, a.value, outermost)]))
  const row = rowOf(weightFamilies, call.family.text)
  if (row === undefined) {
    return tell(c.report, 'AMP326', `the weights of an axis cannot be ${quote(call.family.text)}`, {
      span: call.family.span,
      expected: 'dirichlet(a), dp(alpha) or pitman_yor(d, alpha)',
      ...didYouMean(call.family.text, Object.keys(weightFamilies)),
    })
  }
  const { finite, parameters } = row
  const kind = { family: call.family.text, finite } as WeightKind
  const { family } = kind
  if (!formIsRight(c, s, kind)) return undefined
  const names = parameters.map((p) => p.name)
  const args = matchArguments(c.report, { what: family, parameters: names, span: call.family.span }, call.args)?.map(
    (e) => e && values.get(e),
  )
  const known = args?.filter((a) => a !== undefined) ?? []
  if (args === undefined || known.length < args.length) return undefined
  // What the parameters before one leave it at most.
  const most: number[] = []
  parameters.forEach((p, i) => {
    const arg = known[i]
    if (arg === undefined) return
    checkWeight(c, s, kind, { ...p, low: lowest(p, most) }, arg)
    most.push(Math.min(rangeOf(c, arg).high, p.high))
  })
  return { ...kind, args: known, span: call.span }
}

type WeightEnds = Pick<ProcessParameter, 'name' | 'high' | 'closed' | 'words'> & { readonly low: number }

function checkWeight(c: CheckContext, s: AxisStatement, { family, finite }: WeightKind, p: WeightEnds, arg: Typed): undefined {
  const allowed = finite ? [s.name.text] : []
  const extra = without(arg.axes, allowed)
  if (arg.element !== undefined) return wantsNumber(c, arg)
  if (extra.length > 0) {
    return tell(c.report, 'AMP319', `${quote(p.name)} of ${family} varies over ${axesInWords(extra)}`, {
      span: arg.span,
      expected: allowed.length === 0 ? 'a single number' : `a number, or one for each element of ${quote(s.name.text)}`,
    })
  }
  const { low, high } = rangeOf(c, arg)
  const above = high > p.low || (p.closed && high === p.low)
  if (above && (low < p.high || p.high === Number.POSITIVE_INFINITY)) return undefined
  return tell(c.report, 'AMP404', `${quote(p.name)} of ${family} is outside its support`, { span: arg.span, expected: p.words })
}

function formIsRight(c: CheckContext, s: AxisStatement, { family, finite }: WeightKind): boolean {
  const [bracket] = s.prior?.axes ?? []
  if (bracket !== undefined && bracket.text !== s.name.text) {
    tell(c.report, 'AMP326', `the weights of ${quote(s.name.text)} go along ${quote(s.name.text)} itself`, {
      span: bracket.span,
      hint: 'leave the brackets out',
    })
    return false
  }
  if (s.prior?.range !== undefined) {
    tell(c.report, 'AMP326', 'the weights of an axis cannot be truncated', { span: s.prior.range.span })
  }
  if (s.prior?.censored !== undefined) {
    tell(c.report, 'AMP326', 'the weights of an axis cannot be censored', { span: s.prior.censored.span })
    return false
  }
  if (finite || s.size === undefined) return true
  tell(c.report, 'AMP326', `an axis with ${family} weights grows without bound and takes no size`, {
    span: s.size.span,
    hint: `leave the size out, or use a finite mixture: ~ dirichlet(...)`,
  })
  return false
}
