import { describe, expect, it } from 'vitest'
import { symmetricEigen } from '../../src/base/linear/eigen.ts'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { gradientVariances } from '../../src/inference/adaptation/gradient-variances.ts'
import { gradientWarmUp, inverseFromGradient } from '../../src/inference/adaptation/gradient-warm-up.ts'
import { directionsOf, type VectorRows } from '../../src/inference/adaptation/low-rank.ts'
import { metric } from '../../src/inference/adaptation/metric.ts'

const stream = new Stream(keyFromSeed(20261130))

/** A normal density with the precision I + sum of (weight - 1) u u' for orthogonal directions u, scaled by `scale`. */
interface Normal {
  readonly scale: Float64Array
  readonly directions: readonly { readonly precision: number; readonly along: Float64Array }[]
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((s, x, i) => s + x * (b[i] as number), 0)

/** Points that are no draws of the density, and its gradients there, by its definition. */
function pointsOf({ scale, directions }: Normal, count: number): { readonly points: VectorRows; readonly gradients: VectorRows } {
  const n = scale.length
  const points = Float64Array.from({ length: count * n }, () => 3 + 2 * stream.normal() + stream.uniform())
  const gradients = new Float64Array(count * n)
  for (let k = 0; k < count; k += 1) {
    const z = points.subarray(k * n, (k + 1) * n).map((x, i) => x / (scale[i] as number))
    const pulled = z.slice()
    for (const { precision, along } of directions) {
      const part = (precision - 1) * dot(along, z)
      along.forEach((u, i) => {
        pulled[i] = (pulled[i] as number) + part * u
      })
    }
    gradients.set(
      pulled.map((x, i) => -x / (scale[i] as number)),
      k * n,
    )
  }
  return { points: { numbers: points, count }, gradients: { numbers: gradients, count } }
}

const row = ({ numbers }: VectorRows, n: number, k: number): Float64Array => numbers.subarray(k * n, (k + 1) * n)

describe('a diagonal metric from draws and gradients', () => {
  it('has the variances of independent normal coordinates, exactly, from any two points', () => {
    const scale = Float64Array.of(1e-3, 2, 500)
    const { points, gradients } = pointsOf({ scale, directions: [] }, 2)
    const found = gradientVariances(3)
    for (const k of [0, 1]) found.add(row(points, 3, k), row(gradients, 3, k))
    const inverse = new Float64Array(3)
    found.estimate(inverse)
    // Rounding of differences of numbers near 3, or 3e3 of them.
    inverse.forEach((v, i) => {
      expect(v / (scale[i] as number) ** 2).toBeCloseTo(1, 9)
    })
  })

  it('keeps what it had where draws or gradients do not move', () => {
    const found = gradientVariances(3)
    found.add(Float64Array.of(1, 1, 1), Float64Array.of(1, 1, 1))
    found.add(Float64Array.of(1, 2, 3), Float64Array.of(2, 1, 5))
    const inverse = Float64Array.of(7, 8, 9)
    found.estimate(inverse)
    expect([...inverse]).toEqual([7, 8, 0.5])
  })

  it('starts with the inverse of the size of the gradient, and with 1 where that is none', () => {
    expect([...inverseFromGradient(Float64Array.of(-4, 0.5, 0, Number.POSITIVE_INFINITY, Number.NaN))]).toEqual([0.25, 2, 1, 1, 1])
  })
})

describe('directions of a low-rank metric', () => {
  const half = Math.SQRT1_2
  const correlated: Normal = {
    scale: Float64Array.of(3, 0.2, 1, 1),
    directions: [
      { precision: 0.1, along: Float64Array.of(half, half, 0, 0) },
      { precision: 30, along: Float64Array.of(half, -half, 0, 0) },
    ],
  }

  it('with the diagonal make the covariance of a normal density, exactly, from points that are no draws of it', () => {
    const n = 4
    const { points, gradients } = pointsOf(correlated, 12)
    // The scales themselves as the diagonal: what is left is the covariance of the directions.
    const found = directionsOf(
      points,
      gradients,
      correlated.scale.map((s) => s * s),
    ).toSorted((a, b) => b.variance - a.variance)
    expect(found.length).toBe(2)
    found.forEach(({ variance, along }, k) => {
      const { precision, along: expected } = correlated.directions[k] as Normal['directions'][number]
      // 1e-5 is added to variances.
      expect(variance * precision).toBeCloseTo(1, 2)
      expect(Math.abs(dot(along, expected))).toBeCloseTo(1, 6)
    })
    // With another diagonal they are others, and the covariance is the same, but for factors below 2.
    const diagonal = Float64Array.of(2, 0.5, 1, 1)
    const product = withDirections(diagonal, directionsOf(points, gradients, diagonal))
    const expected = withDirections(
      correlated.scale.map((s) => s * s),
      correlated.directions.map((d) => ({ variance: 1 / d.precision, along: d.along })),
    )
    const ratios = symmetricEigen(relative(product, expected, n), n).values
    expect(Math.max(...ratios)).toBeLessThan(2.01)
    expect(Math.min(...ratios)).toBeGreaterThan(0.49)
  })

  it('are found among the draws in more dimensions than there are draws', () => {
    const n = 150
    const along = Float64Array.from({ length: n }, (_, i) => (i < 25 ? 0.2 : 0))
    const { points, gradients } = pointsOf({ scale: new Float64Array(n).fill(1), directions: [{ precision: 400, along }] }, 40)
    const [stiff] = directionsOf(points, gradients, new Float64Array(n).fill(1)).toSorted((a, b) => a.variance - b.variance)
    expect(Math.abs(dot(stiff?.along as Float64Array, along))).toBeGreaterThan(0.98)
    expect(stiff?.variance).toBeLessThan(0.05)
  })
})

/** D^1/2 (I + sum of (s - 1) u u') D^1/2, row-major. */
function withDirections(
  diagonal: Float64Array,
  directions: readonly { readonly variance: number; readonly along: Float64Array }[],
): Float64Array {
  const n = diagonal.length
  return Float64Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n]
    const inner = directions.reduce((s, d) => s + (d.variance - 1) * (d.along[i] as number) * (d.along[j] as number), i === j ? 1 : 0)
    return Math.sqrt((diagonal[i] as number) * (diagonal[j] as number)) * inner
  })
}

/** The symmetric matrix whose eigenvalues are those of b^-1 a: b^-1/2 a b^-1/2. */
function relative(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const { values, vectors } = symmetricEigen(b.slice(), n)
  const root = Float64Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n]
    return values.reduce((s, v, m) => s + ((vectors[i * n + m] as number) * (vectors[j * n + m] as number)) / Math.sqrt(v), 0)
  })
  const times = (x: Float64Array, y: Float64Array): Float64Array =>
    x.map((_, k) =>
      Array.from({ length: n }, (__, m) => (x[Math.floor(k / n) * n + m] as number) * (y[m * n + (k % n)] as number)).reduce(
        (s, v) => s + v,
        0,
      ),
    )
  return times(times(root, a), root)
}

it('changes no metric in the last part of warm-up, nor in one of fewer than 20 steps', () => {
  for (const [warmup, settledFrom] of [
    [100, 85],
    [19, 0],
  ] as const) {
    const m = metric('diagonal', 2)
    const warm = gradientWarmUp(m, { warmup, targetAcceptance: 0.8, stepSize: 1 })
    const changed = Array.from({ length: warmup }, () => {
      const before = m.inverse.slice()
      const q = Float64Array.of(stream.normal(), stream.normal())
      warm.learn(0.8, { q, gradient: q.map((x) => -3 * x), logDensity: 0 }, stream)
      return m.inverse.some((x, i) => x !== before[i])
    })
    expect(changed.lastIndexOf(true)).toBeLessThan(settledFrom)
    if (settledFrom > 0) expect(m.inverse[0]).toBeCloseTo(1 / 3, 12)
  }
})
