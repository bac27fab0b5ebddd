import { error } from './entry.ts'

/** 2xx: a name that is unknown, doubled or used for the wrong thing. */
export const namesCodes = {
  AMP201: error('unknown name', 'No declaration, let or def of the model has this name.'),
} as const
