import type { EnergyVariable } from '../../middle/energy.ts'
import type { FittedForm } from '../../middle/fit-program.ts'
import type { Kind } from '../../middle/kinds/rule.ts'
import { boundsOf, isUnbounded } from '../../middle/kinds.ts'
import type { ValueType } from '../../middle/model.ts'
import type { Linear, Statistic } from './linear.ts'

export type FormName = 'gaussian' | 'categorical' | MatrixForm | FittedForm

/** Of positive definite matrices: `x` is the matrix, `1/x` its inverse, `log x` the logarithm of its determinant. */
export type MatrixForm = 'wishart' | 'inverse_wishart'

/** Where a variable of a type lies, as far as it matters to forms. */
type FormDomain = 'line' | 'half' | 'segment' | 'positive segment' | 'fraction' | 'shares' | 'sphere' | 'matrices'

interface Form {
  /** The statistics that E may be linear in. */
  readonly statistics: readonly Statistic[]
  /** Whether products of two elements may be there, too. */
  readonly quadratic?: true
  /** Where its density lives; on a part of that it is truncated. */
  readonly on: FormDomain
  readonly truncatedTo?: readonly FormDomain[]
}

/** The forms of what is not discrete, those with fewer statistics before those that hold them. */
const forms: { readonly [F in Exclude<FormName, 'categorical'>]: Form } = {
  gaussian: { statistics: [1], quadratic: true, on: 'line', truncatedTo: ['half', 'segment', 'positive segment', 'fraction'] },
  gamma: { statistics: [1, 'log'], on: 'half', truncatedTo: ['positive segment', 'fraction'] },
  inverse_gamma: { statistics: [-1, 'log'], on: 'half', truncatedTo: ['positive segment', 'fraction'] },
  beta: { statistics: ['log', 'log1m'], on: 'fraction' },
  dirichlet: { statistics: ['log'], on: 'shares' },
  von_mises_fisher: { statistics: [1], on: 'sphere' },
  wishart: { statistics: [1, 'log'], on: 'matrices' },
  inverse_wishart: { statistics: [-1, 'log'], on: 'matrices' },
}

/** The form of a variable of a type in whose statistics something is linear; whether bounds of the type cut it off. */
export function formOf(
  type: ValueType,
  { parts, quadratic }: Linear,
): { readonly form: FormName; readonly truncated: boolean } | undefined {
  const domain = domainOf(type)
  const rows = Object.entries(forms) as [FormName, Form][]
  const holds = ([, f]: [FormName, Form]): boolean =>
    (!quadratic || f.quadratic === true) && [...parts.keys()].every((statistic) => f.statistics.includes(statistic))
  const whole = rows.find((row) => row[1].on === domain && holds(row))
  const part = rows.find((row) => domain !== undefined && row[1].truncatedTo?.includes(domain) === true && holds(row))
  const [form] = whole ?? part ?? []
  return form && { form, truncated: whole === undefined }
}

export function isMatrixForm(form: string): form is MatrixForm {
  return Object.entries(forms).some(([name, f]) => name === form && f.on === 'matrices')
}

/** Whether no value of a type is below 0. */
export function isPositive(type: ValueType): boolean {
  const domain = domainOf(type)
  return domain !== 'line' && domain !== 'segment' && domain !== 'sphere'
}

/** Whether a variable of this type can have one of the forms; why not, as the end of a sentence. */
export function barredType(type: ValueType): string | undefined {
  return typeof domains[type.kind] === 'function' ? undefined : (domains[type.kind] as { readonly barred: string }).barred
}

function domainOf(type: ValueType): FormDomain | undefined {
  const domain = domains[type.kind]
  return typeof domain === 'function' ? domain(type) : undefined
}

const domains: { readonly [K in Kind]: ((type: ValueType) => FormDomain | undefined) | { readonly barred: string } } = {
  real: ofReal,
  positive: () => 'half',
  nonnegative: () => 'half',
  probability: () => 'fraction',
  simplex: () => 'shares',
  unit: () => 'sphere',
  spin: () => undefined,
  bit: () => undefined,
  element: () => undefined,
  count: { barred: 'it can take infinitely many whole values' },
  ordered: { barred: 'its elements keep an order' },
  covariance: () => 'matrices',
  cholesky: { barred: 'its elements make the factor of a covariance matrix together' },
  correlation: { barred: 'its elements make a correlation matrix together' },
}

function ofReal(type: ValueType): FormDomain {
  const bounds = boundsOf(type)
  if (bounds === undefined || isUnbounded(type)) return 'line'
  const [lower, upper] = [bounds.lower, bounds.upper].map((end) => (typeof end === 'number' ? end : end.number))
  if (lower === undefined || lower < 0) return 'segment'
  if (lower === 0 && upper === Infinity) return 'half'
  return lower === 0 && upper === 1 ? 'fraction' : 'positive segment'
}

/** The axes over which a variable has a statistic: a matrix has one determinant. */
export function statisticAxes({ type, axes }: Pick<EnergyVariable, 'type' | 'axes'>, statistic: Statistic): readonly string[] {
  return type.kind === 'covariance' && statistic === 'log' ? axes.filter((axis) => axis !== type.rows && axis !== type.columns) : axes
}

/** What a statistic of a variable is called. */
export function statisticName(statistic: Statistic, x: string): string {
  if (statistic === 'log') return `log ${x}`
  if (statistic === 'log1m') return `log(1 - ${x})`
  if (statistic === 1) return x
  if (statistic === -1) return `1/${x}`
  return statistic < 0 ? `1/${x}^${-statistic}` : `${x}^${statistic}`
}
