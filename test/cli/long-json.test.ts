import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLongJson } from '../../src/cli/files/long-json.ts'

/** A text in pieces of so many bytes. */
function* inPieces(text: string, size: number): Generator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const parsed = (text: string, size = 7): unknown => parseLongJson(inPieces(text, size))

/** Long lists as lists again, with the words that JSON has for what is no number in it. */
function plain(value: unknown): unknown {
  if (value instanceof Float64Array) return [...value]
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, plain(v)]))
}

describe('JSON read in pieces', () => {
  it('is what JSON.parse makes of it, wherever pieces end', () => {
    const long = fc.array(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
      { minLength: 250, maxLength: 300 },
    )
    const some = fc.oneof({ weight: 4, arbitrary: fc.jsonValue({ maxDepth: 3 }) }, { weight: 1, arbitrary: long })
    const spaced = fc.constantFrom(undefined, 1)
    fc.assert(
      fc.property(fc.array(some, { maxLength: 5 }), fc.integer({ min: 1, max: 40 }), spaced, (value, size, indent) => {
        const text = JSON.stringify(value, null, indent)
        expect(plain(parsed(text, size))).toEqual(JSON.parse(text))
      }),
      { seed: 4, numRuns: 150 },
    )
  })

  it('has long lists of numbers as arrays, to the last bit, words for what JSON has no number for included', () => {
    const numbers = Array.from({ length: 1000 }, (_, i) => Math.sin(i) * 10 ** ((i % 600) - 300))
    const words = ['"NaN"', '"Infinity"', '"-Infinity"', '"-0"']
    for (const size of [1, 3, 1000, 1 << 20]) {
      const value = parsed(`{"values":[${[...numbers, ...words].join()}],"short":[1,2]}`, size) as Record<string, unknown>
      expect(value.values).toEqual(Float64Array.of(...numbers, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0))
      expect(value.short).toEqual([1, 2])
    }
  })

  it('keeps texts that look like lists, and lists that begin like numbers', () => {
    const numbers = Array.from({ length: 300 }, (_, i) => i)
    for (const value of [
      { 'a[1,2': '\\"[3]' },
      [...numbers, 'x'],
      [...numbers, { a: [1] }],
      ['NaN', 'x'],
      [[], [1, [2]]],
      [...numbers, null],
    ]) {
      const text = JSON.stringify(value)
      expect(parsed(text, 5), text).toEqual(value)
    }
  })

  it.each(['[1,2', '[1,,2]', '[1,]', `[${'1,'.repeat(300)}]`, '[01]', '{"a":[1,2]', '[1 2]', '["NaN" 1]', ''])('refuses %s', (text) => {
    expect(() => parsed(text)).toThrow(SyntaxError)
  })
})
