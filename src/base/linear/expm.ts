import { log } from '../special/logarithm.ts'
import { pow } from '../special/pow.ts'
import { factorLu, solveLu } from './lu.ts'

/** Coefficients of the diagonal Pade approximant of order 13 of exp (Higham 2005), and the norm up to which it is exact to rounding. */
const pade = [
  64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600, 670442572800, 33522128640,
  1323241920, 40840800, 960960, 16380, 182, 1,
] // biome-ignore format: a table
const NORM = 5.371920351148152

/** exp(A) of a square matrix by rows, by scaling and squaring (Higham 2005). Entries that overflow are infinite. */
export function expm(a: Float64Array, n: number): Float64Array {
  let norm = 0
  for (let j = 0; j < n; j += 1) {
    let column = 0
    for (let i = 0; i < n; i += 1) column += Math.abs(a[i * n + j] as number)
    norm = Math.max(norm, column)
  }
  const squarings = norm > NORM ? Math.ceil(log(norm / NORM) / Math.LN2) : 0
  const shrink = pow(2, -squarings)
  const scaled = a.map((v) => v * shrink)
  const two = times(scaled, scaled, n)
  const four = times(two, two, n)
  const six = times(four, two, n)
  const sum = (parts: readonly (readonly [number, Float64Array])[], diagonal: number): Float64Array => {
    const out = new Float64Array(n * n)
    for (const [c, m] of parts) for (let i = 0; i < out.length; i += 1) out[i] = (out[i] as number) + c * (m[i] as number)
    for (let i = 0; i < n; i += 1) out[i * n + i] = (out[i * n + i] as number) + diagonal
    return out
  }
  const b = (i: number): number => pade[i] as number
  const high = times(six, sum([[b(13), six], [b(11), four], [b(9), two]], 0), n) // biome-ignore format: a formula
  const odd = times(scaled, sum([[1, high], [b(7), six], [b(5), four], [b(3), two]], b(1)), n) // biome-ignore format: a formula
  const even = sum([[1, times(six, sum([[b(12), six], [b(10), four], [b(8), two]], 0), n)], [b(6), six], [b(4), four], [b(2), two]], b(0)) // biome-ignore format: a formula
  const below = sum([[1, even], [-1, odd]], 0) // biome-ignore format: a formula
  let result = quotient(below, sum([[1, even], [1, odd]], 0), n) // biome-ignore format: a formula
  for (let s = 0; s < squarings; s += 1) result = times(result, result, n)
  return result
}

function times(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i += 1)
    for (let k = 0; k < n; k += 1) {
      const factor = a[i * n + k] as number
      if (factor === 0) continue
      for (let j = 0; j < n; j += 1) out[i * n + j] = (out[i * n + j] as number) + factor * (b[k * n + j] as number)
    }
  return out
}

/** A^-1 B. */
function quotient(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const pivots = new Int32Array(n)
  factorLu(a, n, pivots)
  const column = new Float64Array(n)
  const out = new Float64Array(n * n)
  for (let j = 0; j < n; j += 1) {
    for (let i = 0; i < n; i += 1) column[i] = b[i * n + j] as number
    solveLu(a, n, pivots, column)
    for (let i = 0; i < n; i += 1) out[i * n + j] = column[i] as number
  }
  return out
}
