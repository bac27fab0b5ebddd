import { error } from './entry.ts'

/** 7xx: options and files of the command line. */
export const optionsCodes = {
  AMP701: error('unreadable file', 'The file could not be read.'),
} as const
