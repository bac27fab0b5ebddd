/** The factor L of a symmetric positive definite matrix A = L L', kept by columns. Its buffers are used again by every `factor`. */
export interface SparseFactor {
  /** From the numbers of the entries; the row of the first pivot that is not above 0, or -1 where there is none. */
  factor(values: Float64Array): number
  /** x becomes L^-1 x. */
  solve(x: Float64Array): void
  /** x becomes L'^-1 x. */
  solveTransposed(x: Float64Array): void
  /** L by columns: rows of column j and their numbers are at `starts[j]` to below `starts[j + 1]`, the diagonal first. */
  columns(): FactorColumns
}

export interface FactorColumns {
  readonly starts: Int32Array
  /** In ascending order. Another array once L has numbers where it had none. */
  readonly places: Int32Array
  readonly numbers: Float64Array
}

/**
 * Factors matrices that have entries at these places of the lower triangle (those at one place are added up). Entries that were
 * 0 until now cost nothing: the pattern of L is worked out from the others, and anew when one comes that was not there. Rows
 * stay in their order and sums go by column, so that what is computed does not depend on what was 0 before.
 *
 * Davis, Direct Methods for Sparse Linear Systems (2006), chapter 4: elimination tree, and row by row (up-looking).
 */
export function sparseCholesky(size: number, rows: Int32Array, columns: Int32Array): SparseFactor {
  const used = new Uint8Array(rows.length)
  const order = byRow(size, rows)
  const x = new Float64Array(size)
  let pattern = patternOf(size, rows, columns, used)
  let numbers = new Float64Array(pattern.starts[size] as number)
  const ends = new Int32Array(size)

  function widen(values: Float64Array): void {
    let isNew = false
    for (let e = 0; e < values.length; e += 1) {
      if (values[e] === 0 || used[e] === 1) continue
      used[e] = 1
      isNew = true
    }
    if (!isNew) return
    pattern = patternOf(size, rows, columns, used)
    numbers = new Float64Array(pattern.starts[size] as number)
  }

  /** Row k of L, by a triangular solve with the rows above; its pivot squared. */
  function row(k: number, values: Float64Array): number {
    const { reach, reachStarts, starts, places } = pattern
    for (let o = order.starts[k] as number; o < (order.starts[k + 1] as number); o += 1) {
      const e = order.entries[o] as number
      const at = columns[e] as number
      x[at] = (x[at] as number) + (values[e] as number)
    }
    let pivot = x[k] as number
    x[k] = 0
    for (let r = reachStarts[k] as number; r < (reachStarts[k + 1] as number); r += 1) {
      const j = reach[r] as number
      const start = starts[j] as number
      const end = ends[j] as number
      const factor = (x[j] as number) / (numbers[start] as number)
      x[j] = 0
      for (let p = start + 1; p < end; p += 1) {
        const i = places[p] as number
        x[i] = (x[i] as number) - (numbers[p] as number) * factor
      }
      pivot -= factor * factor
      numbers[end] = factor
      ends[j] = end + 1
    }
    return pivot
  }

  return {
    factor(values) {
      widen(values)
      for (let k = 0; k < size; k += 1) ends[k] = pattern.starts[k] as number
      for (let k = 0; k < size; k += 1) {
        const pivot = row(k, values)
        if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) {
          x.fill(0)
          return k
        }
        const start = pattern.starts[k] as number
        numbers[start] = Math.sqrt(pivot)
        ends[k] = start + 1
      }
      return -1
    },
    solve(b) {
      const { starts, places } = pattern
      for (let j = 0; j < size; j += 1) {
        const start = starts[j] as number
        const value = (b[j] as number) / (numbers[start] as number)
        b[j] = value
        for (let p = start + 1; p < (starts[j + 1] as number); p += 1) {
          const i = places[p] as number
          b[i] = (b[i] as number) - (numbers[p] as number) * value
        }
      }
    },
    solveTransposed(b) {
      const { starts, places } = pattern
      for (let j = size - 1; j >= 0; j -= 1) {
        const start = starts[j] as number
        let value = b[j] as number
        for (let p = start + 1; p < (starts[j + 1] as number); p += 1) value -= (numbers[p] as number) * (b[places[p] as number] as number)
        b[j] = value / (numbers[start] as number)
      }
    },
    columns: () => ({ starts: pattern.starts, places: pattern.places, numbers }),
  }
}

/** The entries of each row, one after the other. */
function byRow(size: number, rows: Int32Array): { readonly entries: Int32Array; readonly starts: Int32Array } {
  const starts = new Int32Array(size + 1)
  for (const r of rows) starts[r + 1] = (starts[r + 1] as number) + 1
  for (let k = 0; k < size; k += 1) starts[k + 1] = (starts[k + 1] as number) + (starts[k] as number)
  const next = starts.slice()
  const entries = new Int32Array(rows.length)
  rows.forEach((r, e) => {
    entries[next[r] as number] = e
    next[r] = (next[r] as number) + 1
  })
  return { entries, starts }
}

/** Where L has numbers: of each row the columns before its diagonal, and of each column the rows from its diagonal on. */
interface FactorPattern {
  readonly reach: Int32Array
  readonly reachStarts: Int32Array
  readonly starts: Int32Array
  readonly places: Int32Array
}

function patternOf(size: number, rows: Int32Array, columns: Int32Array, used: Uint8Array): FactorPattern {
  const { entries, starts: first } = byRow(size, rows)
  const parent = new Int32Array(size).fill(-1)
  const seen = new Int32Array(size).fill(-1)
  const reach: number[] = []
  const reachStarts = new Int32Array(size + 1)
  const heights = new Int32Array(size).fill(1)
  for (let k = 0; k < size; k += 1) {
    const own: number[] = []
    seen[k] = k
    for (let o = first[k] as number; o < (first[k + 1] as number); o += 1) {
      const e = entries[o] as number
      if (used[e] !== 1) continue
      // Up the elimination tree from each entry, until where this row was already.
      for (let j = columns[e] as number; seen[j] !== k; j = parent[j] as number) {
        if (parent[j] === -1) parent[j] = k
        seen[j] = k
        own.push(j)
      }
    }
    own.sort((a, b) => a - b)
    for (const j of own) {
      reach.push(j)
      heights[j] = (heights[j] as number) + 1
    }
    reachStarts[k + 1] = reach.length
  }
  return { reach: Int32Array.from(reach), reachStarts, ...placesOf(size, reach, reachStarts, heights) }
}

function placesOf(
  size: number,
  reach: readonly number[],
  reachStarts: Int32Array,
  heights: Int32Array,
): Pick<FactorPattern, 'starts' | 'places'> {
  const starts = new Int32Array(size + 1)
  for (let j = 0; j < size; j += 1) starts[j + 1] = (starts[j] as number) + (heights[j] as number)
  const places = new Int32Array(starts[size] as number)
  const next = starts.slice()
  const put = (column: number, row: number): void => {
    places[next[column] as number] = row
    next[column] = (next[column] as number) + 1
  }
  for (let k = 0; k < size; k += 1) {
    for (let r = reachStarts[k] as number; r < (reachStarts[k + 1] as number); r += 1) put(reach[r] as number, k)
    put(k, k)
  }
  return { starts, places }
}
