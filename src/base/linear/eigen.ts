/** Eigenvalues, and the eigenvectors as columns of a row-major matrix. */
export interface Eigen {
  readonly values: Float64Array
  readonly vectors: Float64Array
}

/** Sweeps converge quadratically: a handful are enough, for any matrix of numbers. */
const MOST_SWEEPS = 30

/**
 * Of the symmetric row-major `a`, which is spent: cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5), exact to
 * rounding, for matrices up to a hundred rows or so.
 */
export function symmetricEigen(a: Float64Array, n: number): Eigen {
  const vectors = new Float64Array(n * n)
  for (let i = 0; i < n; i += 1) vectors[i * n + i] = 1
  for (let sweep = 0; sweep < MOST_SWEEPS && offDiagonal(a, n) > 0; sweep += 1) {
    for (let p = 0; p < n; p += 1) for (let q = p + 1; q < n; q += 1) rotate(a, vectors, n, p, q)
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i] as number), vectors }
}

/** The sum of squares off the diagonal, or 0 where it is nothing beside the diagonal. */
function offDiagonal(a: Float64Array, n: number): number {
  let [off, all] = [0, 0]
  for (let i = 0; i < n * n; i += 1) {
    const square = (a[i] as number) * (a[i] as number)
    all += square
    if (i % (n + 1) !== 0) off += square
  }
  return off > 1e-30 * all ? off : 0
}

/** Makes the element (p, q) 0. */
function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q] as number
  if (apq === 0) return
  const tau = ((a[q * n + q] as number) - (a[p * n + p] as number)) / (2 * apq)
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau))
  const c = 1 / Math.sqrt(1 + t * t)
  const s = t * c
  for (let k = 0; k < n; k += 1) turn(a, p * n + k, q * n + k, c, s)
  for (let k = 0; k < n; k += 1) turn(a, k * n + p, k * n + q, c, s)
  for (let k = 0; k < n; k += 1) turn(vectors, k * n + p, k * n + q, c, s)
}

function turn(a: Float64Array, i: number, j: number, c: number, s: number): void {
  const x = a[i] as number
  const y = a[j] as number
  a[i] = c * x - s * y
  a[j] = s * x + c * y
}
