import type { Interval } from '../../base/interval.ts'
import type { NumberEnds, ParameterKind } from '../../families/parts/parameter-kinds.ts'
import type { Parameter } from '../../families/parts/signature.ts'
import { hasElements } from '../../families/parts/support.ts'
import { aliases } from '../../families/tables/aliases.ts'
import type { Typed, ValueType } from '../../middle/model.ts'
import { zeroOf } from './exact-zero.ts'
import { constantOf, rangeOf } from './range.ts'
import { tell } from './report.ts'
import type { CheckContext, VariableEntry } from './scope.ts'
import type { SettledFamily } from './settled.ts'
import { without } from './typed.ts'
import { quote } from './words.ts'

/** Where the numbers of a parameter may lie, in words and as an interval. */
interface ParameterDomain {
  readonly ends: NumberEnds
  readonly words: string
  /** The type that a variable given for it should have. */
  readonly type?: string
}

function domainOf({ kind, ends }: Parameter): ParameterDomain {
  return { ends, ...domains[kind](ends) }
}

const anything = (): Omit<ParameterDomain, 'ends'> => ({ words: 'any number' })
const positive = ({ lowIn }: NumberEnds): Omit<ParameterDomain, 'ends'> => ({ words: lowIn ? 'from 0 up' : 'above 0', type: 'positive' })
const shares = (): Omit<ParameterDomain, 'ends'> => ({ words: 'probabilities, from 0 to 1', type: 'probability' })

const domains: Readonly<Record<ParameterKind, (ends: NumberEnds) => Omit<ParameterDomain, 'ends'>>> = {
  real: anything,
  positive,
  probability: () => ({ words: 'from 0 to 1', type: 'probability' }),
  count: () => ({ words: 'a whole number from 0', type: 'count' }),
  vector: anything,
  positive_vector: positive,
  simplex: shares,
  unit_vector: () => ({ words: 'from -1 to 1' }),
  ordered: anything,
  covariance: anything,
  cholesky: anything,
  matrix: anything,
  transition: shares,
}

/** Whether no value of an interval belongs to the domain. */
function isOutside({ low, high }: Interval, { ends }: ParameterDomain): boolean {
  const below = ends.lowIn ? high < ends.low : high <= ends.low
  return below || (ends.highIn ? low > ends.high : low >= ends.high)
}

/** Whether an argument can be in its support; a variable whose declared type may leave it gets a warning. */
export function argumentValue(c: CheckContext, use: SettledFamily, parameter: Parameter, value: Typed): boolean {
  const domain = domainOf(parameter)
  const given = rangeOf(c, value)
  const constant = constantOf(c, value)
  const broken = parameter.kind === 'count' && constant !== undefined && !Number.isInteger(constant)
  if (isOutside(given, domain) || broken) {
    tell(
      c.report,
      'AMP404',
      `${quote(parameter.name)} of ${use.name} must be ${domain.words}${constant === undefined ? '' : `, not ${constant}`}`,
      {
        span: value.span,
        expected: domain.words,
        ...(constant !== undefined && constant < 0 && parameter.name === 'sigma' ? { hint: 'it is a standard deviation or scale' } : {}),
      },
    )
    return false
  }
  if (parameter.kind === 'covariance' && isFactor(c, value)) {
    const { byFactor } = aliases[use.name] ?? {}
    tell(c.report, 'AMP404', `${quote(parameter.name)} of ${use.name} must be a covariance, not the Cholesky factor of one`, {
      span: value.span,
      expected: 'a symmetric, positive definite matrix',
      hint: byFactor === undefined ? 'sum[other](L * L[d -> e]) is the covariance of a factor L[d, other]' : `${byFactor} takes the factor`,
    })
    return false
  }
  warnLooseType(c, use, parameter, value, domain)
  warnExactZero(c, use, parameter, value, domain)
  return true
}

/** Where a factor is 0 a density that needs more than 0 has no value: a point is all that is left of it. */
function warnExactZero(c: CheckContext, use: SettledFamily, parameter: Parameter, value: Typed, { ends, words }: ParameterDomain): void {
  const zero = ends.low === 0 && !ends.lowIn ? zeroOf(c, value) : undefined
  if (zero === undefined) return
  const text = c.text.slice(zero.span.start, zero.span.end)
  const where = zero.kind === 'number' ? 'a 0 is chosen for it' : `it is 0 where ${quote(text)} is`
  tell(c.report, 'AMP405', `${quote(parameter.name)} of ${use.name} must be ${words}, but ${where}`, {
    span: value.span,
    hint: 'the energy is infinite there: choose a value above 0 with where(...)',
  })
}

/** A variable of type cholesky, or its rows or columns scaled: triangular, so no covariance of more than independent values. */
function isFactor(c: CheckContext, value: Typed): boolean {
  if (value.kind === 'apply' && ['mul', 'div', 'neg'].includes(value.fn)) return value.args.some((a) => isFactor(c, a))
  return variableOf(c, value)?.type?.kind === 'cholesky'
}

/** The variable behind a pick, a renaming or a shift. */
function variableOf(c: CheckContext, t: Typed): VariableEntry | undefined {
  let inner = t
  while (inner.kind === 'pick' || inner.kind === 'rename' || (inner.kind === 'shift' && inner.fill === undefined)) inner = inner.target
  return inner.kind === 'variable' ? c.scope.variables.get(inner.name) : undefined
}

function warnLooseType(c: CheckContext, use: SettledFamily, parameter: Parameter, value: Typed, domain: ParameterDomain): void {
  const entry = variableOf(c, value)
  if (entry === undefined || entry.type === undefined) return
  const { name, role } = entry.declaration
  // Data and inputs are checked against their values when they are given.
  if (role === 'data' || role === 'input') return
  const wanted = structured(use, parameter, value, entry.type) ?? loose(c, value, entry.type, domain)
  if (wanted === undefined) return
  tell(c.report, 'AMP405', `${quote(parameter.name)} of ${use.name} must be ${wanted.words}, but nothing keeps ${quote(name.text)} there`, {
    span: value.span,
    hint: `declare it as ${role} ${name.text}${entry.axes.length > 0 ? `[${entry.axes.join(', ')}]` : ''} : ${wanted.type}`,
    related: [{ span: name.span, message: `${quote(name.text)} is declared here` }],
  })
}

function loose(c: CheckContext, value: Typed, type: ValueType, domain: ParameterDomain): { words: string; type: string } | undefined {
  if (domain.type === undefined || type.kind !== 'real') return undefined
  const { low, high } = rangeOf(c, value)
  return low >= domain.ends.low && high <= domain.ends.high ? undefined : { words: domain.words, type: domain.type }
}

/** Simplexes, unit vectors and covariances are kept by types of their own. */
function structured(
  use: SettledFamily,
  { kind }: Parameter,
  { axes }: Typed,
  type: ValueType,
): { words: string; type: string } | undefined {
  const along = hasElements(use.signature.support) ? (use.left.value.element ?? 'k') : (use.over[0] ?? 'k')
  if (kind === 'simplex' && !(type.kind === 'simplex' && type.axis === along)) {
    return { words: `probabilities that add up to 1 along ${quote(along)}`, type: `simplex[${along}]` }
  }
  if (kind === 'unit_vector' && !(type.kind === 'unit' && type.axis === along)) {
    return { words: `of length 1 along ${quote(along)}`, type: `unit[${along}]` }
  }
  if (kind === 'covariance' && type.kind !== 'covariance' && type.kind !== 'correlation') {
    return { words: 'a covariance matrix', type: `covariance[${along}, other]` }
  }
  if (kind === 'cholesky' && type.kind !== 'cholesky') {
    return { words: 'lower triangular with a positive diagonal', type: `cholesky[${along}, other]` }
  }
  if (kind === 'ordered' && type.kind !== 'ordered') {
    const [own = 'cut'] = without(axes, use.left.value.axes)
    return { words: `increasing along ${quote(own)}`, type: `ordered[${own}]` }
  }
  const from = use.left.value.element
  if (kind === 'transition' && (type.kind !== 'simplex' || type.axis === from)) {
    return { words: 'rows that add up to 1 over the next state', type: 'simplex[next]' }
  }
  return undefined
}
