import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { nearestRows } from '../../src/memory/nearest-rows.ts'

describe('the nearest rows of many vectors', () => {
  it('are those of the largest cosine, one vector at a time', () => {
    const stream = new Stream(keyFromSeed(41))
    const [count, size, vectors] = [23, 17, 7]
    const data = Float64Array.from({ length: count * size }, () => stream.normal())
    const cues = Array.from({ length: vectors }, () => Float64Array.from({ length: size }, () => stream.normal()))
    const rows = Array.from({ length: count }, (_, r) => Array.from(data.subarray(r * size, (r + 1) * size)))
    const found = nearestRows({ data, count, size }, cues)
    cues.forEach((cue, k) => {
      const cosines = rows.map(
        (row) => row.reduce((sum, v, i) => sum + v * (cue[i] as number), 0) / (Math.hypot(...row) * Math.hypot(...cue)),
      )
      const best = cosines.indexOf(Math.max(...cosines))
      expect(found[k]?.row).toBe(best)
      // Sums of 17 terms in another order.
      expect(found[k]?.overlap).toBeCloseTo(cosines[best] as number, 13)
    })
  })
  it('are the first of equal ones, and overlap by 0 where there is nothing', () => {
    const rows = { data: Float64Array.of(0, 0, 3, 0, 6, 0, 0, -1), count: 4, size: 2 }
    const at = (...x: number[]) => nearestRows(rows, [Float64Array.from(x)])[0]
    expect(at(2, 0)).toEqual({ row: 1, overlap: 1 })
    expect(at(0, -5)).toEqual({ row: 3, overlap: 1 })
    expect(at(0, 0)).toEqual({ row: 0, overlap: 0 })
    expect(at(-1, 0)).toEqual({ row: 0, overlap: 0 })
  })
})
