// The digits, what is done to them, and how a retrieved one is judged. Plain arrays, a row a digit.
import { readFileSync } from 'node:fs'

/** The stored digits, which NumPy wrote in half precision: `{ count, pixels, data }`, row-major, ink 1 on paper 0. */
export function readDigits(path) {
  const bytes = readFileSync(path)
  const from = 10 + bytes.readUInt16LE(8)
  const [count, pixels] = /'shape': \((\d+), (\d+)\)/
    .exec(bytes.toString('latin1', 10, from))
    .slice(1)
    .map(Number)
  return { count, pixels, data: Float64Array.from({ length: count * pixels }, (_, i) => half(bytes.readUInt16LE(from + 2 * i))) }
}

/** A number of half precision that is not negative. */
function half(bits) {
  const [exponent, fraction] = [bits >> 10, bits & 1023]
  return exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25)
}

/** Standard normal numbers under a literal seed (Park and Miller's generator, Box and Muller's transform). */
export function normals(seed) {
  let state = seed
  const uniform = () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** All digits with each value changed by `change(value, pixel)`. */
export function changed({ data, pixels }, change) {
  return data.map((value, k) => change(value, k % pixels))
}

/** The mean image. */
export function meanOf({ count, pixels, data }) {
  const mean = new Float64Array(pixels)
  for (let k = 0; k < data.length; k += 1) mean[k % pixels] += data[k] / count
  return mean
}

/**
 * The usual preparation for memories that compare by inner products: less the mean image, then scaled to unit norm.
 * Missing pixels become 0, which is then the mean.
 */
export function preparation(digits) {
  const { pixels } = digits
  const mean = meanOf(digits)
  return (rows) => {
    const out = rows.map((value, k) => (Number.isNaN(value) ? 0 : value - mean[k % pixels]))
    for (let from = 0; from < out.length; from += pixels) {
      const row = out.subarray(from, from + pixels)
      const norm = Math.hypot(...row)
      for (let p = 0; p < pixels; p += 1) row[p] /= norm
    }
    return out
  }
}

/** The stored row nearest to `x`, looking only at the pixels where `looks(pixel)`. */
export function nearest({ count, pixels, data }, x, looks) {
  const seen = Array.from({ length: pixels }, (_, p) => p).filter(looks)
  let best = { row: -1, square: Infinity }
  for (let row = 0; row < count; row += 1) {
    let square = 0
    for (const p of seen) {
      square += (x[p] - data[row * pixels + p]) ** 2
      if (square > best.square) break
    }
    if (square < best.square) best = { row, square }
  }
  return best.row
}

/** Share of the rows of `found` whose nearest stored row, on the pixels looked at, is the one they were made from. */
export function shareRight(digits, found, looks) {
  return found.filter((x, i) => nearest(digits, x, looks) === i).length / found.length
}
