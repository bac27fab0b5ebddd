import { must } from '../base/internal-error.ts'
import type { Sizes } from '../ir/graph.ts'
import { offsets, stridesOver } from '../ir/layout.ts'
import { type NearestRow, nearestRows } from '../memory/nearest-rows.ts'
import { levelsOf } from '../middle/kinds.ts'
import type { ValueType } from '../middle/model.ts'
import type { NearMemory } from '../middle/parts.ts'

/**
 * The largest overlap of each value with any row, of either sign: where a state is as good as its opposite, both are like the row.
 */
export function largestOverlaps(...asked: Parameters<typeof nearestMemories>): Float64Array {
  const [near, type, memory, values, sizes] = asked
  const { rows, vectors } = laidOut(near, type, memory, values, sizes)
  const opposite = nearestRows(
    rows,
    vectors.map((x) => x.map((v) => -v)),
  )
  return Float64Array.from(nearestRows(rows, vectors), ({ overlap }, i) => Math.max(overlap, (opposite[i] as NearestRow).overlap))
}

/**
 * Which row of a memory each value of a state is most like, by the overlap, the cosine of the angle between them (of bits, as -1 and 1), which of
 * spins is the share of equal ones less that of different ones. Rows come first in the memory.
 */
export function nearestMemories(
  near: NearMemory,
  type: ValueType,
  memory: Float64Array,
  values: readonly Float64Array[],
  sizes: Sizes,
): readonly NearestRow[] {
  const { rows, vectors } = laidOut(near, type, memory, values, sizes)
  return nearestRows(rows, vectors)
}

/** Rows, and values in the order of their elements. */
function laidOut({ axes, axis, own }: NearMemory, type: ValueType, memory: Float64Array, values: readonly Float64Array[], sizes: Sizes) {
  const places = offsets(own, sizes, stridesOver(axes, sizes))
  const vectors = values.map((data) => {
    const x = centred(data, type)
    const vector = new Float64Array(x.length)
    for (let i = 0; i < x.length; i += 1) vector[places[i] as number] = x[i] as number
    return vector
  })
  return { rows: { data: centred(memory, type), count: must(sizes[axis], axis), size: places.length }, vectors }
}

/** Two values as -1 and 1, others as they are. */
function centred(data: Float64Array, type: ValueType): Float64Array {
  const levels = levelsOf(type)
  if (levels?.kind !== 'values') return data
  const [low, high] = levels.values
  return low === -1 && high === 1 ? data : data.map((v) => (2 * v - low - high) / (high - low))
}
