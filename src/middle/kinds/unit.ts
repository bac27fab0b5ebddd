import { between } from '../../base/interval.ts'
import { hypot } from '../../base/special/hypot.ts'
import { NEAR, short } from './line.ts'
import type { KindRule } from './rule.ts'

/** A vector of length 1 along its axis. */
export const unit: KindRule<'unit'> = {
  written: { axes: 1, type: (axis) => ({ kind: 'unit', axis }) },
  allows: () => true,
  words: () => 'part of a vector of length 1',
  range: between(-1, 1),
  isCompact: () => true,
  discrete: false,
  neutral: (_, { sizes: [size = 1] }) => 1 / Math.sqrt(size),
  // Without concentration any direction will do.
  uniform: { family: 'von_mises_fisher', args: ['first direction', 0] },
  line: {
    power: 2,
    holds: (line) => Math.abs(hypot(...line) - 1) <= NEAR,
    words: 'a vector of length 1',
    found: (line) => `a vector of length ${short(hypot(...line))}`,
  },
}
