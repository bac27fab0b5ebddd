import type { VectorRows } from './low-rank.ts'

/** The last vectors, as many as there is room for. */
export interface RecentRows {
  add(x: Float64Array): void
  /** The last `most` of them, the oldest first. */
  last(most: number): VectorRows
  state(): readonly number[]
  resume(state: readonly number[]): void
}

export function recentRows(dimension: number, room: number): RecentRows {
  const numbers = new Float64Array(dimension * room)
  let added = 0
  const last = (most: number): VectorRows => {
    const count = Math.min(added, room, most)
    const out = new Float64Array(count * dimension)
    for (let k = 0; k < count; k += 1) {
      const place = (added - count + k) % room
      out.set(numbers.subarray(place * dimension, (place + 1) * dimension), k * dimension)
    }
    return { numbers: out, count }
  }
  return {
    add(x) {
      numbers.set(x, (added % room) * dimension)
      added += 1
    },
    last,
    state: () => [...last(room).numbers],
    resume(state) {
      numbers.set(state)
      added = dimension === 0 ? 0 : state.length / dimension
    },
  }
}
