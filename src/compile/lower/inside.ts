import type { Support } from '../../families/parts/signature.ts'
import { signatures } from '../../families/tables/signatures.ts'
import type { DensityTerm, ValueType } from '../../middle/model.ts'
import type { Context } from './context.ts'

type Kind = ValueType['kind']

/** The types that keep a value inside each support, so that its density needs no guard. */
const inside: Readonly<Record<Support, readonly Kind[]>> = {
  real: [],
  positive: ['positive'],
  nonnegative: ['positive', 'nonnegative', 'probability', 'count'],
  unit_interval: ['probability'],
  angle: [],
  interval: [],
  bit: ['bit'],
  count: ['count', 'bit'],
  element: ['element'],
  vector: [],
  simplex: ['simplex'],
  sphere: ['unit'],
  cholesky_correlation: [],
  covariance: [],
  matrix: [],
  counts: ['count'],
  chain: ['element'],
}

/** Whether the type of the left side alone keeps it inside the support of its family. */
export function keepsInside(c: Context, term: DensityTerm): boolean {
  const variable = term.variable === undefined ? undefined : c.variables.get(term.variable)
  const support = (signatures as Readonly<Record<string, { readonly support: Support } | undefined>>)[term.family]?.support
  return variable !== undefined && support !== undefined && inside[support].includes(variable.type.kind)
}
