import { fraction } from '../../base/interval.ts'
import type { KindRule } from './rule.ts'

export const probability: KindRule<'probability'> = {
  written: { axes: 0, type: () => ({ kind: 'probability' }) },
  allows: (v) => v >= 0 && v <= 1,
  words: () => 'a number between 0 and 1',
  range: fraction,
  bounds: () => ({ lower: 0, upper: 1 }),
  isCompact: () => true,
  discrete: false,
  neutral: () => 0.5,
}
