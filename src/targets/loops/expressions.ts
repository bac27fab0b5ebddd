import type { ElementwiseOp } from '../../ir/graph.ts'
import type { Constant, Count, Extent, IndexExpr, Local, LocalVariable, Real, Whole } from './program.ts'

export function variable(local: Local): LocalVariable {
  return { kind: 'variable', local }
}

export function constant(value: number): Constant {
  return { kind: 'constant', value }
}

export function count(of: IndexExpr): Count {
  return { kind: 'count', of }
}

export function extent(...axes: readonly string[]): Extent {
  return { kind: 'extent', axes }
}

export const zero: Whole = { kind: 'whole', value: 0 }

export function offset(of: IndexExpr, by: number): IndexExpr {
  if (by === 0) return of
  if (of.kind === 'whole') return { kind: 'whole', value: of.value + by }
  return of.kind === 'offset' ? offset(of.of, of.by + by) : { kind: 'offset', of, by }
}

/** Sums of indices are exact in any order. */
export function total(terms: readonly IndexExpr[]): IndexExpr {
  const some = terms.filter((t) => t.kind !== 'whole' || t.value !== 0)
  return some.length > 1 ? { kind: 'total', terms: some } : (some[0] ?? zero)
}

/** A position along an axis of an array in which `inner` axes lie inside of it. */
export function strided(of: IndexExpr, inner: readonly string[]): IndexExpr {
  if (inner.length === 0 || (of.kind === 'whole' && of.value === 0)) return of
  const by = extent(...inner)
  return of.kind === 'whole' && of.value === 1 ? by : { kind: 'times', of, by }
}

/** The whole number that a number is. */
export function indexOf(of: Real): IndexExpr {
  if (of.kind === 'count') return of.of
  const { kind } = of
  return kind === 'constant' && isIndex(of.value) ? { kind: 'whole', value: of.value } : { kind: 'truncated', of }
}

/** Whether a number can be used as the position of an element as it is. */
function isIndex(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0) && value >= 0
}

/** An operation, as what it comes down to: powers that are exact in one multiplication or division are that. */
export function applied(op: ElementwiseOp, args: readonly Real[]): Real {
  const [a, b] = args as readonly [Real, Real]
  if (op === 'square') return applied('mul', [a, a])
  if (op === 'pow' && b.kind === 'constant' && b.value === 2) return applied('mul', [a, a])
  if (op === 'pow' && b.kind === 'constant' && b.value === -1) return applied('div', [constant(1), a])
  return { kind: 'apply', op, args }
}
