import { fromZero } from '../../base/interval.ts'
import type { KindRule } from './rule.ts'

export const nonnegative: KindRule<'nonnegative'> = {
  written: { axes: 0, type: () => ({ kind: 'nonnegative' }) },
  allows: (v) => v >= 0,
  words: () => 'a number from 0 on',
  range: fromZero,
  bounds: () => ({ lower: 0, upper: Infinity }),
  isCompact: () => false,
  discrete: false,
  neutral: () => 1,
}
