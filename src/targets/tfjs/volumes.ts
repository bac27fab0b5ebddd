import type { Sizes } from '../../ir/graph.ts'
import { originalOf } from '../../ir/layout.ts'

/** How many elements a tensor over these axes has. */
export type Volume = (axes: readonly string[]) => number

/** Stands for the size of an axis where plans are made without sizes, to be printed. */
const PRESUMED = 1000

export function volumes(sizes: Sizes | undefined): Volume {
  return (axes) => axes.reduce((n, axis) => n * (sizes === undefined ? PRESUMED : (sizes[axis] ?? sizes[originalOf(axis)] ?? PRESUMED)), 1)
}
