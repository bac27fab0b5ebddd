import { must } from '../../base/internal-error.ts'
import type { NodeId } from '../../ir/graph.ts'
import { reachable, replaced } from '../../ir/walk.ts'
import type { EnergyVariable } from '../../middle/energy.ts'
import { levelsOf, levelValue } from '../../middle/kinds.ts'
import { freshAxis } from '../curvature/entries.ts'
import { dependence } from '../marginalise/dependence.ts'
import { type Pieces, pieceOver, takeApart } from '../marginalise/pieces.ts'
import { siteEnergy } from '../marginalise/site-energy.ts'
import type { LinearAlgebra } from './entries.ts'
import type { FormDraft } from './found.ts'
import type { OpenTerm } from './statements.ts'

/** A discrete variable in the terms that mention it. */
interface Discrete {
  readonly a: LinearAlgebra
  readonly variable: EnergyVariable
  readonly state: NodeId
  readonly terms: readonly OpenTerm[]
}

/**
 * The energy of each site of a discrete variable at each of its levels. Whatever E is, it is linear in the one-hot of a
 * site, all else held; where sites meet, that holds for one site at a time, and the others stay where they are.
 */
export function categorical(a: LinearAlgebra, variable: EnergyVariable, state: NodeId, terms: readonly OpenTerm[]): FormDraft {
  const { m, maker } = a
  const { type, axes } = variable
  const discrete: Discrete = { a, variable, state, terms }
  const meeting = axes.filter((axis) => takenApart(discrete, [axis]).some((p) => p.coupled !== undefined))
  const levels = must(levelsOf(type), 'levels')
  const level = levels.kind === 'axis' ? freshAxis(maker, levels.axis) : spare(maker, 'level')
  const made = levels.kind === 'axis' ? {} : { axes: [{ name: level, size: { kind: 'fixed', size: 2 } as const }] }
  const [first, second] = [levelValue(type, 0), levelValue(type, 1)]
  const index = m.builder.index(level)
  const value = levels.kind === 'axis' ? index : m.add(m.k(first), m.mul(m.k(second - first), index))
  const apart = meeting.length > 0 ? undefined : takenApart(discrete, axes)
  const together = apart === undefined || apart.some((p) => p.coupled !== undefined)
  const held = (apart ?? []).flatMap((p) => p.held)
  const node = together ? oneAtATime(discrete, value) : siteEnergy({ work: { builder: m.builder, m }, variable, state, held }, value)
  const mixing = (together && meeting.length === 0 ? axes : meeting).map((axis) => ({ axis, other: axis }))
  return { form: 'categorical', truncated: false, mixing, coefficients: [{ statistic: 'level', node, axes: [...axes, level] }], ...made }
}

/** The energy of what mentions the variable where one site has a value and the others their own. */
function oneAtATime(discrete: Discrete, value: NodeId): NodeId {
  const { a, variable, state } = discrete
  const { builder } = a.m
  const sites = variable.axes.map((axis) => ({ axis, site: freshAxis(a.maker, axis) }))
  const here = a.m.times(...sites.map(({ axis, site }) => a.m.equal(builder.index(axis), builder.index(site))))
  const pieces = takenApart(discrete, []).flatMap((p) => p.held)
  const total = a.m.plus(...pieces.map((p) => pieceOver(a.m, p, [])))
  const [at = total] = replaced(builder, [total], new Map([[state, a.m.where(here, value, state)]]))
  return sites.reduce((x, { axis, site }) => builder.rename(x, site, axis), at)
}

function takenApart({ a, state, terms }: Discrete, sites: readonly string[]): readonly Pieces[] {
  const { builder } = a.m
  const ids = reachable(
    builder,
    terms.map((t) => t.node),
  )
  const kinds = dependence(builder, ids, state, sites)
  return terms.map(({ node }) => takeApart(builder, node, kinds, { node: state, sites }))
}

function spare({ taken }: LinearAlgebra['maker'], name: string): string {
  return taken.has(name) ? spare({ made: [], taken }, `${name}'`) : name
}
