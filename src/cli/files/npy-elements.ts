import { pow } from '../../base/special/pow.ts'

/** What the elements of a NumPy array are. */
export interface ElementType {
  readonly kind: 'numbers' | 'texts'
  /** Bytes an element. */
  readonly size: number
  readonly code: NpyCode | undefined
  /** Whether the bytes of an element have the order of this machine. */
  readonly native: boolean
}

type NpyCode = keyof typeof readers

/** The type that NumPy writes so (`<f8`, `>i4`, `|b1`, `<U5`); undefined where it is neither numbers nor texts. */
export function typeOf(descr: string): ElementType | undefined {
  const [, order, code = '', texts] = /^([<>=|]?)([bifu]\d|U(\d+))$/.exec(descr) ?? []
  const native = order !== '<' && order !== '>' ? true : order === hostOrder
  if (texts !== undefined) return { kind: 'texts', size: 4 * Number(texts), code: undefined, native }
  return Object.hasOwn(readers, code) ? { kind: 'numbers', size: Number(code.slice(1)), code: code as NpyCode, native } : undefined
}

const hostOrder = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? '<' : '>'

/** `count` numbers from a place in the bytes on; a view of them where they are float64. */
export function numbersIn(bytes: Uint8Array, from: number, count: number, type: ElementType): Float64Array {
  const { buffer, at } = placed(bytes, from, type)
  return readers[type.code as NpyCode](buffer, at, count)
}

/** `count` texts of equal length, without the zeros that fill them up. */
export function textsIn(bytes: Uint8Array, from: number, count: number, type: ElementType): string[] {
  const { buffer, at } = placed(bytes, from, { ...type, size: 4 })
  const length = type.size / 4
  const points = new Uint32Array(buffer, at, count * length)
  const letter = (point: number): string => (point === 0 ? '' : point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point))
  return Array.from({ length: count }, (_, i) => Array.from(points.subarray(i * length, (i + 1) * length), letter).join(''))
}

/** Where typed arrays can read the elements: in place, or in a copy that is aligned and has the order of this machine. */
function placed(bytes: Uint8Array, from: number, { size, native }: ElementType): { readonly buffer: ArrayBufferLike; readonly at: number } {
  const at = bytes.byteOffset + from
  if (native && at % size === 0) return { buffer: bytes.buffer, at }
  const own = new Uint8Array(bytes.buffer, at, bytes.length - from).slice()
  if (!native) swaps[size]?.(Buffer.from(own.buffer))
  return { buffer: own.buffer, at: 0 }
}

/** By the size of elements, how the order of their bytes is turned round in place. */
const swaps: Readonly<Record<number, (bytes: Buffer) => void>> = {
  2: (bytes) => bytes.swap16(),
  4: (bytes) => bytes.swap32(),
  8: (bytes) => bytes.swap64(),
}

/** By the letter and the bytes of a type, the numbers in a buffer. */
const readers = {
  b1: (buffer, at, count) => new Float64Array(new Uint8Array(buffer, at, count).map((v) => (v === 0 ? 0 : 1))),
  i1: (buffer, at, count) => new Float64Array(new Int8Array(buffer, at, count)),
  u1: (buffer, at, count) => new Float64Array(new Uint8Array(buffer, at, count)),
  i2: (buffer, at, count) => new Float64Array(new Int16Array(buffer, at, count)),
  u2: (buffer, at, count) => new Float64Array(new Uint16Array(buffer, at, count)),
  i4: (buffer, at, count) => new Float64Array(new Int32Array(buffer, at, count)),
  u4: (buffer, at, count) => new Float64Array(new Uint32Array(buffer, at, count)),
  i8: (buffer, at, count) => joined(new Uint32Array(buffer, at, 2 * count), new Int32Array(buffer, at, 2 * count)),
  u8: (buffer, at, count) => joined(new Uint32Array(buffer, at, 2 * count), new Uint32Array(buffer, at, 2 * count)),
  f2: (buffer, at, count) => halves(new Uint16Array(buffer, at, count)),
  f4: (buffer, at, count) => new Float64Array(new Float32Array(buffer, at, count)),
  f8: (buffer, at, count) => new Float64Array(buffer, at, count),
} satisfies Record<string, (buffer: ArrayBufferLike, at: number, count: number) => Float64Array>

/** Whole numbers of 64 bits from their halves, rounded once, as a number from a BigInt is. */
function joined(low: Uint32Array, high: Uint32Array | Int32Array): Float64Array {
  const out = new Float64Array(low.length / 2)
  const [first, second] = hostOrder === '<' ? [0, 1] : [1, 0]
  for (let i = 0; i < out.length; i += 1) out[i] = (high[2 * i + second] as number) * 0x1_0000_0000 + (low[2 * i + first] as number)
  return out
}

/** Half precision (IEEE 754 binary16): a sign, five bits of exponent and ten of the fraction. */
function halves(bits: Uint16Array): Float64Array {
  const out = new Float64Array(bits.length)
  for (let i = 0; i < out.length; i += 1) {
    const word = bits[i] as number
    const [exponent, fraction] = [(word >> 10) & 31, word & 1023]
    const size =
      exponent === 31 ? (fraction === 0 ? Infinity : NaN) : (scales[exponent] as number) * (exponent === 0 ? fraction : 1024 + fraction)
    out[i] = word >> 15 === 1 ? -size : size
  }
  return out
}

/** What the last bit of a fraction is worth, by the exponent; the smallest numbers share one. */
const scales = Array.from({ length: 31 }, (_, exponent) => pow(2, Math.max(1, exponent) - 25))
