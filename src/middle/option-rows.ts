import { evidenceRows } from './option-rows/evidence.ts'
import { fitRows } from './option-rows/fit.ts'
import { learnRows } from './option-rows/learn.ts'
import { retrieveRows } from './option-rows/retrieve.ts'
import { sampleRows } from './option-rows/sample.ts'
import { sharedRows } from './option-rows/shared.ts'
import { simulateRows } from './option-rows/simulate.ts'
import { sweepRows } from './option-rows/sweep.ts'

/**
 * Every option of every reading, a row each, under the reading that it is of. Types of the library, checks (AMP717), flags and help of
 * the command line, declarations of emitted modules and the tables of docs/library.md are made from these rows.
 */
export const options = {
  ...sharedRows,
  ...sampleRows,
  ...retrieveRows,
  ...fitRows,
  ...learnRows,
  ...evidenceRows,
  ...simulateRows,
  ...sweepRows,
} as const
