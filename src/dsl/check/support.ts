import { anywhere, type Interval } from '../../base/interval.ts'
import { endsOf, hasElements, isCounted, type SupportEnd } from '../../families/parts/support.ts'
import { isCountless, levelsOf, namedAxes } from '../../middle/kinds.ts'
import type { Typed, ValueType } from '../../middle/model.ts'
import { isAmong, typeOf } from '../../middle/supports.ts'
import { wantsNumber } from './elementwise.ts'
import { rangeOf, rangeOfType } from './range.ts'
import { tell } from './report.ts'
import type { CheckContext, VariableEntry } from './scope.ts'
import type { Left, SettledFamily } from './settled.ts'
import type { Truncation } from './truncation.ts'
import { quote } from './words.ts'

/** Whether the left side is the kind of thing the family describes, and its declared type lies within the support. */
export function leftFits(c: CheckContext, use: SettledFamily, args: readonly Typed[], range: Truncation | undefined): boolean {
  const { support } = use.signature
  const { value, entry } = use.left
  if (hasElements(support)) return true
  if (value.element !== undefined) {
    wantsNumber(c, value)
    return false
  }
  if (entry?.type === undefined) return true
  const given = isGiven(entry)
  if (isCounted(support)) return discreteFits(c, use, entry, given)
  if (levelsOf(entry.type) !== undefined || (isCountless(entry.type) && !given)) return warnDiscrete(c, use, entry)
  if (given) return true
  const wanted = typeOf(support, use.over)
  if (wanted !== undefined && namedAxes(wanted).length > 0) return structureFits(c, use, entry, wanted)
  if ('turn' in support) return angleFits(c, use, entry)
  return typeWithin(c, use, entry, supportRange(c, use, args, range))
}

/** Values that come from outside are compared with the support when they come. */
function isGiven(entry: VariableEntry): boolean {
  return entry.declaration.role === 'data' || entry.declaration.role === 'input'
}

export function wantsElement(c: CheckContext, family: string, { entry, text, value }: Left): undefined {
  const declared = entry?.declaration
  tell(c.report, 'AMP403', `${family} describes elements of an axis, and ${quote(text)} is a number`, {
    span: value.span,
    expected: 'a variable whose type is an axis',
    ...(declared === undefined
      ? {}
      : {
          hint: `declare it as ${declared.role} ${declared.name.text}${bracketed(entry?.axes ?? [])} : AXIS, the axis of its levels`,
          related: [{ span: declared.name.span, message: `${quote(declared.name.text)} is declared here` }],
        }),
  })
}

function bracketed(axes: readonly string[]): string {
  return axes.length === 0 ? '' : `[${axes.join(', ')}]`
}

function discreteFits(c: CheckContext, use: SettledFamily, entry: VariableEntry, given: boolean): boolean {
  const { kind } = entry.type as ValueType
  const wanted = typeOf(use.signature.support, use.over)?.kind === 'bit' ? 'bit' : 'count'
  const unsaid = kind === 'real' || kind === 'nonnegative' || kind === 'positive' || (kind === 'count' && wanted === 'bit')
  if (isAmong(kind, wanted) || (given && unsaid)) return true
  return tooWide(c, use, entry, wanted, wanted === 'bit' ? '0 or 1' : 'whole numbers from 0')
}

/** A density over a few numbers, 0 and 1 or -1 and 1, adds up to no probability of anything. */
function warnDiscrete(c: CheckContext, use: SettledFamily, entry: VariableEntry): true {
  const { name, type } = entry.declaration
  const kind = (entry.type as ValueType).kind
  const family = kind === 'bit' ? 'bernoulli or bernoulli_logit' : kind === 'count' ? 'poisson or negative_binomial' : undefined
  tell(c.report, 'AMP407', `${quote(name.text)} is ${kind}, but ${use.name} is a density over real numbers`, {
    span: use.call.family.span,
    ...(family === undefined
      ? { hint: 'declare it real, or write the term as an energy' }
      : { hint: `${family} gives such values their probability` }),
    related: [{ span: (type ?? name).span, message: `declared ${kind} here` }],
  })
  return true
}

/** Families over structured values have types that hold them. */
function structureFits(c: CheckContext, use: SettledFamily, entry: VariableEntry, wanted: ValueType): boolean {
  if (isAmong((entry.type as ValueType).kind, wanted.kind)) return true
  const type = `${wanted.kind}[${use.over.join(', ')}]`
  return tooWide(c, use, entry, type, `values of type ${type}`)
}

function angleFits(c: CheckContext, use: SettledFamily, entry: VariableEntry): true {
  const { low, high } = rangeOfType(c, entry.type)
  // A whole turn, with room for a rounded pi.
  if (high - low <= 2 * Math.PI + 1e-6) return true
  const { name } = entry.declaration
  tell(c.report, 'AMP417', `${use.name} repeats with every turn, so over all numbers it has no finite total`, {
    span: use.call.family.span,
    hint: `bound it: ${name.text}${bracketed(entry.axes)} : real(lower = -pi, upper = pi)`,
    related: [{ span: name.span, message: `${quote(name.text)} is declared here` }],
  })
  return true
}

/** The support as an interval, as far as its ends are known. */
type SupportEnds = Pick<Interval, 'low' | 'high'>

function supportRange(c: CheckContext, use: SettledFamily, args: readonly Typed[], range: Truncation | undefined): SupportEnds {
  const [lower, upper] = endsOf(use.signature.support) ?? [-Infinity, Infinity]
  const { low } = endRange(c, use, args, lower, anywhere)
  const { high } = endRange(c, use, args, upper, anywhere)
  if (range === undefined) return { low, high }
  return { low: Math.max(low, rangeOf(c, range.lower).low), high: Math.min(high, rangeOf(c, range.upper).high) }
}

/** Where an end lies: an argument within the ends of its parameter. */
function endRange(c: CheckContext, use: SettledFamily, args: readonly Typed[], end: SupportEnd, unknown: SupportEnds): SupportEnds {
  if (typeof end === 'number') return { low: end, high: end }
  const i = use.signature.parameters.findIndex((p) => p.name === end)
  const [arg, ends] = [args[i], use.signature.parameters[i]?.ends]
  if (arg === undefined || ends === undefined) return unknown
  const { low, high } = rangeOf(c, arg)
  return { low: Math.max(low, ends.low), high: Math.min(high, ends.high) }
}

function typeWithin(c: CheckContext, use: SettledFamily, entry: VariableEntry, support: SupportEnds): boolean {
  const type = rangeOfType(c, entry.type)
  if (type.low >= support.low && type.high <= support.high) return true
  return tooWide(c, use, entry, typeFor(support), `numbers ${inWords(support)}`)
}

function typeFor({ low, high }: SupportEnds): string {
  if (low === 0 && high === Infinity) return 'positive'
  if (low === 0 && high === 1) return 'probability'
  const bounds = [...(low === -Infinity ? [] : [`lower = ${low}`]), ...(high === Infinity ? [] : [`upper = ${high}`])]
  return `real(${bounds.join(', ')})`
}

function inWords({ low, high }: SupportEnds): string {
  if (high === Infinity) return low === 0 ? 'above 0' : `above ${low}`
  return low === -Infinity ? `below ${high}` : `from ${low} to ${high}`
}

function tooWide(c: CheckContext, use: SettledFamily, entry: VariableEntry, type: string, support: string): false {
  const { name, role, type: syntax } = entry.declaration
  const kind = entry.type?.kind ?? 'real'
  const written = syntax === undefined ? 'real, since no type is given' : c.text.slice(syntax.span.start, syntax.span.end)
  tell(
    c.report,
    'AMP406',
    `${quote(name.text)} is ${kind === 'real' && syntax === undefined ? 'any real number' : written}, but ${use.name} describes ${support} only`,
    {
      span: use.call.family.span,
      hint: `declare it as ${role} ${name.text}${bracketed(entry.axes)} : ${type}`,
      related: [{ span: (syntax ?? name).span, message: `${quote(name.text)} is ${written}` }],
    },
  )
  return false
}
