import { must } from '../../../base/internal-error.ts'
import { atom, type Code, infix } from '../../kernel/code.ts'
import { root, type Scope, type Sharing, scopeOfAxis, type Value } from './scope.ts'

/** Positions along axes that are not those of the loops around. `guarded`: they may lie outside; read only under a test. */
export interface Positions {
  readonly at: ReadonlyMap<string, Value>
  readonly guarded: boolean
}

export const here: Positions = { at: new Map(), guarded: false }

export function moved(positions: Positions, axis: string, to: Value, guarded = positions.guarded): Positions {
  return { at: new Map([...positions.at, [axis, to]]), guarded }
}

export function positionAlong(axis: string, positions: Positions, scope: Scope): Value {
  const given = positions.at.get(axis)
  if (given !== undefined) return given
  const level = must(scopeOfAxis(scope, axis), `loop over ${axis}`)
  return { ...must(level.index, 'index'), level, whole: true }
}

/** Sizes of axes and their products, as names of the enclosing function. */
export interface Extents {
  size(axis: string): string
  /** The product of several sizes. */
  product(axes: readonly string[]): string
}

/** Where an element of a dense array over `layout` lies; the part that changes only in outer loops is computed there. */
export function address(layout: readonly string[], positions: Positions, scope: Scope, extents: Extents, sharing: Sharing): Value {
  const terms = layout.map((axis, k) => scaled(positionAlong(axis, positions, scope), layout.slice(k + 1), extents))
  const levels = [...new Set(terms.map((t) => t.level))].sort((a, b) => a.depth - b.depth)
  let sum: Value | undefined
  for (const level of levels) {
    const own = terms.filter((t) => t.level === level)
    const total: Value = { ...plus([...(sum === undefined ? [] : [sum]), ...own]), level, whole: true }
    const simple = /^\w+$/.test(total.text)
    sum = level === levels.at(-1) || simple || positions.guarded ? total : sharing.share(total, scope, 'p')
  }
  return sum ?? { ...atom('0'), level: root(scope), whole: true }
}

function scaled(position: Value, inner: readonly string[], extents: Extents): Value {
  if (inner.length === 0 || position.text === '0') return position
  return { ...infix(position, '*', atom(extents.product(inner))), level: position.level }
}

/** Sums of indices are exact, so they need no parentheses. */
function plus(terms: readonly Code[]): Code {
  const nonzero = terms.filter((t) => t.text !== '0')
  const [first, ...rest] = nonzero.length === 0 ? [atom('0')] : nonzero
  if (first === undefined || rest.length === 0) return first ?? atom('0')
  return { text: nonzero.map((t) => t.text).join(' + '), rank: infix(first, '+', first).rank }
}
