import { error } from './entry.ts'

/** 4xx: a value of the wrong kind, or outside its support. */
export const typesCodes = {
  AMP401: error('wrong number of arguments', 'The function or family takes another number of arguments.'),
} as const
