import { describe, expect, test } from 'vitest'
import { Stream } from '../../../src/base/random.ts'
import { constrained, hasTransform, transformOf, transforms } from '../../../src/compile/supports/index.ts'
import type { Transform } from '../../../src/compile/supports/transform.ts'
import { GraphBuilder } from '../../../src/ir/builder.ts'
import { evaluate } from '../../../src/ir/evaluate.ts'
import type { NodeId, Sizes } from '../../../src/ir/graph.ts'
import { type Maths, maths } from '../../../src/ir/maths.ts'
import type { ValueType } from '../../../src/middle/model.ts'

interface Subject {
  readonly name: string
  readonly type: ValueType
  readonly bounds?: { readonly lower?: number; readonly upper?: number }
  /** The axes of the variable, with sizes. */
  readonly sizes: Sizes
  /** How many of the values are free: they alone enter the Jacobian. */
  readonly free: (values: readonly number[]) => readonly number[]
  readonly inside: (values: readonly number[]) => boolean
  /** Coordinates beyond this make numbers that float64 does not have. */
  readonly reach?: number
}

const all = (values: readonly number[]): readonly number[] => values
const every = (check: (v: number) => boolean) => (values: readonly number[]) => values.every(check)
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

const matrixSizes = (n: number): Sizes => ({ d: n, e: n, 'd:triangle': (n * (n + 1)) / 2, 'd:pairs': (n * (n - 1)) / 2 })
const rowsOf = (values: readonly number[]): number[][] => {
  const n = Math.sqrt(values.length)
  return Array.from({ length: n }, (_, i) => values.slice(i * n, (i + 1) * n))
}
const below = (values: readonly number[]): readonly number[] => rowsOf(values).flatMap((row, i) => row.slice(0, i))
const lower = (values: readonly number[]): readonly number[] => rowsOf(values).flatMap((row, i) => row.slice(0, i + 1))
const isLower = (values: readonly number[]): boolean =>
  rowsOf(values).every((row, i) => (row[i] as number) >= 0 && row.slice(i + 1).every((v) => v === 0))
const isSymmetric = (values: readonly number[]): boolean => {
  const rows = rowsOf(values)
  return rows.every((row, i) => row.every((v, j) => v === rows[j]?.[i]))
}

const matrices = [1, 2, 3, 5].flatMap((n): readonly Subject[] => [
  {
    name: `covariance of ${n}`,
    type: { kind: 'covariance', rows: 'd', columns: 'e' },
    sizes: matrixSizes(n),
    free: lower,
    inside: (v) => isSymmetric(v) && rowsOf(v).every((row, i) => (row[i] as number) >= 0),
    reach: 300,
  },
  {
    name: `cholesky of ${n}`,
    type: { kind: 'cholesky', rows: 'd', columns: 'e' },
    sizes: matrixSizes(n),
    free: lower,
    inside: isLower,
  },
  {
    name: `cholesky of ${n} with unit rows`,
    type: { kind: 'cholesky', rows: 'd', columns: 'e', unitRows: true },
    sizes: matrixSizes(n),
    free: below,
    inside: (v) => isLower(v) && rowsOf(v).every((row) => Math.abs(sum(row.map((x) => x * x)) - 1) < 1e-12),
  },
  {
    name: `correlation of ${n}`,
    type: { kind: 'correlation', rows: 'd', columns: 'e' },
    sizes: matrixSizes(n),
    free: below,
    inside: (v) => isSymmetric(v) && v.every((x) => Math.abs(x) <= 1 + 1e-15) && rowsOf(v).every((row, i) => row[i] === 1),
  },
])

const subjects: readonly Subject[] = [
  ...matrices,
  { name: 'real', type: { kind: 'real' }, sizes: { i: 3 }, free: all, inside: every(Number.isFinite) },
  { name: 'real(lower)', type: { kind: 'real' }, bounds: { lower: -2.5 }, sizes: { i: 2 }, free: all, inside: every((v) => v >= -2.5) },
  { name: 'real(upper)', type: { kind: 'real' }, bounds: { upper: 3.25 }, sizes: { i: 2 }, free: all, inside: every((v) => v <= 3.25) },
  // 0.1 + (0.7 - 0.1) rounds above 0.7.
  {
    name: 'real(lower, upper)',
    type: { kind: 'real' },
    bounds: { lower: 0.1, upper: 0.7 },
    sizes: { i: 3 },
    free: all,
    inside: every((v) => v >= 0.1 && v <= 0.7),
  },
  { name: 'positive', type: { kind: 'positive' }, sizes: { i: 3 }, free: all, inside: every((v) => v >= 0) },
  { name: 'nonnegative', type: { kind: 'nonnegative' }, sizes: { i: 2 }, free: all, inside: every((v) => v >= 0) },
  { name: 'probability', type: { kind: 'probability' }, sizes: { i: 2 }, free: all, inside: every((v) => v >= 0 && v <= 1) },
  ...[1, 2, 5].map(
    (k): Subject => ({
      name: `simplex of ${k}`,
      type: { kind: 'simplex', axis: 'k' },
      sizes: { k, 'k:free': k - 1 },
      free: (v) => v.slice(0, -1),
      inside: (v) => v.every((p) => p >= 0) && Math.abs(sum(v) - 1) < 1e-12,
    }),
  ),
  ...[1, 4].map(
    (k): Subject => ({
      name: `ordered of ${k}`,
      type: { kind: 'ordered', axis: 'k' },
      sizes: { k },
      free: all,
      inside: (v) => v.every((x, i) => i === 0 || x >= (v[i - 1] as number)),
    }),
  ),
  ...[2, 3, 6].map(
    (k): Subject => ({
      name: `unit of ${k}`,
      type: { kind: 'unit', axis: 'k' },
      sizes: { k },
      free: all,
      inside: (v) => Math.abs(sum(v.map((x) => x * x)) - 1) < 1e-12,
    }),
  ),
]

const axesOf = (s: Subject): readonly string[] => Object.keys(s.sizes).filter((a) => !a.includes(':'))

function graphOf(
  s: Subject,
  axes: readonly string[],
  write: (m: Maths, t: Transform, bounds: Record<string, NodeId>) => Record<string, NodeId>,
) {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const bounds = Object.fromEntries(Object.entries(s.bounds ?? {}).map(([side, v]) => [side, m.k(v)]))
  for (const [name, node] of Object.entries(write(m, transformOf(s.type) as Transform, bounds)))
    builder.output(name, node, name === 'logJacobian' ? [] : axes)
  return builder.finish()
}

function forward(s: Subject, y: readonly number[]): { value: number[]; logJacobian: number } {
  const axes = axesOf(s)
  const graph = graphOf(s, axes, (m, t, bounds) => {
    const input = m.builder.input('y', t.coordinateAxes(s.type, axes))
    return { ...constrained(m, t, s.type, axes, input, bounds) }
  })
  const out = evaluate(graph, s.sizes, { y: Float64Array.from(y) })
  return { value: [...(out.value as Float64Array)], logJacobian: out.logJacobian?.[0] as number }
}

function inverse(s: Subject, x: readonly number[]): number[] {
  const axes = axesOf(s)
  const t = transformOf(s.type) as Transform
  const graph = graphOf(s, t.coordinateAxes(s.type, axes), (m, t, bounds) => ({
    y: t.inverse(m, s.type, m.builder.input('x', axes), bounds),
  }))
  return [...(evaluate(graph, s.sizes, { x: Float64Array.from(x) }).y as Float64Array)]
}

function dimension(s: Subject): number {
  return (transformOf(s.type) as Transform).coordinateAxes(s.type, axesOf(s)).reduce((n, a) => n * (s.sizes[a] as number), 1)
}

/** log |det| by elimination with pivoting. */
function logDeterminant(matrix: readonly (readonly number[])[]): number {
  const a = matrix.map((row) => [...row])
  let log = 0
  for (let i = 0; i < a.length; i += 1) {
    const pivot = a.reduce(
      (best, row, r) => (r >= i && Math.abs(row[i] as number) > Math.abs((a[best] as number[])[i] as number) ? r : best),
      i,
    )
    ;[a[i], a[pivot]] = [a[pivot] as number[], a[i] as number[]]
    const top = a[i] as number[]
    log += Math.log(Math.abs(top[i] as number))
    for (let r = i + 1; r < a.length; r += 1) {
      const factor = ((a[r] as number[])[i] as number) / (top[i] as number)
      for (let c = i; c < a.length; c += 1) (a[r] as number[])[c] = ((a[r] as number[])[c] as number) - factor * (top[c] as number)
    }
  }
  return log
}

function points(s: Subject, count: number, spread: number): number[][] {
  const stream = new Stream({ hi: 7, lo: 11 })
  return Array.from({ length: count }, () => Array.from({ length: dimension(s) }, () => spread * stream.normal()))
}

describe.each(subjects)('$name', (s) => {
  test('the value lies in the support, also far out', () => {
    for (const y of [
      ...points(s, 20, 1.5),
      ...points(s, 20, 300),
      ...[-1000, -40, 40, 700].map((v) => new Array<number>(dimension(s)).fill(v)),
    ].filter((point) => point.every((v) => Math.abs(v) <= (s.reach ?? Infinity)))) {
      expect(s.inside(forward(s, y).value), `${y} gives ${forward(s, y).value}`).toBe(true)
      expect(forward(s, y).logJacobian).not.toBeNaN()
    }
  })

  test('the inverse undoes it', () => {
    for (const y of points(s, 20, 1.5)) {
      const { value } = forward(s, y)
      // A direction forgets its length, so the values are compared; 1e-11: logs and exponentials of a few units.
      for (const [i, v] of forward(s, inverse(s, value)).value.entries()) expect(v).toBeCloseTo(value[i] as number, 11)
    }
  })
})

describe.each(subjects.filter((s) => s.type.kind !== 'unit'))('$name', (s) => {
  test('the Jacobian is that of finite differences', () => {
    const h = 1e-5
    for (const y of points(s, 10, 1.2)) {
      const columns = y.map((_, j) => {
        const at = (step: number) =>
          s.free(
            forward(
              s,
              y.map((v, i) => (i === j ? v + step : v)),
            ).value,
          )
        const [high, low] = [at(h), at(-h)]
        return high.map((v, i) => (v - (low[i] as number)) / (2 * h))
      })
      // Central differences are off by h^2 = 1e-10 and by rounding / h = 1e-11, relative to each derivative.
      expect(forward(s, y).logJacobian).toBeCloseTo(logDeterminant(columns), 6)
    }
  })
})

test('a unit vector is a standard normal one by its direction, uniform on the sphere, and its length', () => {
  for (const s of subjects.filter((s) => s.type.kind === 'unit')) {
    const d = dimension(s)
    // Area of the unit sphere.
    const logArea = { 2: Math.log(2 * Math.PI), 3: Math.log(4 * Math.PI), 6: 3 * Math.log(Math.PI) }[d] as number
    for (const y of points(s, 10, 1)) {
      // The density of y when the value is uniform: standard normal in d dimensions.
      const normal = -0.5 * sum(y.map((v) => v * v)) - 0.5 * d * Math.log(2 * Math.PI)
      expect(forward(s, y).logJacobian - logArea).toBeCloseTo(normal, 11)
    }
  }
})

test('types without coordinates say why', () => {
  const pending = Object.values(transforms).filter((t) => !hasTransform(t as Transform)) as { pending: string }[]
  expect(pending).toHaveLength(4)
  for (const t of pending) expect(t.pending).toMatch(/^its? /)
})
