import { anywhere } from '../../base/interval.ts'
import { short } from './line.ts'
import type { KindRule } from './rule.ts'

/** Numbers that increase along its axis. */
export const ordered: KindRule<'ordered'> = {
  written: { axes: 1, type: (axis) => ({ kind: 'ordered', axis }) },
  allows: () => true,
  words: () => 'one of increasing numbers',
  range: anywhere,
  isCompact: () => false,
  discrete: false,
  neutral: (_, { at: [k = 0] }) => k,
  line: {
    holds: (line) => line.every((v, i) => i === 0 || v > (line[i - 1] as number)),
    words: 'increasing numbers',
    found: (line) => {
      const at = line.findIndex((v, i) => i > 0 && !(v > (line[i - 1] as number)))
      return `numbers that do not increase (${short(line[at - 1] as number)} before ${short(line[at] as number)})`
    },
  },
}
