import { error } from './entry.ts'

/** 8xx: the numbers went wrong. */
export const numbersCodes = {
  AMP801: error('energy is not finite', 'The energy is NaN or infinite at the starting point.'),
} as const
