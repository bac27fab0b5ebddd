import { fromZero } from '../../base/interval.ts'
import type { KindRule } from './rule.ts'

/** Numbered from 1 outside, and from 0 inside. */
export const element: KindRule<'element'> = {
  allows: (v, { axis }, sizes) => Number.isInteger(v) && v >= 1 && v <= (sizes[axis] ?? Infinity),
  words: ({ axis }, sizes) => `a whole number from 1 to ${sizes[axis] ?? `size(${axis})`}, an element of ${axis}`,
  range: fromZero,
  isCompact: () => true,
  discrete: true,
  levels: ({ axis }) => ({ kind: 'axis', axis }),
  neutral: (_, { sizes: [size = 1], stream }) => stream.integer(size),
}
