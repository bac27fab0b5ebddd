import { ROOT_TAILS, ROOTS } from '../../../base/special/roots.ts'
import { INVERSES, LOG_INVERSES, LOG_VALUES, LOGS } from '../../../base/special/tabulated.ts'

/** The tables that formulas look numbers up in: those of the kernel, so that both find the same. */
export const tables = { ROOTS, ROOT_TAILS, INVERSES, LOGS, LOG_INVERSES, LOG_VALUES } as const satisfies Readonly<
  Record<string, Float64Array>
>

export type TableName = keyof typeof tables
