import type { Span } from '../base/source.ts'
import type { AxisSize } from './model.ts'

/** An axis with its size: given, fixed, or following from another's. */
export type EnergyAxis = {
  readonly name: string
  /** Where the text introduces it; absent for axes that the compiler made. */
  readonly span?: Span
  /** What the model calls its elements, in order. */
  readonly labels?: readonly string[]
  /** What depends on the order of its elements, in words, if anything does. */
  readonly ordered?: string
  readonly size:
    | AxisSize
    | { readonly kind: 'less'; readonly than: string; readonly by: number }
    /** One element for each unordered pair of elements of an axis; `equal`: pairs of one element with itself too. */
    | { readonly kind: 'pairs'; readonly of: string; readonly equal: boolean }
    /** One for each combination of elements of several axes. */
    | { readonly kind: 'product'; readonly of: readonly string[] }
}
