import { fraction } from '../../base/interval.ts'
import type { KindRule } from './rule.ts'

export const bit: KindRule<'bit'> = {
  written: { axes: 0, type: () => ({ kind: 'bit' }) },
  allows: (v) => v === 0 || v === 1,
  words: () => '0 or 1',
  range: fraction,
  isCompact: () => true,
  discrete: true,
  levels: () => ({ kind: 'values', values: [0, 1] }),
  neutral: (_, { stream }) => (stream.uniform() < 0.5 ? 0 : 1),
}
