import { InternalError } from '../../base/internal-error.ts'
import { factorise } from '../../base/linear/cholesky.ts'
import { solveLowerTransposed } from '../../base/linear/substitution.ts'
import type { NoiseSource } from '../density/density.ts'

/**
 * The Euclidean metric of a Hamiltonian sampler: momenta are normal with covariance M; the inverse metric, M^-1,
 * estimates the covariance of the draws.
 */
export interface Metric {
  readonly kind: MetricKind
  readonly dimension: number
  /**
   * The inverse metric: nothing for `unit`, the variances for `diagonal`, row-major covariances for `dense`; for `low-rank` the
   * variances D, and then for each direction u its variance s and u: D^1/2 (I + sum of (s - 1) u u') D^1/2, where directions
   * are orthogonal to each other and of length 1.
   */
  readonly inverse: Float64Array
  /** Draws a momentum from N(0, M) into `p`. */
  draw(p: Float64Array, stream: NoiseSource): void
  /** `v = M^-1 p`. */
  velocity(p: Float64Array, v: Float64Array): void
  /** Takes new numbers for the inverse metric. */
  update(inverse: Float64Array): void
}

export type MetricKind = 'unit' | 'diagonal' | 'low-rank' | 'dense'

/** The metric of a kind that is the identity until it is updated. */
export function metric(kind: MetricKind, dimension: number): Metric {
  return makers[kind](dimension)
}

const makers: Record<MetricKind, (dimension: number) => Metric> = {
  unit: unitMetric,
  diagonal: diagonalMetric,
  'low-rank': lowRankMetric,
  dense: denseMetric,
}

function unitMetric(dimension: number): Metric {
  return {
    kind: 'unit',
    dimension,
    inverse: new Float64Array(0),
    draw(p, stream) {
      for (let i = 0; i < dimension; i += 1) p[i] = stream.normal()
    },
    velocity(p, v) {
      for (let i = 0; i < dimension; i += 1) v[i] = p[i] as number
    },
    update() {},
  }
}

function diagonalMetric(dimension: number): Metric {
  const inverse = new Float64Array(dimension).fill(1)
  const scale = new Float64Array(dimension).fill(1)
  return {
    kind: 'diagonal',
    dimension,
    inverse,
    draw(p, stream) {
      for (let i = 0; i < dimension; i += 1) p[i] = (scale[i] as number) * stream.normal()
    },
    velocity(p, v) {
      for (let i = 0; i < dimension; i += 1) v[i] = (inverse[i] as number) * (p[i] as number)
    },
    update(next) {
      inverse.set(next)
      for (let i = 0; i < dimension; i += 1) scale[i] = 1 / Math.sqrt(inverse[i] as number)
    },
  }
}

function lowRankMetric(dimension: number): Metric {
  let inverse = new Float64Array(dimension).fill(1)
  let directions = 0
  const scale = new Float64Array(dimension).fill(1)

  /** x becomes x plus what each direction adds to its part along it: `more` times that, of its variance. */
  function along(x: Float64Array, more: (variance: number) => number): void {
    for (let k = 0; k < directions; k += 1) {
      const at = dimension + k * (dimension + 1)
      let part = 0
      for (let i = 0; i < dimension; i += 1) part += (inverse[at + 1 + i] as number) * (x[i] as number)
      part *= more(inverse[at] as number)
      for (let i = 0; i < dimension; i += 1) x[i] = (x[i] as number) + part * (inverse[at + 1 + i] as number)
    }
  }

  return {
    kind: 'low-rank',
    dimension,
    get inverse() {
      return inverse
    },
    draw(p, stream) {
      for (let i = 0; i < dimension; i += 1) p[i] = stream.normal()
      along(p, shrinking)
      for (let i = 0; i < dimension; i += 1) p[i] = (p[i] as number) / (scale[i] as number)
    },
    velocity(p, v) {
      for (let i = 0; i < dimension; i += 1) v[i] = (scale[i] as number) * (p[i] as number)
      along(v, growing)
      for (let i = 0; i < dimension; i += 1) v[i] = (scale[i] as number) * (v[i] as number)
    },
    update(next) {
      inverse = Float64Array.from(next)
      directions = (next.length - dimension) / (dimension + 1)
      for (let i = 0; i < dimension; i += 1) scale[i] = Math.sqrt(inverse[i] as number)
    },
  }
}

const growing = (variance: number): number => variance - 1
const shrinking = (variance: number): number => 1 / Math.sqrt(variance) - 1

function denseMetric(dimension: number): Metric {
  const inverse = new Float64Array(dimension * dimension)
  for (let i = 0; i < dimension; i += 1) inverse[i * dimension + i] = 1
  const factor = inverse.slice()
  const lower = { data: factor, at: 0, down: dimension, across: 1 }
  return {
    kind: 'dense',
    dimension,
    inverse,
    // With M^-1 = L L', p = L'^-1 xi has the covariance (L L')^-1 = M.
    draw(p, stream) {
      for (let i = 0; i < dimension; i += 1) p[i] = stream.normal()
      solveLowerTransposed(lower, { data: p, at: 0, down: 1, across: 1 }, dimension, 1)
    },
    velocity(p, v) {
      for (let i = 0; i < dimension; i += 1) {
        let sum = 0
        for (let j = 0; j < dimension; j += 1) sum += (inverse[i * dimension + j] as number) * (p[j] as number)
        v[i] = sum
      }
    },
    update(next) {
      inverse.set(next)
      factor.set(next)
      factorise(lower, dimension)
      // The regularised covariance is at least 5e-3 / (n + 5) times the identity.
      if (Number.isNaN(factor.at(-1))) throw new InternalError('the inverse metric is not positive definite')
    },
  }
}
