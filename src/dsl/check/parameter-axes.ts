import type { ParameterKind } from '../../families/parts/parameter-kinds.ts'
import type { Parameter } from '../../families/parts/signature.ts'
import type { Typed } from '../../middle/model.ts'
import { isSquareFamily } from './over.ts'
import { tell } from './report.ts'
import { type CheckContext, sameElements } from './scope.ts'
import type { SettledFamily } from './settled.ts'
import { without } from './typed.ts'
import { axesInWords, quote, quoted } from './words.ts'

/** What an argument must and may vary over, besides the axes of the left side. */
interface AxesDemand {
  /** Axes it must have. */
  readonly needs: readonly string[]
  /** How many axes of its own it has. */
  readonly extra: number
  /** Axes of the left side that it must not have. */
  readonly lacks: readonly string[]
}

/** Whether an argument varies over the right axes; says which one is too many or missing. */
export function argumentAxes(c: CheckContext, use: SettledFamily, parameter: Parameter, value: Typed): boolean {
  const demand = demands[parameter.kind](use, parameter)
  const missing = demand.needs.filter((a) => !value.axes.includes(a))
  if (missing.length > 0) return lacksAxis(c, use, parameter, value, missing)
  const own = without(value.axes, [...use.left.value.axes, ...demand.needs])
  if (own.length > demand.extra) return tooWide(c, use, parameter, value, own, demand.extra)
  if (own.length < demand.extra) return needsOwnAxis(c, use, parameter, value)
  const forbidden = value.axes.filter((a) => demand.lacks.includes(a))
  return forbidden.length === 0 || variesAlong(c, use, parameter, value, forbidden)
}

/** The axes that an argument of a log density brings in: all but those that its parameter wants for itself. */
export function broadcastAxes(use: SettledFamily, parameter: Parameter, value: Typed): readonly string[] {
  const { needs, extra } = demands[parameter.kind](use, parameter)
  return extra > 0 ? [] : without(value.axes, needs)
}

const nothing: AxesDemand = { needs: [], extra: 0, lacks: [] }

function scalar({ over, signature }: SettledFamily): AxesDemand {
  return 'chain' in signature.support ? nothing : { ...nothing, lacks: over }
}

/** Over the levels for families of elements, along the family's own axis otherwise (where one number serves for all). */
function vector({ left, signature }: SettledFamily): AxesDemand {
  if (!('levels' in signature.support)) return nothing
  return { ...nothing, needs: level(left) }
}

/** Square: along the family's axis and one of its own; for a matrix-valued left side, along both of its axes or one. */
function covariance({ over, signature }: SettledFamily, parameter: Parameter): AxesDemand {
  if (isSquareFamily(signature)) return { ...nothing, needs: over }
  if (signature.over === 1) return { ...nothing, needs: over, extra: 1 }
  const [rows, columns] = [over.slice(0, 1), over.slice(1)]
  return parameter.name === 'columns' ? { needs: columns, extra: 1, lacks: rows } : { needs: rows, extra: 1, lacks: columns }
}

function level(left: SettledFamily['left']): readonly string[] {
  return left.value.element === undefined ? [] : [left.value.element]
}

const demands: Readonly<Record<ParameterKind, (use: SettledFamily, parameter: Parameter) => AxesDemand>> = {
  real: scalar,
  positive: scalar,
  probability: scalar,
  count: scalar,
  vector,
  positive_vector: () => nothing,
  simplex: ({ left, over, signature: { support } }) =>
    'chain' in support ? { ...nothing, needs: level(left), lacks: over } : { ...nothing, needs: 'levels' in support ? level(left) : over },
  ordered: () => ({ ...nothing, extra: 1 }),
  unit_vector: (use) => ({ ...nothing, needs: use.over }),
  covariance,
  cholesky: covariance,
  matrix: () => nothing,
  transition: (use) => ({ ...nothing, needs: level(use.left), extra: 1 }),
}

function argumentInWords(use: SettledFamily, parameter: Parameter): string {
  return `${quote(parameter.name)} of ${use.name}`
}

function tooWide(c: CheckContext, use: SettledFamily, parameter: Parameter, value: Typed, own: readonly string[], extra: number): false {
  const { left } = use
  const message =
    extra === 0
      ? `${argumentInWords(use, parameter)} varies over ${axesInWords(own)}, which ${quote(left.text)} does not have`
      : `${argumentInWords(use, parameter)} has ${axesInWords(own)} besides those of ${quote(left.text)}, but one is wanted`
  tell(c.report, 'AMP302', message, {
    span: value.span,
    expected: left.value.axes.length === 0 ? 'a single number' : `at most ${axesInWords(left.value.axes)}`,
    hint: wideHint(c, use, value, own),
    related: [
      { span: left.value.span, message: `the left side has ${axesInWords(left.value.axes)}` },
      ...own.flatMap((a) => {
        const axis = c.scope.axes.get(a)
        return axis === undefined ? [] : [{ span: axis.span, message: `the axis ${quote(a)} is introduced here` }]
      }),
    ],
  })
  return false
}

/** Picking by an element of that axis is what is most often meant. */
function wideHint(c: CheckContext, { left }: SettledFamily, value: Typed, own: readonly string[]): string {
  const removed = `sum[${own.join(', ')}](...) would remove ${own.length === 1 ? 'it' : 'them'}`
  for (const [name, entry] of c.scope.variables) {
    if (entry.type?.kind !== 'element' || !own.includes(entry.type.axis)) continue
    if (without(entry.axes, left.value.axes).length > 0) continue
    const source = c.text.slice(value.span.start, value.span.end)
    return `pick one with ${quote(`${source.length <= 20 ? source : '...'}[${name}]`)}, or ${removed}`
  }
  return `${removed}, or give ${quote(left.text)} ${own.length === 1 ? 'that axis' : 'those axes'}`
}

function lacksAxis(c: CheckContext, use: SettledFamily, parameter: Parameter, value: Typed, missing: readonly string[]): false {
  tell(c.report, 'AMP321', `${argumentInWords(use, parameter)} must vary over ${quoted(missing)}, but has ${axesInWords(value.axes)}`, {
    span: value.span,
    expected: expectedOf(use, parameter),
    ...renamingHint(c, use, value, missing),
    related: [{ span: use.left.value.span, message: 'because of the left side' }],
  })
  return false
}

/** A row of moves goes over the next state, an axis of the same size: a renaming is what is wanted. */
function renamingHint(c: CheckContext, { left }: SettledFamily, value: Typed, [want, ...more]: readonly string[]): { hint?: string } {
  const other = without(value.axes, left.value.axes).find((a) => want !== undefined && more.length === 0 && sameElements(c.scope, a, want))
  if (other === undefined) return {}
  const source = c.text.slice(value.span.start, value.span.end)
  return { hint: `${quote(other)} has as many elements: ${source.length <= 60 ? source : '(...)'}[${other} -> ${want}]` }
}

function needsOwnAxis(c: CheckContext, use: SettledFamily, parameter: Parameter, value: Typed): false {
  tell(c.report, 'AMP321', `${argumentInWords(use, parameter)} needs one more axis, of its own, but has ${axesInWords(value.axes)}`, {
    span: value.span,
    expected: expectedOf(use, parameter),
    hint: hintOf(use, parameter),
  })
  return false
}

function expectedOf(use: SettledFamily, parameter: Parameter): string {
  const axis = alongOf(use, parameter)
  if (parameter.kind === 'transition') return `probabilities move[${level(use.left)[0] ?? 'from'}, next], a row for each state`
  if (parameter.kind === 'covariance' || parameter.kind === 'cholesky') return `a matrix such as ${parameter.name}[${axis}, other]`
  if (parameter.kind === 'ordered') return 'cutpoints along an axis of their own, one fewer than the levels'
  return `a value for each element of ${quoted('levels' in use.signature.support || 'chain' in use.signature.support ? level(use.left) : use.over)}`
}

function alongOf(use: SettledFamily, parameter: Parameter): string {
  return use.over[parameter.name === 'columns' ? 1 : 0] ?? 'd'
}

function hintOf(use: SettledFamily, parameter: Parameter): string {
  const from = parameter.kind === 'transition' ? level(use.left)[0] : alongOf(use, parameter)
  if (parameter.kind === 'ordered') return 'state cut[threshold] : ordered[threshold]'
  return `declare axis other = size(${from ?? 'axis'}) and give the matrix both axes`
}

function variesAlong(c: CheckContext, use: SettledFamily, parameter: Parameter, value: Typed, axes: readonly string[]): false {
  tell(c.report, 'AMP302', `${argumentInWords(use, parameter)} varies over ${axesInWords(axes)}, along which ${use.name} goes`, {
    span: value.span,
    expected: `the same ${quote(parameter.name)} for every element of ${quoted(axes)}`,
  })
  return false
}
