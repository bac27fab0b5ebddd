import type { FamilySignature, Support } from '../../families/parts/signature.ts'
import type { Typed, ValueType } from '../../middle/model.ts'
import type { Left, Use } from './density.ts'
import { wantsNumber } from './elementwise.ts'
import type { Range } from './range.ts'
import { anything, rangeOf, rangeOfType } from './range.ts'
import { tell } from './report.ts'
import type { Context, VariableEntry } from './scope.ts'
import type { Truncation } from './truncation.ts'
import { quote } from './words.ts'

/** Whether the left side is the kind of thing the family describes, and its declared type lies within the support. */
export function leftFits(c: Context, use: Use, args: readonly Typed[], range: Truncation | undefined): boolean {
  const { support } = use.signature
  const { value, entry } = use.left
  if (describesElements(use.signature)) return true
  if (value.element !== undefined) {
    wantsNumber(c, value)
    return false
  }
  if (entry?.type === undefined) return true
  const given = isGiven(entry)
  if (support === 'bit' || support === 'count' || support === 'counts') return discreteFits(c, use, entry, given)
  if (entry.type.kind === 'bit' || entry.type.kind === 'spin' || (entry.type.kind === 'count' && !given)) return warnDiscrete(c, use, entry)
  if (given) return true
  const wanted = structure[support]
  if (wanted !== undefined) return structureFits(c, use, entry, wanted)
  if (support === 'angle') return angleFits(c, use, entry)
  return typeWithin(c, use, entry, supportRange(c, support, use, args, range))
}

/** Values that come from outside are compared with the support when they come. */
function isGiven(entry: VariableEntry): boolean {
  return entry.declaration.role === 'data' || entry.declaration.role === 'input'
}

export function describesElements({ support }: FamilySignature): boolean {
  return support === 'element' || support === 'chain'
}

export function wantsElement(c: Context, family: string, { entry, text, value }: Left): undefined {
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

function discreteFits(c: Context, use: Use, entry: VariableEntry, given: boolean): boolean {
  const { kind } = entry.type as ValueType
  const fits = use.signature.support === 'bit' ? kind === 'bit' : kind === 'count' || kind === 'bit'
  const unsaid = kind === 'real' || kind === 'nonnegative' || kind === 'positive' || (kind === 'count' && use.signature.support === 'bit')
  if (fits || (given && unsaid)) return true
  return tooWide(
    c,
    use,
    entry,
    use.signature.support === 'bit' ? 'bit' : 'count',
    use.signature.support === 'bit' ? '0 or 1' : 'whole numbers from 0',
  )
}

/** A density over numbers that are only 0 and 1 (or -1 and 1) adds up to no probability of anything. */
function warnDiscrete(c: Context, use: Use, entry: VariableEntry): true {
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

/** Families over structured values, with the types that hold them. */
const structure: { readonly [S in Support]?: readonly ValueType['kind'][] } = {
  simplex: ['simplex'],
  sphere: ['unit'],
  cholesky_correlation: ['cholesky'],
  covariance: ['covariance', 'correlation'],
}

function structureFits(c: Context, use: Use, entry: VariableEntry, wanted: readonly ValueType['kind'][]): boolean {
  const kind = (entry.type as ValueType).kind
  if (wanted.includes(kind)) return true
  const type = `${wanted[0]}[${use.over.join(', ')}]`
  return tooWide(c, use, entry, type, `values of type ${type}`)
}

function angleFits(c: Context, use: Use, entry: VariableEntry): true {
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

const ranges: { readonly [S in Support]?: Range } = {
  positive: { low: 0, high: Infinity },
  nonnegative: { low: 0, high: Infinity },
  unit_interval: { low: 0, high: 1 },
}

/** The support as an interval; undefined where it depends on numbers that are not known yet. */
function supportRange(c: Context, support: Support, use: Use, args: readonly Typed[], range: Truncation | undefined): Range {
  let { low, high } = ranges[support] ?? anything
  const [first, second] = args
  if (use.name === 'uniform' && first !== undefined && second !== undefined) {
    low = rangeOf(c, first).low
    high = rangeOf(c, second).high
  }
  if (use.name === 'pareto' && first !== undefined) low = Math.max(0, rangeOf(c, first).low)
  if (range !== undefined) {
    low = Math.max(low, rangeOf(c, range.lower).low)
    high = Math.min(high, rangeOf(c, range.upper).high)
  }
  return { low, high }
}

function typeWithin(c: Context, use: Use, entry: VariableEntry, support: Range): boolean {
  const type = rangeOfType(c, entry.type)
  if (type.low >= support.low && type.high <= support.high) return true
  return tooWide(c, use, entry, typeFor(support), `numbers ${inWords(support)}`)
}

function typeFor({ low, high }: Range): string {
  if (low === 0 && high === Infinity) return 'positive'
  if (low === 0 && high === 1) return 'probability'
  const bounds = [...(low === -Infinity ? [] : [`lower = ${low}`]), ...(high === Infinity ? [] : [`upper = ${high}`])]
  return `real(${bounds.join(', ')})`
}

function inWords({ low, high }: Range): string {
  if (high === Infinity) return low === 0 ? 'above 0' : `above ${low}`
  return low === -Infinity ? `below ${high}` : `from ${low} to ${high}`
}

function tooWide(c: Context, use: Use, entry: VariableEntry, type: string, support: string): false {
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
