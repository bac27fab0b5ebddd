import { aboveZero } from '../../base/interval.ts'
import type { KindRule } from './rule.ts'

export const positive: KindRule<'positive'> = {
  written: { axes: 0, type: () => ({ kind: 'positive' }) },
  allows: (v) => v > 0,
  words: () => 'a number above 0',
  range: aboveZero,
  bounds: () => ({ lower: 0, upper: Infinity }),
  isCompact: () => false,
  discrete: false,
  neutral: () => 1,
}
