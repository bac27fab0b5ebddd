import type { KindRule } from './rule.ts'

export const spin: KindRule<'spin'> = {
  written: { axes: 0, type: () => ({ kind: 'spin' }) },
  allows: (v) => v === 1 || v === -1,
  words: () => '-1 or 1',
  range: { low: -1, high: 1, zero: false },
  isCompact: () => true,
  discrete: true,
  levels: () => ({ kind: 'values', values: [-1, 1] }),
  neutral: (_, { stream }) => (stream.uniform() < 0.5 ? -1 : 1),
}
