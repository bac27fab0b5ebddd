import { must } from '../base/internal-error.ts'
import type { EvaluateContext } from './evaluate-context.ts'
import type { NodeOf } from './graph.ts'
import { offsets, sizeOf, stridesOver, volumeOver } from './layout.ts'

/** Column by column (Golub and Van Loan, Matrix Computations, 4.2.5). */
export function cholesky(node: NodeOf<'cholesky'>, { sizes, args }: EvaluateContext): Float64Array {
  const x = must(args[0], 'operand of cholesky')
  const n = sizeOf(node.rows, sizes)
  const strides = stridesOver(node.axes, sizes)
  const [row, column] = [strides.get(node.rows) as number, strides.get(node.columns) as number]
  const out = new Float64Array(volumeOver(node.axes, sizes))
  const outer = node.axes.filter((a) => a !== node.rows && a !== node.columns)
  for (const start of offsets(outer, sizes, strides)) {
    const at = (i: number, j: number): number => start + i * row + j * column
    for (let j = 0; j < n; j += 1) {
      for (let i = j; i < n; i += 1) {
        let rest = x.data[at(i, j)] as number
        for (let k = 0; k < j; k += 1) rest -= (out[at(i, k)] as number) * (out[at(j, k)] as number)
        out[at(i, j)] = i === j ? pivot(rest) : rest / (out[at(j, j)] as number)
      }
    }
  }
  return out
}

function pivot(square: number): number {
  return square > 0 && square < Number.POSITIVE_INFINITY ? Math.sqrt(square) : Number.NaN
}

/**
 * Phi(S + S') for S = L^-T Phi(L' g) L^-1, where Phi keeps the lower triangle and halves the diagonal (Murray 2016,
 * arXiv:1602.07527, equations 8 to 10).
 */
export function choleskyGradient(node: NodeOf<'cholesky_gradient'>, { sizes, args }: EvaluateContext): Float64Array {
  const { rows, columns, axes } = node
  const n = sizeOf(rows, sizes)
  const outer = axes.filter((a) => a !== rows && a !== columns)
  const out = new Float64Array(volumeOver(axes, sizes))
  const places = [axes, ...args.map((x) => x.axes)].map((own) => {
    const strides = stridesOver(own, sizes)
    const [row, column] = [strides.get(rows) as number, strides.get(columns) as number]
    const starts = offsets(outer, sizes, strides)
    return (o: number, i: number, j: number): number => (starts[o] as number) + i * row + j * column
  })
  const [to, ofL, ofG] = places as [EntryPlace, EntryPlace, EntryPlace]
  for (let o = 0; o < volumeOver(outer, sizes); o += 1) {
    const l = (i: number, j: number): number => args[0]?.data[ofL(o, i, j)] as number
    const g = (i: number, j: number): number => args[1]?.data[ofG(o, i, j)] as number
    const s = dividedByBoth(n, l, halfProduct(n, l, g))
    for (let i = 0; i < n; i += 1) {
      out[to(o, i, i)] = s[i * n + i] as number
      for (let j = 0; j < i; j += 1) out[to(o, i, j)] = (s[i * n + j] as number) + (s[j * n + i] as number)
    }
  }
  return out
}

type EntryPlace = (outer: number, i: number, j: number) => number
type EntryRule = (i: number, j: number) => number

/** Phi(L' g), row by row. */
function halfProduct(n: number, l: EntryRule, g: EntryRule): Float64Array {
  const p = new Float64Array(n * n)
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      for (let k = i; k < n; k += 1) p[i * n + j] = (p[i * n + j] as number) + l(k, i) * g(k, j)
    }
    p[i * n + i] = 0.5 * (p[i * n + i] as number)
  }
  return p
}

/** L^-T p L^-1, in the place of p. */
function dividedByBoth(n: number, l: EntryRule, p: Float64Array): Float64Array {
  const take = (i: number, j: number, by: number): void => {
    p[i * n + j] = (p[i * n + j] as number) - by
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let j = 0; j < n; j += 1) {
      for (let k = i + 1; k < n; k += 1) take(i, j, l(k, i) * (p[k * n + j] as number))
      p[i * n + j] = (p[i * n + j] as number) / l(i, i)
    }
  }
  for (let j = n - 1; j >= 0; j -= 1) {
    for (let i = 0; i < n; i += 1) {
      for (let k = j + 1; k < n; k += 1) take(i, j, (p[i * n + k] as number) * l(k, j))
      p[i * n + j] = (p[i * n + j] as number) / l(j, j)
    }
  }
  return p
}

/** By forward substitution, or backward for the transpose. */
export function solveLower(node: NodeOf<'solve_lower'>, { sizes, args }: EvaluateContext): Float64Array {
  const [lower, b] = [must(args[0], 'matrix'), must(args[1], 'right side')]
  const { rows, columns, transposed, axes } = node
  const [from, to] = transposed ? [columns, rows] : [rows, columns]
  const n = sizeOf(rows, sizes)
  const outer = axes.filter((a) => a !== to)
  const starts = [axes, lower.axes, b.axes].map((own) => offsets(outer, sizes, stridesOver(own, sizes))) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ]
  const step = stridesOver(axes, sizes).get(to) as number
  const stepB = stridesOver(b.axes, sizes).get(from) as number
  const strides = stridesOver(lower.axes, sizes)
  const [row, column] = [strides.get(rows) as number, strides.get(columns) as number]
  const out = new Float64Array(volumeOver(axes, sizes))
  starts[0].forEach((start, o) => {
    const l = (i: number, k: number): number => {
      const [r, c] = transposed ? [k, i] : [i, k]
      return lower.data[(starts[1][o] as number) + r * row + c * column] as number
    }
    const order = Array.from({ length: n }, (_, i) => (transposed ? n - 1 - i : i))
    order.forEach((i, done) => {
      let rest = b.data[(starts[2][o] as number) + i * stepB] as number
      for (const k of order.slice(0, done)) rest -= l(i, k) * (out[start + k * step] as number)
      out[start + i * step] = rest / l(i, i)
    })
  })
  return out
}
