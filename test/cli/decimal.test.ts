import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { decimalIn } from '../../src/cli/files/decimal.ts'

const read = (text: string): number | undefined => decimalIn(Buffer.from(text), 0, text.length)

describe('a decimal is read from bytes', () => {
  it('as JavaScript reads it, to the last bit, with as many digits as a double is written with', () => {
    const stream = new Stream(keyFromSeed(8))
    let left = 0
    for (let i = 0; i < 20_000; i += 1) {
      const x = stream.normal() * 10 ** (stream.integer(12) - 6)
      const text = [String(x), x.toExponential(16 + stream.integer(4)), x.toFixed(stream.integer(20))][i % 3] as string
      const found = read(text)
      if (found === undefined) left += 1
      else expect(Object.is(found, Number(text)), text).toBe(true)
    }
    // Digits alone may be names, and more than 30 of them, or a scale past 10^22, take the long way.
    expect(left).toBeLessThan(1700)
  })

  it('and left to the long way where two doubles are equally near, or nearly so', () => {
    for (const text of [
      '9007199254740993.0',
      '9007199254740992.99999999999999',
      '9007199254740993.00000000000001',
      '-4503599627370497.50',
    ]) {
      expect([undefined, Number(text)], text).toContain(read(text))
    }
    expect(read('9007199254740993.0')).toBeUndefined()
    expect(read('9007199254740993.1')).toBe(9007199254740994)
    expect(read('9007199254740992.9')).toBe(9007199254740992)
  })

  it('whether its digits begin with zeros, or are nothing else', () => {
    for (const text of [
      '0.000012345678901234567',
      '-0.00000000000000000000',
      '000000000000000.1234567',
      '1234567890123456.7e5',
      '12345678901234567e3',
    ]) {
      expect(Object.is(read(text), Number(text)), text).toBe(true)
    }
  })
})
