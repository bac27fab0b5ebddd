import { parse } from 'npyjs'
import { type Checked, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { volume } from '../../base/tensor.ts'
import type { GivenValue } from '../../bind/given.ts'

/** A NumPy array; Fortran order is turned into row-major. */
export function readNpy(bytes: Uint8Array, file: string): Checked<GivenValue> {
  try {
    const { data, shape, fortranOrder } = parse(new Uint8Array(bytes).buffer)
    const flat = Float64Array.from(data as unknown as ArrayLike<number | bigint>, Number)
    const whole = shape.every((size) => Number.isSafeInteger(size) && size >= 0)
    if (!whole || volume(shape) !== flat.length) throw new Error(`its shape is (${shape.join(', ')}), but it holds ${flat.length} numbers`)
    return made({ kind: 'numbers', shape, data: fortranOrder ? rowMajor(flat, shape) : flat })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return unmade([
      diagnostic('AMP707', `${file} is not a NumPy array that can be read: ${why}.`, {
        place: file,
        expected: 'a .npy file of numbers, as numpy.save writes it',
      }),
    ])
  }
}

/** Version 1.0 of the format (NEP 1), little-endian float64, row-major. */
export function writeNpy(shape: readonly number[], data: Float64Array): Uint8Array {
  const dictionary = `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape.map((n) => `${n},`).join(' ')}), }`
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64
  const header = dictionary.padEnd(length - 11, ' ').concat('\n')
  const bytes = new Uint8Array(length + data.byteLength)
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 0xff, header.length >> 8])
  bytes.set(new TextEncoder().encode(header), 10)
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), length)
  return bytes
}

function rowMajor(data: Float64Array, shape: readonly number[]): Float64Array {
  const out = new Float64Array(data.length)
  const index = shape.map(() => 0)
  for (let to = 0; to < data.length; to += 1) {
    let from = 0
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) from = from * (shape[axis] as number) + (index[axis] as number)
    out[to] = data[from] as number
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      index[axis] = (index[axis] as number) + 1
      if ((index[axis] as number) < (shape[axis] as number)) break
      index[axis] = 0
    }
  }
  return out
}
