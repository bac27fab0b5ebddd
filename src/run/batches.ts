import { fold, type Key, Stream } from '../base/random.ts'
import type { Batch, Bound } from '../bind/bound.ts'
import type { EnergyVariable } from '../middle/energy.ts'
import { row } from './start.ts'

/** The patterns of each step, one after the other in buffers. */
export interface Batches {
  /** All patterns, and those of one step. */
  readonly count: number
  readonly size: number
  /** Whether every step has the same. */
  readonly whole: boolean
  /** Writes those of a step. */
  fill(step: number): void
}

/**
 * In a new order each time that all were seen; a batch may begin in one order and end in the next. Which patterns a step has follows
 * from the key and the number of the step, so that a run that goes on has the same.
 */
export function openBatches(
  { observed, count }: Pick<Bound, 'observed' | 'count'>,
  given: readonly EnergyVariable[],
  buffers: ReadonlyMap<string, Float64Array>,
  { key, size }: { readonly key: Key; readonly size: number },
): Batches {
  const sources = given.flatMap(({ name }) => {
    const [batch, buffer] = [observed[name], buffers.get(name)]
    return batch === undefined || buffer === undefined ? [] : [{ batch, buffer, length: buffer.length / size }]
  })
  const order = Int32Array.from({ length: count }, (_, i) => i)
  const whole = size === count
  let epoch = -1
  const patternAt = (place: number): number => {
    const wanted = Math.floor(place / count)
    if (wanted !== epoch) {
      shuffle(order, fold(key, wanted))
      epoch = wanted
    }
    return order[place - wanted * count] as number
  }
  const write = (at: number, pattern: number): void => {
    for (const { batch, buffer, length } of sources) copy(batch, pattern, buffer, at * length)
  }
  if (whole) for (let i = 0; i < count; i += 1) write(i, i)
  return {
    ...{ count, size, whole },
    fill(step) {
      if (whole) return
      for (let i = 0; i < size; i += 1) write(i, patternAt(step * size + i))
    },
  }
}

function copy(batch: Batch, pattern: number, into: Float64Array, at: number): void {
  into.set(row(batch, pattern), at)
}

/** Fisher and Yates. */
function shuffle(order: Int32Array, key: Key): void {
  const stream = new Stream(key)
  for (let i = 0; i < order.length; i += 1) order[i] = i
  for (let i = order.length - 1; i > 0; i -= 1) {
    const k = stream.integer(i + 1)
    const held = order[i] as number
    order[i] = order[k] as number
    order[k] = held
  }
}
