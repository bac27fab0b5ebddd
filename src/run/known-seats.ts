import type { Bound } from '../bind/bound.ts'
import type { Sizes } from '../ir/graph.ts'
import { volumeOver } from '../ir/layout.ts'
import type { PartitionProgram } from '../middle/partition-program.ts'

/** By thing, one picker after the other, the slot of the element that it is observed to have, or -1. */
export function knownSeats(
  { pickers }: Pick<PartitionProgram, 'pickers'>,
  { bound: { observed }, sizes }: { readonly bound: Pick<Bound, 'observed'>; readonly sizes: Sizes },
): Int32Array {
  return Int32Array.from(
    pickers.flatMap(({ name, axes }) => {
      const seen = observed[name]?.data
      return Array.from({ length: volumeOver(axes, sizes) }, (_, i) => {
        const slot = seen?.[i] ?? Number.NaN
        return Number.isNaN(slot) ? -1 : slot
      })
    }),
  )
}
