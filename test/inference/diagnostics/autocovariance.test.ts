import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../../src/base/random.ts'
import { betaI } from '../../../src/base/special/incomplete.ts'
import { normalQuantile } from '../../../src/base/special/normal-quantile.ts'
import { autocovariance, fourier } from '../../../src/inference/diagnostics/autocovariance.ts'
import { betaQuantile, chiSquareTail } from '../../../src/inference/diagnostics/quantiles.ts'

const stream = () => new Stream(keyFromSeed(14))

describe('autocovariances', () => {
  it('are sums over pairs at every lag, those by Fourier transform too', () => {
    const s = stream()
    // 300 is no power of two.
    const x = Float64Array.from({ length: 300 }, () => 5 + s.normal())
    const centre = x.reduce((a, b) => a + b) / 300
    const of = autocovariance(x)
    for (const lag of [0, 1, 2, 63, 64, 65, 150, 298, 299]) {
      const sum = Array.from({ length: 300 - lag }, (_, i) => ((x[i] as number) - centre) * ((x[i + lag] as number) - centre))
      // 512 terms of order 1 with rounding errors of 1e-16.
      expect(of(lag)).toBeCloseTo(sum.reduce((a, b) => a + b) / 300, 12)
    }
  })

  it('the Fourier transform is the sum that defines it', () => {
    const s = stream()
    const [re, im] = [0, 1].map(() => Float64Array.from({ length: 8 }, () => s.normal())) as [Float64Array, Float64Array]
    const [a, b] = [re.slice(), im.slice()]
    fourier(re, im)
    for (let k = 0; k < 8; k += 1) {
      let [r, i] = [0, 0]
      for (let n = 0; n < 8; n += 1) {
        const angle = (-2 * Math.PI * k * n) / 8
        r += (a[n] as number) * Math.cos(angle) - (b[n] as number) * Math.sin(angle)
        i += (a[n] as number) * Math.sin(angle) + (b[n] as number) * Math.cos(angle)
      }
      expect(re[k]).toBeCloseTo(r, 13)
      expect(im[k]).toBeCloseTo(i, 13)
    }
  })
})

describe('distribution functions', () => {
  it('normal quantiles have their known values', () => {
    // Published to these digits: 97.5 %, 99.9 %, one in a million, and one in 1e10.
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14)
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 13)
    expect(normalQuantile(1e-6)).toBeCloseTo(-4.753424308822899, 13)
    expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 13)
    expect(normalQuantile(0.5)).toBeCloseTo(0, 15)
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])
  })

  it('the beta cdf has its closed forms, and its quantile inverts it', () => {
    for (const x of [0.01, 0.3, 0.77]) {
      expect(betaI(2.5, 1, x)).toBeCloseTo(x ** 2.5, 14)
      expect(betaI(1, 4, x)).toBeCloseTo(1 - (1 - x) ** 4, 14)
      // The arcsine law.
      expect(betaI(0.5, 0.5, x)).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(x)), 13)
      expect(betaI(40, 700, betaQuantile(x, 40, 700))).toBeCloseTo(x, 12)
    }
  })

  it('the tail of chi-square has its closed forms', () => {
    for (const x of [0.1, 1, 5, 30]) {
      expect(chiSquareTail(x, 2)).toBeCloseTo(Math.exp(-x / 2), 14)
      expect(chiSquareTail(x, 4)).toBeCloseTo(Math.exp(-x / 2) * (1 + x / 2), 14)
    }
  })
})
