/** Plain data with arrays of numbers among it, as bytes: the data as JSON, then the numbers as they are. The same everywhere. */
export type Encodable =
  | string
  | number
  | boolean
  | null
  | undefined
  | Float64Array
  | readonly Encodable[]
  | { readonly [key: string]: Encodable }

/** Where the numbers of an array begin and how many there are, in its place in JSON. */
const MARK = '$numbers'

export function encoded(value: unknown): Uint8Array {
  const arrays: Float64Array[] = []
  let length = 0
  const json = JSON.stringify(value, (_, v: unknown) => {
    if (!(v instanceof Float64Array)) return v
    const at = length
    arrays.push(v)
    length += v.length
    return { [MARK]: [at, v.length] }
  })
  const text = new TextEncoder().encode(json)
  const begin = Math.ceil((4 + text.length) / 8) * 8
  const bytes = new Uint8Array(begin + length * 8)
  new DataView(bytes.buffer).setUint32(0, text.length, true)
  bytes.set(text, 4)
  let at = begin
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at)
    at += array.byteLength
  }
  return bytes
}

/** The data again, its arrays as views of a copy of the bytes. Throws where the bytes are something else. */
export function decoded(bytes: Uint8Array): unknown {
  // A copy in any case: numbers must lie at multiples of 8. Of so many bytes as `length` says: LMDB reads into one large buffer, whose
  // own length it sets, and a copy of all of that took most of the time of reading a store.
  const own = new Uint8Array(bytes.length)
  own.set(bytes.subarray(0, bytes.length))
  const length = new DataView(own.buffer).getUint32(0, true)
  const begin = Math.ceil((4 + length) / 8) * 8
  const text = new TextDecoder('utf-8', { fatal: true }).decode(own.subarray(4, 4 + length))
  if (!text.includes(MARK)) return JSON.parse(text)
  return JSON.parse(text, (_, v: unknown) => {
    const place = typeof v === 'object' && v !== null && MARK in v ? v[MARK] : undefined
    if (!Array.isArray(place)) return v
    return new Float64Array(own.buffer, begin + Number(place[0]) * 8, Number(place[1]))
  })
}
