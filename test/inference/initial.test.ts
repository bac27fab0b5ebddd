import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { initialPoint } from '../../src/inference/chains/initial.ts'
import type { LogDensity } from '../../src/inference/density/density.ts'

const stream = () => new Stream(keyFromSeed(8))

function density(value: (q: Float64Array) => number, gradient = (_: Float64Array) => 0, terms?: LogDensity['terms']): LogDensity {
  const evaluate = (q: Float64Array, g: Float64Array) => {
    g.fill(gradient(q))
    return value(q)
  }
  return terms === undefined ? { dimension: 2, evaluate } : { dimension: 2, evaluate, terms }
}

describe('starting points', () => {
  it('are inside (-2, 2), and fill it', () => {
    const s = stream()
    const seen = Array.from({ length: 500 }, () =>
      initialPoint(
        density(() => 0),
        s,
      ),
    ).flatMap((i) => (i.kind === 'found' ? [...i.q] : []))
    expect(seen.length).toBe(1000)
    expect(Math.max(...seen.map(Math.abs))).toBeLessThan(2)
    // All 1000 below 1.9 or all above -1.9: 2 * 0.975^1000 = 2e-11.
    expect(Math.max(...seen)).toBeGreaterThan(1.9)
    expect(Math.min(...seen)).toBeLessThan(-1.9)
  })

  it('are tried until the density and its gradient are finite', () => {
    const half = density(
      (q) => ((q[0] as number) > 0 ? 0 : Number.NaN),
      (q) => ((q[1] as number) > 0 ? 1 : Number.POSITIVE_INFINITY),
    )
    const found = initialPoint(half, stream())
    expect(found.kind === 'found' && [...found.q].every((x) => x > 0)).toBe(true)
  })

  it('name the term that is broken', () => {
    const broken = density(
      () => Number.NaN,
      () => 0,
      () => [
        { name: 'prior', value: 1 },
        { name: 'y', value: Number.POSITIVE_INFINITY },
      ],
    )
    expect(initialPoint(broken, stream())).toEqual({
      kind: 'failed',
      sentence: 'At each of 100 random starting points the energy is not finite: the term "y" is Infinity at the last one.',
      term: 'y',
      value: Number.POSITIVE_INFINITY,
    })
  })

  it('say so when only the gradient is broken', () => {
    const broken = density(
      () => 1,
      () => Number.NaN,
    )
    expect(initialPoint(broken, stream())).toMatchObject({ kind: 'failed', sentence: expect.stringContaining('coordinate 1 is NaN') })
  })

  it('are taken as given, once', () => {
    let tries = 0
    const counted = density(() => {
      tries += 1
      return Number.NaN
    })
    expect(initialPoint(counted, stream(), { at: Float64Array.of(3, 4) }).kind).toBe('failed')
    expect(tries).toBe(1)
    expect(
      initialPoint(
        density(() => 0),
        stream(),
        { at: Float64Array.of(3, 4) },
      ),
    ).toEqual({ kind: 'found', q: Float64Array.of(3, 4) })
  })
})
