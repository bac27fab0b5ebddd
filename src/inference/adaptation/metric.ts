import { InternalError } from '../../base/internal-error.ts'
import type { OptionsOf } from '../../middle/options.ts'
import type { NoiseSource } from '../density/density.ts'

/**
 * The Euclidean metric of a Hamiltonian sampler: momenta are normal with covariance M; the inverse metric, M^-1,
 * estimates the covariance of the draws.
 */
export interface Metric {
  readonly kind: MetricKind
  readonly dimension: number
  /** The inverse metric: nothing for `unit`, the variances for `diagonal`, row-major covariances for `dense`. */
  readonly inverse: Float64Array
  /** Draws a momentum from N(0, M) into `p`. */
  draw(p: Float64Array, stream: NoiseSource): void
  /** `v = M^-1 p`. */
  velocity(p: Float64Array, v: Float64Array): void
  /** Takes new numbers for the inverse metric. */
  update(inverse: Float64Array): void
}

export type MetricKind = NonNullable<OptionsOf<'sample'>['metric']>

/** The metric of a kind that is the identity until it is updated. */
export function metric(kind: MetricKind, dimension: number): Metric {
  return makers[kind](dimension)
}

const makers: Record<MetricKind, (dimension: number) => Metric> = { unit: unitMetric, diagonal: diagonalMetric, dense: denseMetric }

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

function denseMetric(dimension: number): Metric {
  const inverse = new Float64Array(dimension * dimension)
  for (let i = 0; i < dimension; i += 1) inverse[i * dimension + i] = 1
  const factor = inverse.slice()
  return {
    kind: 'dense',
    dimension,
    inverse,
    // With M^-1 = L L', p = L'^-1 xi has the covariance (L L')^-1 = M.
    draw(p, stream) {
      for (let i = 0; i < dimension; i += 1) p[i] = stream.normal()
      solveTransposed(factor, p)
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
      factorise(factor, dimension)
    },
  }
}

/** Cholesky in place: the lower triangle of `a` becomes L with a = L L'. */
function factorise(a: Float64Array, n: number): void {
  for (let j = 0; j < n; j += 1) {
    for (let i = j; i < n; i += 1) {
      let sum = a[i * n + j] as number
      for (let k = 0; k < j; k += 1) sum -= (a[i * n + k] as number) * (a[j * n + k] as number)
      // The regularised covariance is at least 5e-3 / (n + 5) times the identity.
      if (i === j && !(sum > 0)) throw new InternalError('the inverse metric is not positive definite')
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / (a[j * n + j] as number)
    }
  }
}

/** Solves L' x = b in place. */
function solveTransposed(factor: Float64Array, b: Float64Array): void {
  const n = b.length
  for (let i = n - 1; i >= 0; i -= 1) {
    let sum = b[i] as number
    for (let k = i + 1; k < n; k += 1) sum -= (factor[k * n + i] as number) * (b[k] as number)
    b[i] = sum / (factor[i * n + i] as number)
  }
}
