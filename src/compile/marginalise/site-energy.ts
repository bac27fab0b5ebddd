import { must } from '../../base/internal-error.ts'
import { without } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { Elimination } from './elimination.ts'
import type { PickedState } from './picked-state.ts'
import { pieceOver, type SumPiece } from './pieces.ts'
import { type Substituted, substitute } from './substitute.ts'

/** What of the sum over a state it takes to say its energy at a site. */
export interface Sites extends Pick<Elimination, 'variable' | 'state' | 'held'> {
  readonly work: Pick<Elimination['work'], 'builder' | 'm'>
}

/** The state's energy at each site, as a function of what replaces the state. */
export function siteEnergy({ work, variable, state, held }: Sites, values: Substituted): NodeId {
  const { builder, m } = work
  const own = held.filter((p) => p.through === undefined)
  const nodes = substitute(
    builder,
    own.map((p) => p.node),
    state,
    values,
  )
  return m.plus(
    ...own.map((p, i) => pieceOver(m, p, variable.axes, must(nodes[i], 'piece'))),
    ...held.flatMap((p) => (p.through === undefined ? [] : [pickedEnergy(m, p, p.through, variable.axes, values.here)])),
  )
}

/** What elements picked from the state add to the sites that they are picked from. */
function pickedEnergy(m: Maths, piece: SumPiece, { node, axis, index }: PickedState, sites: readonly string[], value: NodeId): NodeId {
  const { builder } = m
  const [atLevel] = substitute(builder, [piece.node], node, { here: value })
  const along = builder.axes(index)
  const energy = pieceOver(m, piece, [...without(sites, [axis]), ...along], must(atLevel, 'piece'))
  // An infinite energy times 0 is none, which matters where elements are told apart by products.
  if (along.length === 0) return m.where(m.equal(builder.index(axis), index), energy, m.k(0))
  return builder.scatter(energy, axis, index, without(along, without(sites, [axis])))
}
