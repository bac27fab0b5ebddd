import type { NodeId } from '../../ir/graph.ts'
import type { Formulas, Maths } from '../../ir/maths.ts'
import type { FamilyContext } from './density.ts'
import type { Tails } from './masses.ts'

/** What a family is where a parameter is at one of its ends, if its formulas do not say it themselves. */
export interface Limit {
  logDensity(m: Maths, x: NodeId, args: readonly NodeId[], context: FamilyContext): NodeId
  tails?(m: Formulas, x: NodeId, args: readonly NodeId[]): Tails
}

/** By the place of a parameter. */
export type Limits = Readonly<Record<number, { readonly low?: Limit; readonly high?: Limit }>>
