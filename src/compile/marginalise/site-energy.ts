import { must } from '../../base/internal-error.ts'
import { without } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { Elimination } from './elimination.ts'
import { type PickedState, sitesOfPicks } from './picked-state.ts'
import { pieceOver, type SumPiece } from './pieces.ts'
import { type Substituted, substitute } from './substitute.ts'

/** What of the sum over a state it takes to say its energy at a site. */
export interface Sites extends Pick<Elimination, 'variable' | 'state' | 'held'> {
  readonly work: Pick<Elimination['work'], 'builder' | 'm'>
}

/** The state's energy at each site, as a function of its value there. */
export function siteEnergy(sites: Sites, value: NodeId): NodeId {
  return energyOf(sites, { here: value }, ownPieces(sites))
}

/** Along a chain, as a function of its value there and that one step before. */
export function pairEnergy(sites: Sites, chain: string, values: { readonly here: NodeId; readonly before: NodeId }): NodeId {
  const { builder, m } = sites.work
  const { here, before } = values
  const own = energyOf(sites, { here, before, chain }, ownPieces(sites))
  const after = sites.held.filter((p) => p.after)
  if (after.length === 0) return own
  // What is said of an element and the next is an energy of the next and the one before it; the last element has no next.
  const onward = builder.shift(piecesAt(sites, after, { here: before, after: here, chain }), chain, 1)
  const isLast = m.equal(builder.index(chain), m.sub(builder.size(chain), m.k(1)))
  const atLast = m.where(isLast, piecesAt(sites, after, { here, after: here, chain }), m.k(0))
  return m.plus(own, onward, atLast)
}

function ownPieces({ held }: Sites): readonly SumPiece[] {
  return held.filter((p) => p.through === undefined && !p.after)
}

function energyOf(sites: Sites, values: Substituted, own: readonly SumPiece[]): NodeId {
  const { m } = sites.work
  const picked = sites.held.flatMap((p) =>
    p.through === undefined ? [] : [pickedEnergy(m, p, p.through, sites.variable.axes, values.here)],
  )
  return m.plus(piecesAt(sites, own, values), ...picked)
}

function piecesAt({ work: { builder, m }, variable, state }: Sites, pieces: readonly SumPiece[], values: Substituted): NodeId {
  const roots = pieces.map((p) => p.node)
  const nodes = substitute(builder, roots, state, values)
  return m.plus(...pieces.map((p, i) => pieceOver(m, p, variable.axes, must(nodes[i], 'piece'))))
}

/** What elements picked from the state add to the sites that they are picked from. */
function pickedEnergy(m: Maths, piece: SumPiece, { node, picks }: PickedState, sites: readonly string[], value: NodeId): NodeId {
  const { builder } = m
  const [atLevel] = substitute(builder, [piece.node], node, { here: value })
  const energy = pieceOver(m, piece, sitesOfPicks(builder, picks, sites), must(atLevel, 'piece'))
  return picks.reduceRight((sum, { axis, index }, k) => {
    const left = sitesOfPicks(builder, picks.slice(0, k), without(sites, [axis]))
    const over = without(builder.axes(index), left)
    // An infinite energy times 0 is none, which matters where elements are told apart by products.
    return over.length === 0 ? m.where(m.equal(builder.index(axis), index), sum, m.k(0)) : builder.scatter(sum, axis, index, over)
  }, energy)
}
