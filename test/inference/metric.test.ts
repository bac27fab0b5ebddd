import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { metric } from '../../src/inference/adaptation/metric.ts'
import { covariances, variances } from '../../src/inference/adaptation/welford.ts'
import { gate } from './targets.ts'

const inverse = Float64Array.of(4, 1.5, -0.5, 1.5, 2, 0.3, -0.5, 0.3, 0.25)

const diagonal = Float64Array.of(4, 2, 0.25)

describe('momenta', () => {
  it.each(['unit', 'diagonal', 'low-rank', 'dense'] as const)('have the metric as covariance: E p (M^-1 p)^T = I (%s)', (kind) => {
    const m = metric(kind, 3)
    m.update(
      { unit: diagonal, diagonal, 'low-rank': Float64Array.of(...diagonal, 5, 0.6, 0, 0.8, 0.3, -0.8, 0, 0.6), dense: inverse }[kind],
    )
    const stream = new Stream(keyFromSeed(17))
    const p = new Float64Array(3)
    const v = new Float64Array(3)
    const n = 20_000
    const sums = Array.from({ length: 9 }, () => ({ first: 0, second: 0 }))
    for (let k = 0; k < n; k += 1) {
      m.draw(p, stream)
      m.velocity(p, v)
      sums.forEach((s, ij) => {
        const x = (p[Math.floor(ij / 3)] as number) * (v[ij % 3] as number)
        s.first += x
        s.second += x * x
      })
    }
    sums.forEach(({ first, second }, ij) => {
      const error = Math.sqrt((second / n - (first / n) ** 2) / n)
      expect(Math.abs(first / n - (ij % 4 === 0 ? 1 : 0))).toBeLessThan(gate * error)
    })
  })
})

describe("Welford's estimates", () => {
  const stream = new Stream(keyFromSeed(2))
  const rows = Array.from({ length: 40 }, () => Float64Array.of(1e6 + stream.normal(), stream.uniform()))
  const centred = (i: number) => {
    const m = rows.reduce((s, r) => s + (r[i] as number), 0) / rows.length
    return rows.map((r) => (r[i] as number) - m)
  }
  const covariance = (i: number, j: number) => centred(i).reduce((s, x, k) => s + x * (centred(j)[k] as number), 0) / (rows.length - 1)
  const shrunk = (i: number, j: number) => (40 / 45) * covariance(i, j) + (i === j ? (1e-3 * 5) / 45 : 0)

  it('are the sample variances, shrunk as Stan does', () => {
    const e = variances(2)
    // A restart forgets what was there.
    e.add(Float64Array.of(5, 5))
    e.restart()
    for (const row of rows) e.add(row)
    // Offsets of 1e6 cost six of sixteen digits.
    expect(e.estimate()[0]).toBeCloseTo(shrunk(0, 0), 8)
    expect(e.estimate()[1]).toBeCloseTo(shrunk(1, 1), 12)
  })

  it('are the sample covariances, shrunk as Stan does', () => {
    const e = covariances(2)
    for (const row of rows) e.add(row)
    const s = e.estimate()
    ;[shrunk(0, 0), shrunk(0, 1), shrunk(1, 0), shrunk(1, 1)].forEach((x, k) => {
      expect(s[k]).toBeCloseTo(x, 8)
    })
  })
})
