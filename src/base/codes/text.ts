import { error } from './entry.ts'

/** 1xx: the text does not read as a program. */
export const textCodes = {
  AMP101: error('unexpected character', 'The text holds a character that is not part of the language.'),
} as const
