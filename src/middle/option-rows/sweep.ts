import type { OptionRow } from '../option-row.ts'

/** Options of a sweep of temperatures. */
export const sweepRows = {
  temperatures: {
    kind: 'numbers',
    of: ['sweep'],
    when: 'run',
    flag: '--temperatures <list>',
    does: 'the temperatures, going up: "A, B, C", "FROM:TO:STEP", or "FROM .. TO", then perhaps "in N" and "linear" or "geometric"; 0 is retrieved',
  },
} as const satisfies Readonly<Record<string, OptionRow>>
