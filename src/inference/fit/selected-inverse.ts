import { log } from '../../base/special/logarithm.ts'
import type { FactorColumns } from '../draws/sparse-cholesky.ts'

/** log |A| of A = L L'. */
export function logDeterminant({ starts, numbers }: FactorColumns): number {
  let sum = 0
  for (let j = 0; j + 1 < starts.length; j += 1) sum += log(numbers[starts[j] as number] as number)
  return 2 * sum
}

/** The entries of A^-1 where L has numbers, laid out as those of L, into `z`. They are at all places at which A is not 0. */
export function selectedInverse(columns: FactorColumns, z: Float64Array): void {
  const size = columns.starts.length - 1
  const local = new Int32Array(size).fill(-1)
  for (let j = size - 1; j >= 0; j -= 1) invertColumn(columns, z, local, j)
}

/** Where the entry of a row and a column that is no later is among the numbers of L; -1 where L has none. */
export function placeIn({ starts, places }: FactorColumns, row: number, column: number): number {
  let [low, high] = [starts[column] as number, (starts[column + 1] as number) - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle] as number) < row) low = middle + 1
    else high = middle
  }
  return places[low] === row ? low : -1
}

/**
 * A column of the inverse by those after it: Z L = L'^-1 at the places of L (Takahashi, Fagan and Chen 1973). What it reads of later
 * columns is at places of L, too. `local` is -1 everywhere, before and after.
 */
function invertColumn({ starts, places, numbers: l }: FactorColumns, z: Float64Array, local: Int32Array, j: number): void {
  const [start, end] = [starts[j] as number, starts[j + 1] as number]
  const pivot = l[start] as number
  for (let p = start; p < end; p += 1) {
    local[places[p] as number] = p
    z[p] = 0
  }
  for (let p = start + 1; p < end; p += 1) {
    const k = places[p] as number
    const factor = l[p] as number
    for (let s = starts[k] as number; s < (starts[k + 1] as number); s += 1) {
      const i = places[s] as number
      const at = local[i] as number
      if (at < 0) continue
      const value = z[s] as number
      z[at] = (z[at] as number) - (factor * value) / pivot
      if (i !== k) z[p] = (z[p] as number) - ((l[at] as number) * value) / pivot
    }
  }
  let diagonal = 1 / (pivot * pivot)
  for (let p = start + 1; p < end; p += 1) diagonal -= ((l[p] as number) * (z[p] as number)) / pivot
  z[start] = diagonal
  for (let p = start; p < end; p += 1) local[places[p] as number] = -1
}
