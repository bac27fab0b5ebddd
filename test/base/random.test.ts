import { describe, expect, it } from 'vitest'
import { fold, keyFromSeed, Stream, threefry } from '../../src/base/random.ts'
import { logGammaQ } from '../../src/base/special/log-incomplete-gamma.ts'
import { normalQuantile } from '../../src/base/special/normal-quantile.ts'
import { expectCounts } from './counts.ts'

describe('the cipher', () => {
  // The known answers of Random123 (kat_vectors, threefry2x32 with 20 rounds): counter, key, result.
  it.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x243f6a88, 0x85a308d3],
      [0x13198a2e, 0x03707344],
      [0xc4923a9c, 0x483df7a0],
    ],
  ] as const)('of %j under %j', ([x0, x1], [k0, k1], answer) => {
    const out = new Uint32Array(2)
    threefry(k0 | 0, k1 | 0, x0 | 0, x1 | 0, out)
    expect([...out]).toEqual(answer)
  })
})

describe('keys', () => {
  const first = (seed: number): number => new Stream(keyFromSeed(seed)).uniform()

  it('differ for seeds that differ anywhere, above 2^32 too', () => {
    const seeds = [0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 33, 2 ** 40 + 1, Number.MAX_SAFE_INTEGER, 2 ** 53 - 2]
    expect(new Set(seeds.map(first)).size).toBe(seeds.length)
  })
  it('hold the two words of a seed', () => {
    expect(keyFromSeed(5 * 2 ** 32 + 7)).toEqual({ hi: 5, lo: 7 })
  })
  it('differ for names and numbers that differ anywhere, and for the order in which they are folded in', () => {
    const key = keyFromSeed(1)
    const parts = ['', 'a', 'b', 'ab', 'ba', 'aa', '1', 1, 0, 2, 97, 2 ** 32, 2 ** 32 + 1, 2 ** 33]
    const folded = [...parts.map((p) => fold(key, p)), fold(fold(key, 'a'), 'b'), fold(fold(key, 'b'), 'a'), fold(fold(key, 1), 2)]
    expect(new Set(folded.map((k) => `${k.hi} ${k.lo}`)).size).toBe(folded.length)
  })
})

describe('a stream', () => {
  const N = 1_000_000
  const at = (name: string): Stream => new Stream(fold(keyFromSeed(20250301), name))
  /** Edges of 100 equally probable parts, and of the outermost hundred-thousandths. */
  const levels = [1e-5, 1e-4, 1e-3, ...Array.from({ length: 99 }, (_, k) => (k + 1) / 100), 1 - 1e-3, 1 - 1e-4, 1 - 1e-5]

  it('of uniform numbers is uniform, between 0 and 1', () => {
    const stream = at('uniform')
    expectCounts(() => stream.uniform(), levels, levels, N)
  })
  it('of normal numbers is normal, and neighbours do not depend on each other', () => {
    const stream = at('normal')
    expectCounts(() => stream.normal(), levels.map(normalQuantile), levels, N)
    let [products, squares] = [0, 0]
    let before = stream.normal()
    for (let i = 0; i < N; i += 1) {
      const z = stream.normal()
      products += z * before
      squares += (z * z - 1) * (before * before - 1)
      before = z
    }
    // Sums of a million terms of variance 1 and 4: 5.4 standard deviations are passed once in 1e7 times.
    expect(Math.abs(products)).toBeLessThan(5.4 * Math.sqrt(N))
    expect(Math.abs(squares)).toBeLessThan(5.4 * Math.sqrt(4 * N))
  })
  it('of exponential numbers is exponential', () => {
    const stream = at('exponential')
    expectCounts(
      () => stream.exponential(),
      levels.map((p) => -Math.log1p(-p)),
      levels,
      N,
    )
  })
  it.each([2, 3, 7, 100])('of whole numbers below %d has each as often', (n) => {
    const stream = at(`integer ${n}`)
    const inner = Array.from({ length: n - 1 }, (_, k) => k + 1)
    expectCounts(
      () => stream.integer(n),
      inner.map((k) => k - 0.5),
      inner.map((k) => k / n),
      N / 4,
    )
  })
  it('goes on where it was, with a normal number left over or none', () => {
    for (const taken of [0, 1, 2, 3]) {
      const [one, other] = [at('state'), at('state')]
      for (let i = 0; i < taken; i += 1) one.normal()
      other.restore(one.state())
      expect([other.normal(), other.uniform(), other.normal()]).toEqual([one.normal(), one.uniform(), one.normal()])
    }
  })
  it('does not come round at 2^32 numbers', () => {
    const [early, late] = [at('long'), at('long')]
    late.restore({ counter: 2 ** 32 - 1 })
    const over = [late.uniform(), late.uniform(), late.uniform()]
    const start = [early.uniform(), early.uniform()]
    expect(over[1]).not.toBe(start[0])
    expect(over[2]).not.toBe(start[1])
    expect(late.state()).toEqual({ counter: 2 ** 32 + 2 })
  })
})

it('the test of counts sees one draw in two hundred go astray, and no more than its false alarms otherwise', () => {
  const stream = new Stream(keyFromSeed(9))
  const levels = [0.1, 0.2, 0.5, 0.9]
  expectCounts(() => stream.uniform(), levels, levels, 200_000)
  const astray = (): number => (stream.uniform() < 0.005 ? 0.05 : stream.uniform())
  expect(() => expectCounts(astray, levels, levels, 200_000)).toThrow()
  expect(Math.exp(logGammaQ(0.5, 3.841 / 2))).toBeCloseTo(0.05, 4)
})
