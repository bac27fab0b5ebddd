import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { pow } from '../../../src/base/special/pow.ts'
import { ROOT_TAILS, ROOTS } from '../../../src/base/special/roots.ts'

/** Rows of x, y, the double nearest to x^y, and what it lacks of x^y in units of its last place. */
const table = JSON.parse(readFileSync(new URL('./reference-powers.json', import.meta.url), 'utf8')) as [number, number, number, number][]
const smallestNormal = 2.2250738585072014e-308

/** The unit in the last place, of numbers that are not the largest of all. */
function unit(x: number): number {
  const bits = new BigInt64Array(new Float64Array([x]).buffer)
  bits[0] = (bits[0] as bigint) + 1n
  return (new Float64Array(bits.buffer)[0] as number) - x
}

describe('powers', () => {
  test('are within 0.51 units in the last place of mpmath, and 0.76 where the result is subnormal', () => {
    expect(table.length).toBeGreaterThan(700)
    expect(table.filter(([, , nearest]) => nearest < smallestNormal).length).toBeGreaterThan(20)
    for (const [x, y, nearest, lacking] of table) {
      const off = Math.abs((pow(x, y) - nearest) / unit(nearest) - lacking)
      expect(off, `${x} ^ ${y} = ${pow(x, y)}, nearest ${nearest}`).toBeLessThan(nearest < smallestNormal ? 0.76 : 0.51)
    }
  })

  test('of whole numbers are exact where a double holds them', () => {
    let checked = 0
    for (let x = 2n; x <= 100n; x += 1n) {
      for (let y = 1n; y < 60n; y += 1n) {
        const exact = x ** y
        if (BigInt(Number(exact)) !== exact) continue
        checked += 1
        expect(pow(Number(x), Number(y)), `${x} ^ ${y}`).toBe(Number(exact))
        expect(pow(-Number(x), Number(y)), `(-${x}) ^ ${y}`).toBe(Number(y % 2n === 0n ? exact : -exact))
      }
    }
    expect(checked).toBeGreaterThan(1000)
  })

  test('of two are exact at every exponent there is', () => {
    let wanted = 1
    for (let k = 0; k <= 1023; k += 1) {
      expect(pow(2, k)).toBe(wanted)
      expect(pow(0.5, -k)).toBe(wanted)
      wanted *= 2
    }
    wanted = 1
    for (let k = 0; k <= 1074; k += 1) {
      expect(pow(2, -k)).toBe(wanted)
      wanted /= 2
    }
    expect([pow(2, 1024), pow(2, -1075), pow(2, 1.5e4), pow(2, -1.5e4)]).toEqual([Infinity, 0, Infinity, 0])
  })

  test('have the values of Math.pow at the edges', () => {
    const edges = [
      0,
      1,
      2,
      3,
      0.5,
      2.5,
      Infinity,
      1e300,
      1e-300,
      5e-324,
      2 ** 53,
      2 ** 53 - 1,
      1e21,
      1 - 2 ** -53,
      1 + 2 ** -52,
      Number.NaN,
    ]
    for (const x of edges.flatMap((e) => [e, -e])) {
      for (const y of edges.flatMap((e) => [e, -e])) {
        const [got, wanted] = [pow(x, y), x ** y]
        // Engines agree on all but the last places of what is finite; some are off by hundreds of units.
        if (Number.isFinite(wanted) && wanted !== 0) expect(Math.abs(got / wanted - 1), `${x} ^ ${y}`).toBeLessThan(1e-12)
        else expect(got, `${x} ^ ${y}`).toBe(wanted)
      }
    }
  })
})

test('the table of roots has twice the digits of a double', () => {
  // (root + tail)^512 = 2^j, to 512 times 2^-100 or so: in whole numbers of 2^-200.
  const fixed = (x: number): bigint => BigInt(x * 2 ** 52) << 148n
  const whole = (j: number): bigint =>
    fixed(ROOTS[j] as number) + ((BigInt(Math.round((ROOT_TAILS[j] as number) * 2 ** 160)) << 200n) >> 160n)
  for (const j of [0, 1, 2, 77, 255, 256, 257, 510, 511]) {
    let power = whole(j)
    for (let k = 0; k < 9; k += 1) power = (power * power) >> 200n
    const wanted = 1n << BigInt(200 + j)
    const off = Number(power - wanted) / Number(wanted)
    expect(Math.abs(off), `j = ${j}`).toBeLessThan(512 * 2 ** -98)
  }
})
