import { axesCodes } from './codes/axes.ts'
import { dataCodes } from './codes/data.ts'
import type { CodeEntry } from './codes/entry.ts'
import { learningCodes } from './codes/learning.ts'
import { namesCodes } from './codes/names.ts'
import { optionsCodes } from './codes/options.ts'
import { readingsCodes } from './codes/readings.ts'
import { storesCodes } from './codes/stores.ts'
import { textCodes } from './codes/text.ts'
import { typesCodes } from './codes/types.ts'

/** Every diagnostic code once, with what it means and how to fix it; a file of rows for each phase that finds them. */
export const catalogue = {
  ...textCodes,
  ...namesCodes,
  ...axesCodes,
  ...typesCodes,
  ...dataCodes,
  ...readingsCodes,
  ...learningCodes,
  ...optionsCodes,
  ...storesCodes,
} as const satisfies Record<string, CodeEntry>

export type DiagnosticCode = keyof typeof catalogue
