/** A NumPy array (version 1.0 of the format) with these bytes as its elements. */
export function npy(descr, shape, bytes) {
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64
  const header = dictionary.padEnd(length - 11, ' ').concat('\n')
  return Buffer.concat([
    Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 0xff, header.length >> 8]),
    Buffer.from(header, 'latin1'),
    bytes,
  ])
}

export const uint8Npy = (shape, bytes) => npy('|u1', shape, bytes)
