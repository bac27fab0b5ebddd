import { describe, expect, it } from 'vitest'
import { findCapacity, type LoadTest, measureLoad } from '../../src/memory/capacity.ts'

const CUES = 4000

/** A memory of which a share of the cues is recalled that falls in the logarithm of the load, from 1 at `from` to 0 at `from * range`. */
function falling(from: number, range: number): LoadTest {
  const share = (count: number): number => Math.max(0, Math.min(1, 1 - Math.log(count / from) / Math.log(range)))
  return {
    patterns: (_key, count) => Array.from({ length: CUES }, () => Float64Array.of(count)),
    recall: (patterns, cues) => {
      const recalled = Math.round(share(patterns[0]?.[0] as number) * cues.length)
      return cues.map((_, k) => Float64Array.of(k < recalled ? 1 : -1))
    },
  }
}

describe('the capacity', () => {
  const options = { seed: 1, memories: 1, cues: CUES, from: 6, to: 100_000 }

  it.each([
    [0.5, 3 * Math.sqrt(500)],
    [0.25, 3 * 500 ** 0.75],
    [0.8, 3 * 500 ** 0.2],
  ])('at a share of %d lies between the loads tried, interpolated in their logarithm', (share, root) => {
    // Coarse brackets: what is left to interpolate is a factor of up to 2.
    const { count = Number.NaN, points } = findCapacity(falling(3, 500), { ...options, share, ratio: 2 })
    // Shares are known to 1/8000, and the slope is 1 / log 500.
    expect(Math.abs(Math.log(count / root))).toBeLessThan(2e-3)
    const tried = points.map((p) => p.count)
    expect(Math.min(...tried.map((c) => Math.abs(Math.log(c / root))))).toBeGreaterThan(0.05)
  })

  it('is bracketed as closely as was asked', () => {
    const { points } = findCapacity(falling(3, 500), { ...options, ratio: 1.05 })
    const above = Math.min(...points.filter((p) => p.success < 0.5).map((p) => p.count))
    const below = Math.max(...points.filter((p) => p.success >= 0.5).map((p) => p.count))
    expect(above / below).toBeLessThanOrEqual(Math.max(1.05, (below + 1) / below))
    expect(below).toBeLessThanOrEqual(3 * Math.sqrt(500))
    expect(above).toBeGreaterThan(3 * Math.sqrt(500))
  })

  it('is not there where nothing or everything is recalled', () => {
    expect(findCapacity(falling(1, 4), options).count).toBeUndefined()
    expect(findCapacity(falling(1e6, 4), options)).toMatchObject({ count: undefined })
    expect(findCapacity(falling(1e6, 4), options).points.at(-1)?.count).toBe(100_000)
  })

  it('counts as recalled what overlaps by more than a half, or what is asked for', () => {
    const half: LoadTest = { patterns: () => [Float64Array.of(1, 1, 1, 1)], recall: () => [Float64Array.of(1, 1, 1, -1)] }
    expect(measureLoad(half, 1, { ...options, cues: 1 })).toMatchObject({ overlap: 0.5, errors: 0.25, success: 0, tried: 1 })
    const asked = { ...half, success: ({ errors }: { errors: number }) => errors <= 0.25 }
    expect(measureLoad(asked, 1, { ...options, cues: 1 }).success).toBe(1)
  })
})
