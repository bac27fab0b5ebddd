/** Rows of equal size, one after the other. */
export interface Rows {
  readonly data: Float64Array
  readonly count: number
  readonly size: number
}

export interface NearestRow {
  readonly row: number
  readonly overlap: number
}

/** For each vector the first row of the largest overlap: the cosine of the angle between them; that of nothing with anything is 0. */
export function nearestRows(rows: Rows, vectors: readonly Float64Array[]): readonly NearestRow[] {
  const squares = vectors.map((x) => dot(x, x))
  const dots = new Float64Array(vectors.length)
  const best: NearestRow[] = vectors.map(() => ({ row: 0, overlap: Number.NaN }))
  for (let r = 0; r < rows.count; r += 1) {
    const row = rows.data.subarray(r * rows.size, (r + 1) * rows.size)
    const square = dot(row, row)
    // A row is read once for all vectors.
    dotAll(row, vectors, dots)
    for (let k = 0; k < vectors.length; k += 1) {
      const norm = Math.sqrt((squares[k] as number) * square)
      const overlap = norm === 0 ? 0 : (dots[k] as number) / norm
      if (r === 0 || overlap > (best[k] as NearestRow).overlap) best[k] = { row: r, overlap }
    }
  }
  return best
}

/** The product of a row with each vector. Four sums at a time do not wait for one another. */
function dotAll(row: Float64Array, vectors: readonly Float64Array[], into: Float64Array): void {
  const fours = vectors.length - (vectors.length % 4)
  for (let k = 0; k < fours; k += 4) {
    const a = vectors[k] as Float64Array
    const b = vectors[k + 1] as Float64Array
    const c = vectors[k + 2] as Float64Array
    const d = vectors[k + 3] as Float64Array
    let ofA = 0
    let ofB = 0
    let ofC = 0
    let ofD = 0
    for (let i = 0; i < row.length; i += 1) {
      const v = row[i] as number
      ofA += v * (a[i] as number)
      ofB += v * (b[i] as number)
      ofC += v * (c[i] as number)
      ofD += v * (d[i] as number)
    }
    into[k] = ofA
    into[k + 1] = ofB
    into[k + 2] = ofC
    into[k + 3] = ofD
  }
  for (let k = fours; k < vectors.length; k += 1) into[k] = dot(row, vectors[k] as Float64Array)
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i += 1) sum += (x[i] as number) * (y[i] as number)
  return sum
}
