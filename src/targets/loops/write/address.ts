import { must } from '../../../base/internal-error.ts'
import { strided, total, zero } from '../expressions.ts'
import type { IndexExpr } from '../program.ts'
import { type Locals, positionOf, root, type ScopedValue, scopeOfAxis, type WriteScope } from './scope.ts'

/** Positions along axes that are not those of the loops around. `guarded`: they may lie outside; read only under a test. */
export interface AddressPositions {
  readonly at: ReadonlyMap<string, ScopedValue<IndexExpr>>
  readonly guarded: boolean
}

export const here: AddressPositions = { at: new Map(), guarded: false }

export function moved(
  positions: AddressPositions,
  axis: string,
  to: ScopedValue<IndexExpr>,
  guarded = positions.guarded,
): AddressPositions {
  return { at: new Map([...positions.at, [axis, to]]), guarded }
}

export function positionAlong(axis: string, positions: AddressPositions, scope: WriteScope): ScopedValue<IndexExpr> {
  return positions.at.get(axis) ?? positionOf(must(scopeOfAxis(scope, axis), `loop over ${axis}`))
}

/** Where an element of a dense array over `layout` lies; the part that changes only in outer loops is computed there. */
export function address(layout: readonly string[], positions: AddressPositions, scope: WriteScope, locals: Locals): ScopedValue<IndexExpr> {
  const terms = layout.map((axis, k) => {
    const { of, level } = positionAlong(axis, positions, scope)
    return { of: strided(of, layout.slice(k + 1)), level }
  })
  const levels = [...new Set(terms.map((t) => t.level))].sort((a, b) => a.depth - b.depth)
  let sum: ScopedValue<IndexExpr> = { of: zero, level: root(scope) }
  for (const level of levels) {
    const own = terms.filter((t) => t.level === level)
    const whole: ScopedValue<IndexExpr> = { of: total([sum, ...own].map((t) => t.of)), level }
    sum = level === levels.at(-1) || isName(whole.of) || positions.guarded ? whole : locals.share(whole, 'address')
  }
  return sum
}

/** What needs no variable to be had in one. */
function isName({ kind }: IndexExpr): boolean {
  return kind === 'variable' || kind === 'whole' || kind === 'extent'
}
