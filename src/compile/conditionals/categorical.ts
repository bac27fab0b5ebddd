import { must } from '../../base/internal-error.ts'
import type { NodeId } from '../../ir/graph.ts'
import { reachable, replaced } from '../../ir/walk.ts'
import type { EnergyVariable } from '../../middle/energy.ts'
import { levelsOf, levelValue } from '../../middle/kinds.ts'
import { freshAxis } from '../curvature/entries.ts'
import { dependence } from '../marginalise/dependence.ts'
import { takeApart } from '../marginalise/pieces.ts'
import type { LinearAlgebra } from './entries.ts'
import type { FormDraft } from './found.ts'
import type { OpenTerm } from './statements.ts'

/**
 * The energy of each site of a discrete variable at each of its levels. Whatever E is, it is linear in the one-hot of a
 * site, all else held; where sites meet, that holds for one site at a time, and the others stay where they are.
 */
export function categorical(a: LinearAlgebra, variable: EnergyVariable, state: NodeId, terms: readonly OpenTerm[]): FormDraft {
  const { m, maker } = a
  const { builder } = m
  const { type, axes } = variable
  const mixed = axes.filter((axis) => meets(a, state, axis, terms))
  const levels = must(levelsOf(type), 'levels')
  const level = levels.kind === 'axis' ? freshAxis(maker, levels.axis) : spare(maker, 'level')
  const [first, second] = [levelValue(type, 0), levelValue(type, 1)]
  const value = levels.kind === 'axis' ? builder.index(level) : m.add(m.k(first), m.mul(m.k(second - first), builder.index(level)))
  const sites = axes.map((axis) => freshAxis(maker, axis))
  const here = m.times(...axes.map((axis, i) => m.equal(builder.index(axis), builder.index(must(sites[i], 'site')))))
  const rest = mixed.length > 0 ? state : m.k(first)
  const moved = axes.length === 0 ? value : m.where(here, value, rest)
  const total = m.plus(...terms.map((t) => t.node))
  const [at = total] = replaced(builder, [total], new Map([[state, moved]]))
  const node = axes.reduce((x, axis, i) => builder.rename(x, must(sites[i], 'site'), axis), at)
  const made = levels.kind === 'axis' ? {} : { axes: [{ name: level, size: { kind: 'fixed', size: 2 } as const }] }
  const mixing = mixed.map((axis) => ({ axis, other: axis }))
  return { form: 'categorical', truncated: false, mixing, coefficients: [{ statistic: 'level', node, axes: [...axes, level] }], ...made }
}

function spare({ taken }: LinearAlgebra['maker'], name: string): string {
  return taken.has(name) ? spare({ made: [], taken }, `${name}'`) : name
}

/** Whether elements along one axis of the variable meet in some term. */
function meets({ m }: LinearAlgebra, state: NodeId, axis: string, terms: readonly OpenTerm[]): boolean {
  const { builder } = m
  const ids = reachable(
    builder,
    terms.map((t) => t.node),
  )
  const kinds = dependence(builder, ids, state, [axis])
  return terms.some(({ node }) => takeApart(builder, node, kinds, { node: state, sites: [axis] }).coupled !== undefined)
}
