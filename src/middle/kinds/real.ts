import { anywhere } from '../../base/interval.ts'
import type { Wall } from '../model.ts'
import type { KindRule } from './rule.ts'

/** `real`, or with bounds `real(lower = a, upper = b)`. */
export const real: KindRule<'real'> = {
  written: { axes: 0, type: () => ({ kind: 'real' }) },
  // Bounds are expressions: `compile/checks` compares with them.
  allows: () => true,
  words: () => 'a number',
  range: anywhere,
  bounds: ({ lower, upper }) => ({ lower: lower ?? -Infinity, upper: upper ?? Infinity }),
  isCompact: ({ lower, upper }) => lower !== undefined && upper !== undefined,
  discrete: false,
  neutral: ({ lower, upper }) => middle(literal(lower), literal(upper)),
}

function middle(lower: number | undefined, upper: number | undefined): number {
  if (lower !== undefined && upper !== undefined) return (lower + upper) / 2
  if (lower !== undefined) return lower + 1
  return upper === undefined ? 0 : upper - 1
}

/** The value of a bound that is written as a number. */
function literal(wall: Wall | undefined): number | undefined {
  return wall?.number
}
