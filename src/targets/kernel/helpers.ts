import { exp, log1p } from '../../base/special/tabulated.ts'
import { scalar } from '../../ir/scalar.ts'
import type { Helpers } from './instantiate.ts'

/** The functions that kernels call, by operation; exponentials are what most of them spend their time on. */
export const helpers: Helpers = { ...scalar, exp, log1p } as unknown as Helpers
