import { fromZero } from '../../base/interval.ts'
import type { KindRule } from './rule.ts'

/** A state of it has infinitely many values: no levels. */
export const count: KindRule<'count'> = {
  written: { axes: 0, type: () => ({ kind: 'count' }) },
  allows: (v) => v >= 0 && Number.isInteger(v),
  words: () => 'a whole number from 0 on',
  range: fromZero,
  isCompact: () => false,
  discrete: true,
  neutral: () => 0,
}
