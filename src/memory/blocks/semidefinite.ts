import { pow } from '../../base/special/pow.ts'

/**
 * The factor of a symmetric matrix by Cholesky's method, its rows and columns scaled to ones along the diagonal (Higham, Accuracy and
 * Stability of Numerical Algorithms, 10.3). Rows with few numbers go first, so that what they do not touch stays 0 (chains,
 * pixels that meet in a code alone), as long as their pivots are not small; then the largest pivot does.
 */
export interface Factor {
  readonly n: number
  /** Which row of the matrix stands where. */
  readonly order: Int32Array
  readonly scale: Float64Array
  /** Row-major, in that order; the first `rank` columns count. */
  readonly lower: Float64Array
  readonly rank: number
  /** Whether some direction has a negative square. */
  readonly indefinite: boolean
  /** Orthonormal, in the order of the matrix. */
  readonly flat: readonly Float64Array[]
}

/** A pivot of this part of the largest is large enough to be taken for its few numbers. */
const ENOUGH = 0.1

/** Pivots smaller than this, for each row, are rounding: a few of the additions that made them. */
const ROUNDING = pow(2, -48)

/** Of the lower triangle of a row-major matrix. */
export function factorise(matrix: Float64Array, n: number): Factor {
  const scale = new Float64Array(n)
  for (let i = 0; i < n; i += 1) scale[i] = at(matrix, i * n + i) > 0 ? 1 / Math.sqrt(at(matrix, i * n + i)) : 1
  const order = fewestFirst(matrix, n)
  const a = new Float64Array(n * n)
  for (let i = 0; i < n; i += 1) {
    const r = at(order, i)
    for (let j = 0; j <= i; j += 1) {
      const c = at(order, j)
      a[i * n + j] = at(matrix, Math.max(r, c) * n + Math.min(r, c)) * at(scale, r) * at(scale, c)
    }
  }
  const least = n * ROUNDING
  let rank = 0
  for (; rank < n; rank += 1) {
    const largest = largestPivot(a, n, rank)
    const most = at(a, largest * n + largest)
    if (!(most > least)) break
    const p = at(a, rank * n + rank) >= ENOUGH * most ? rank : largest
    exchange(a, n, rank, p)
    const left = at(order, rank)
    order[rank] = at(order, p)
    order[p] = left
    eliminate(a, n, rank)
  }
  const indefinite = bendsDown(a, n, rank, least)
  const known = { n, order, scale, lower: a, rank, indefinite }
  return { ...known, flat: indefinite ? [] : flatDirections(known) }
}

/**
 * The shortest x with `matrix x = b`, as far as there is one. `rest`: what of b is left along directions in which the matrix is
 * flat, one number for each of them and 0 elsewhere.
 */
export function solve(factor: Factor, b: Float64Array, x: Float64Array, rest: Float64Array): void {
  const { n, order, scale, lower, rank } = factor
  const y = new Float64Array(n)
  for (let i = 0; i < n; i += 1) y[i] = at(b, at(order, i)) * at(scale, at(order, i))
  for (let i = 0; i < n; i += 1) {
    let sum = at(y, i)
    for (let k = 0; k < Math.min(i, rank); k += 1) sum -= at(lower, i * n + k) * at(y, k)
    y[i] = i < rank ? sum / at(lower, i * n + i) : sum
  }
  rest.fill(0, 0, n)
  for (let i = rank; i < n; i += 1) {
    const row = at(order, i)
    rest[row] = at(y, i) / at(scale, row)
    y[i] = 0
  }
  backward(factor, y)
  for (let i = 0; i < n; i += 1) x[at(order, i)] = at(y, i) * at(scale, at(order, i))
  for (const flat of factor.flat) {
    const along = dot(flat, x)
    for (let i = 0; i < n; i += 1) x[i] = at(x, i) - along * at(flat, i)
  }
}

/** The upper half of a solution, in place: what is beyond the rank is there already. */
function backward({ n, lower, rank }: Pick<Factor, 'n' | 'lower' | 'rank'>, y: Float64Array): void {
  for (let i = n - 1; i >= 0; i -= 1) {
    if (i < rank) y[i] = at(y, i) / at(lower, i * n + i)
    for (let k = 0; k < Math.min(i, rank); k += 1) y[k] = at(y, k) - at(lower, i * n + k) * at(y, i)
  }
}

/** Orthonormal directions in which the matrix is flat (Gram and Schmidt, twice: Higham, 19.8). */
function flatDirections(known: Omit<Factor, 'flat'>): readonly Float64Array[] {
  const { n, order, scale, rank } = known
  const found: Float64Array[] = []
  for (let r = rank; r < n; r += 1) {
    const y = new Float64Array(n)
    y[r] = 1
    backward(known, y)
    const v = new Float64Array(n)
    for (let i = 0; i < n; i += 1) v[at(order, i)] = at(y, i) * at(scale, at(order, i))
    for (const other of [...found, ...found]) {
      const along = dot(other, v)
      for (let i = 0; i < n; i += 1) v[i] = at(v, i) - along * at(other, i)
    }
    const length = Math.sqrt(dot(v, v))
    found.push(v.map((c) => c / length))
  }
  return found
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i += 1) sum += at(a, i) * at(b, i)
  return sum
}

function at(a: Float64Array | Int32Array, i: number): number {
  return a[i] as number
}

/** Rows by how many numbers they have, the fewest first. */
function fewestFirst(matrix: Float64Array, n: number): Int32Array {
  const counts = new Int32Array(n)
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < i; j += 1) {
      if (at(matrix, i * n + j) === 0) continue
      counts[i] = at(counts, i) + 1
      counts[j] = at(counts, j) + 1
    }
  }
  return counts.map((_, i) => i).sort((a, b) => at(counts, a) - at(counts, b) || a - b)
}

function largestPivot(a: Float64Array, n: number, from: number): number {
  let p = from
  for (let i = from + 1; i < n; i += 1) if (at(a, i * n + i) > at(a, p * n + p)) p = i
  return p
}

/** Rows and columns k and p of the lower triangle change places. */
function exchange(a: Float64Array, n: number, k: number, p: number): void {
  if (k === p) return
  const swap = (i: number, j: number): void => {
    const left = at(a, i)
    a[i] = at(a, j)
    a[j] = left
  }
  for (let j = 0; j < k; j += 1) swap(k * n + j, p * n + j)
  swap(k * n + k, p * n + p)
  for (let j = k + 1; j < p; j += 1) swap(j * n + k, p * n + j)
  for (let i = p + 1; i < n; i += 1) swap(i * n + k, i * n + p)
}

function eliminate(a: Float64Array, n: number, k: number): void {
  const pivot = Math.sqrt(at(a, k * n + k))
  a[k * n + k] = pivot
  const rows = new Int32Array(n - k)
  let count = 0
  for (let i = k + 1; i < n; i += 1) {
    if (at(a, i * n + k) === 0) continue
    a[i * n + k] = at(a, i * n + k) / pivot
    rows[count] = i
    count += 1
  }
  for (let r = 0; r < count; r += 1) {
    const row = at(rows, r) * n
    const factor = at(a, row + k)
    for (let c = 0; c <= r; c += 1) {
      const j = at(rows, c)
      a[row + j] = at(a, row + j) - factor * at(a, j * n + k)
    }
  }
}

/** Whether anything of what is left is more than rounding: a negative square, or one where nothing lies on the diagonal. */
function bendsDown(a: Float64Array, n: number, rank: number, least: number): boolean {
  for (let i = rank; i < n; i += 1) for (let j = rank; j <= i; j += 1) if (Math.abs(at(a, i * n + j)) > 16 * least) return true
  return false
}
