/** A = P L U with partial pivoting, of a square matrix by rows that is overwritten; `pivots` says which row went where. False: singular. */
export function factorLu(a: Float64Array, n: number, pivots: Int32Array): boolean {
  for (let k = 0; k < n; k += 1) {
    let best = k
    for (let i = k + 1; i < n; i += 1) if (Math.abs(a[i * n + k] as number) > Math.abs(a[best * n + k] as number)) best = i
    pivots[k] = best
    const pivot = a[best * n + k] as number
    if (pivot === 0 || !Number.isFinite(pivot)) return false
    if (best !== k) swapRows(a, n, k, best)
    for (let i = k + 1; i < n; i += 1) {
      const factor = (a[i * n + k] as number) / pivot
      a[i * n + k] = factor
      if (factor === 0) continue
      for (let j = k + 1; j < n; j += 1) a[i * n + j] = (a[i * n + j] as number) - factor * (a[k * n + j] as number)
    }
  }
  return true
}

/** Solves A x = b by what `factorLu` left, in place. */
export function solveLu(lu: Float64Array, n: number, pivots: Int32Array, b: Float64Array): void {
  for (let k = 0; k < n; k += 1) {
    const from = pivots[k] as number
    const value = b[from] as number
    b[from] = b[k] as number
    b[k] = value
  }
  for (let i = 1; i < n; i += 1) {
    let sum = b[i] as number
    for (let j = 0; j < i; j += 1) sum -= (lu[i * n + j] as number) * (b[j] as number)
    b[i] = sum
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    let sum = b[i] as number
    for (let j = i + 1; j < n; j += 1) sum -= (lu[i * n + j] as number) * (b[j] as number)
    b[i] = sum / (lu[i * n + i] as number)
  }
}

function swapRows(a: Float64Array, n: number, i: number, j: number): void {
  for (let c = 0; c < n; c += 1) {
    const value = a[i * n + c] as number
    a[i * n + c] = a[j * n + c] as number
    a[j * n + c] = value
  }
}
