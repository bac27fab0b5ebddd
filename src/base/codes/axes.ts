import { error } from './entry.ts'

/** 3xx: axes left over, missing, doubled or of two sizes. */
export const axesCodes = {
  AMP301: error('energy is not a scalar', 'An energy is one number; the expression still varies over an axis, so it must be reduced.'),
} as const
