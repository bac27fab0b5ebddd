import { error } from './entry.ts'

/** 6xx: a reading the model does not have, or that cannot run. */
export const readingsCodes = {
  AMP601: error('not yet runnable', 'The program is well formed, but this part of it cannot be run yet.'),
} as const
