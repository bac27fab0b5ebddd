import type { Stream } from '../../base/random.ts'

/** Steps out and shrinkings before the point stays where it is. */
const MOST = 100

/** A draw that leaves the density exp(log) of one number unchanged (Neal 2003: stepping out, then shrinking). */
export function slice(log: (x: number) => number, x: number, stream: Stream, width = 1): number {
  const level = log(x) - stream.exponential()
  let low = x - width * stream.uniform()
  let high = low + width
  let left = stream.integer(MOST)
  let right = MOST - 1 - left
  for (; left > 0 && log(low) > level; left -= 1) low -= width
  for (; right > 0 && log(high) > level; right -= 1) high += width
  for (let k = 0; k < MOST; k += 1) {
    const y = low + stream.uniform() * (high - low)
    if (log(y) > level) return y
    if (y < x) low = y
    else high = y
  }
  return x
}
