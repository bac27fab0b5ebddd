import { error } from './entry.ts'

/** 5xx: data, memories, cues and parameters given from outside. */
export const dataCodes = {
  AMP501: error('missing data', 'The model needs a value that was not given.'),
} as const
