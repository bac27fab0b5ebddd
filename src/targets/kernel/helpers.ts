import { factorise } from '../../base/linear/cholesky.ts'
import { pullFactor } from '../../base/linear/cholesky-gradient.ts'
import type { MatrixPart } from '../../base/linear/part.ts'
import { exp, log, log1p } from '../../base/special/tabulated.ts'
import { scalar } from '../../ir/scalar.ts'
import type { RoutineName } from '../loops/program.ts'
import type { Helpers } from './instantiate.ts'

/** A routine, on its matrices and sizes. */
export interface Routines extends Record<RoutineName, unknown> {
  readonly factorise: (a: MatrixPart, size: number) => void
  readonly pullFactor: (l: MatrixPart, g: MatrixPart, size: number) => void
}

/** Linear algebra that kernels call, by its name in programs. */
export const routines: Routines = { factorise, pullFactor }

/** The functions that kernels call, by operation; exponentials and logarithms are what most of them spend their time on. */
export const helpers: Helpers = { ...scalar, exp, log, log1p, ...routines } as unknown as Helpers
