import { fraction } from '../../base/interval.ts'
import { NEAR, short, sumOf } from './line.ts'
import type { KindRule } from './rule.ts'

/** Probabilities along its axis. */
export const simplex: KindRule<'simplex'> = {
  written: { axes: 1, type: (axis) => ({ kind: 'simplex', axis }) },
  allows: (v) => v >= 0 && v <= 1,
  words: () => 'numbers between 0 and 1 that add up to 1',
  range: fraction,
  isCompact: () => true,
  discrete: false,
  neutral: (_, { sizes: [size = 1] }) => 1 / size,
  uniform: { family: 'dirichlet', args: [1] },
  line: {
    power: 1,
    holds: (line) => Math.abs(sumOf(line) - 1) <= NEAR,
    words: 'numbers that add up to 1',
    found: (line) => `numbers with the sum ${short(sumOf(line))}`,
    rows: {
      found: (lines) => `rows that add to ${listed(lines.map((line) => short(sumOf(line))))}`,
      transposed: (axis) => `They add to 1 the other way, along ${axis}: is it transposed?`,
    },
  },
}

/** `1.45 and 0.55`; of many the first. */
function listed(words: readonly string[]): string {
  const most = 3
  const shown = words.slice(0, most)
  if (words.length > most) return `${shown.join(', ')} (and ${words.length - most} more)`
  return [shown.slice(0, -1).join(', '), ...shown.slice(-1)].filter((w) => w !== '').join(' and ')
}
