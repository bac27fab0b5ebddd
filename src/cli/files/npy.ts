import { type Checked, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { volume } from '../../base/tensor.ts'
import type { GivenValue } from '../../bind/given.ts'
import { columnValue } from './cells.ts'
import { numbersIn, textsIn, typeOf } from './npy-elements.ts'

/**
 * A NumPy array; Fortran order is turned into row-major. Numbers that are float64 already are not copied: they stay where
 * the bytes are.
 */
export function readNpy(bytes: Uint8Array, file: string): Checked<GivenValue> {
  const read = arrayIn(bytes)
  if (typeof read !== 'string') return made(read)
  return unmade([
    diagnostic('AMP707', `${file} is not a NumPy array that can be read: ${read}.`, {
      place: file,
      expected: 'a .npy file of numbers, as numpy.save writes it',
    }),
  ])
}

/** Version 1.0 of the format (NEP 1), little-endian float64, row-major. */
export function writeNpy(shape: readonly number[], data: Float64Array): Uint8Array {
  const dictionary = `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape.map((n) => `${n},`).join(' ')}), }`
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64
  const header = dictionary.padEnd(length - 11, ' ').concat('\n')
  const bytes = new Uint8Array(length + data.byteLength)
  bytes.set([...MAGIC, 1, 0, header.length & 0xff, header.length >> 8])
  bytes.set(new TextEncoder().encode(header), 10)
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), length)
  return bytes
}

/** `\x93NUMPY`. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const

interface Header {
  /** The type of the elements as NumPy writes it: `<f8`. */
  readonly descr: string
  readonly shape: readonly number[]
  readonly fortran: boolean
  /** Where the elements begin. */
  readonly from: number
}

/** The array, or why there is none. */
function arrayIn(bytes: Uint8Array): GivenValue | string {
  const header = headerOf(bytes)
  if (typeof header === 'string') return header
  const { descr, shape, fortran, from } = header
  const type = typeOf(descr)
  if (type === undefined) return `its elements have the type ${descr}, and only numbers and texts can be read`
  const count = Math.floor((bytes.length - from) / Math.max(1, type.size))
  const written = `its shape is (${shape.join(', ')})`
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) return `${written}, which is none`
  if (volume(shape) !== count || count * type.size !== bytes.length - from) return `${written}, but it holds ${count} numbers`
  const ordered = <T extends Float64Array | string[]>(flat: T): T => (fortran && shape.length > 1 ? rowMajor(flat, shape) : flat)
  if (type.kind === 'texts') return { ...columnValue(ordered(textsIn(bytes, from, count, type))), shape }
  return { kind: 'numbers', shape, data: ordered(numbersIn(bytes, from, count, type)) }
}

function headerOf(bytes: Uint8Array): Header | string {
  if (bytes.length < 10 || MAGIC.some((byte, i) => bytes[i] !== byte)) return 'it does not begin as one does'
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const wide = view.getUint8(6) > 1
  const begin = wide ? 12 : 10
  if (bytes.length < begin) return 'its header is cut off'
  const from = begin + (wide ? view.getUint32(8, true) : view.getUint16(8, true))
  if (from > bytes.length) return 'its header is cut off'
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + begin, from - begin).toString('latin1')
  const descr = /'descr'\s*:\s*'([^']+)'/.exec(text)?.[1]
  const sizes = /'shape'\s*:\s*\(([^)]*)\)/.exec(text)?.[1]
  if (descr === undefined || sizes === undefined) return 'its header does not say what type and shape it has'
  const shape = sizes.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]))
  return { descr, shape, fortran: /'fortran_order'\s*:\s*True/.test(text), from }
}

/** From the order in which the first axis runs fastest to that in which the last does. */
function rowMajor<T extends Float64Array | string[]>(flat: T, shape: readonly number[]): T {
  const out = flat.slice() as T
  const [width, stride] = [shape.at(-1) ?? 1, volume(shape.slice(0, -1))]
  const strides = shape.map((_, axis) => volume(shape.slice(0, axis)))
  const index = shape.slice(0, -1).fill(0)
  let from = 0
  for (let to = 0; to < out.length; ) {
    for (let k = 0; k < width; k += 1) out[to + k] = flat[from + k * stride] as T[number]
    to += width
    for (let axis = index.length - 1; axis >= 0; axis -= 1) {
      from += strides[axis] as number
      index[axis] = (index[axis] as number) + 1
      if ((index[axis] as number) < (shape[axis] as number)) break
      from -= (strides[axis] as number) * (index[axis] as number)
      index[axis] = 0
    }
  }
  return out
}

/** How the rows of an array lie in its file, whose first bytes these are; undefined where it is no array of numbers in row order. */
export function rowsOf(head: Uint8Array, length: number) {
  const header = headerOf(head)
  if (typeof header === 'string' || header.fortran) return undefined
  const type = typeOf(header.descr)
  const [count, ...shape] = header.shape
  if (type?.kind !== 'numbers' || count === undefined) return undefined
  const bytes = volume(shape) * type.size
  return header.from + count * bytes === length ? { from: header.from, count, bytes, shape, type } : undefined
}

/** The numbers of some bytes of an array. */
export function numbersOf(bytes: Uint8Array, count: number, type: NonNullable<ReturnType<typeof rowsOf>>['type']): Float64Array {
  return numbersIn(bytes, 0, count, type)
}
