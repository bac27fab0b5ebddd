import type { FamilyName } from '../../families/tables/signatures.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { Demand } from '../../middle/check.ts'
import type { DensityTerm, Typed } from '../../middle/model.ts'
import type { Lowered } from '../lower/context.ts'

/** What the values of a family are compared with, besides their support. */
interface Limit {
  readonly demand: Demand
  readonly lower?: NodeId
  readonly upper?: NodeId
  readonly total?: NodeId
}

type Arguments = readonly [NodeId, NodeId]

const closed: Demand = { kind: 'within', open: false }
const open: Demand = { kind: 'within', open: true }

/** The ends of supports that depend on arguments. */
const families: { readonly [K in FamilyName]?: (args: Arguments, over: readonly string[]) => Limit } = {
  uniform: ([lower, upper]) => ({ demand: closed, lower, upper }),
  pareto: ([lower]) => ({ demand: closed, lower }),
  binomial: ([upper]) => ({ demand: closed, upper }),
  binomial_logit: ([upper]) => ({ demand: closed, upper }),
  multinomial: ([total], [axis = '']) => ({ demand: { kind: 'total', axis }, total }),
}

/** The ends of a support at which a density is 0 or infinite, unless a shape that is written as a number makes it neither. */
const ends: { readonly [K in FamilyName]?: (shapes: readonly (number | undefined)[]) => readonly number[] } = {
  lognormal: () => [0],
  gamma: ([alpha]) => (alpha === 1 ? [] : [0]),
  inverse_gamma: () => [0],
  chi_square: ([nu]) => (nu === 2 ? [] : [0]),
  weibull: ([alpha]) => (alpha === 1 ? [] : [0]),
  beta: ([alpha, beta]) => [...(alpha === 1 ? [] : [0]), ...(beta === 1 ? [] : [1])],
  dirichlet: ([alpha]) => (alpha === 1 ? [] : [0]),
}

function withoutDensity(m: Maths, { family, args }: DensityTerm): readonly Limit[] {
  const numbers = ends[family]?.(args.map((a) => (a.kind === 'number' ? a.value : undefined))) ?? []
  if (numbers.length === 0) return []
  return [{ demand: open, ...(numbers.includes(0) ? { lower: m.k(0) } : {}), ...(numbers.includes(1) ? { upper: m.k(1) } : {}) }]
}

/** Where the values of a term must lie, by the arguments of its family and by its truncation. */
export function limits(m: Maths, term: DensityTerm, args: readonly NodeId[], lower: (e: Typed) => Lowered): readonly Limit[] {
  const { range } = term
  const own = families[term.family]?.(args as unknown as Arguments, term.over)
  const cut = range && { demand: closed, lower: lower(range.lower).node, upper: lower(range.upper).node }
  return [...(own === undefined ? [] : [own]), ...withoutDensity(m, term), ...(cut === undefined ? [] : [cut])]
}
