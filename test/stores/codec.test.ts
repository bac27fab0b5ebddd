import { expect, it } from 'vitest'
import { decoded, encoded } from '../../src/memory/store/codec.ts'

const value = { a: [1, 'two', null], xi: Float64Array.from([0.1, Number.NaN, -0]), nested: { empty: new Float64Array(0) } }

it('gives back what was encoded, to the bit', () => {
  expect(decoded(encoded(value))).toEqual(value)
})

it('copies as many bytes as a buffer says, not all of the memory that it lies in', () => {
  const bytes = encoded(value)
  // As LMDB hands bytes out: one large buffer that is read into again and again, with the length of what was read.
  const shared = new Uint8Array(1 << 20)
  shared.set(bytes)
  Object.defineProperty(shared, 'length', { value: bytes.length })
  const again = decoded(shared) as typeof value
  expect(again).toEqual(value)
  expect(again.xi.buffer.byteLength).toBe(bytes.length)
})
