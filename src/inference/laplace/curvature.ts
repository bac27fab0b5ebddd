import type { LogDensity } from '../density/density.ts'

/**
 * Minus the second derivatives of a log density at `q`, row-major. `scales`: about how wide the density is in each coordinate, for who
 * takes differences.
 */
export type MinusHessian = (q: Float64Array, scales: Float64Array) => Float64Array

/** Writes minus the second derivatives of a log density at `q`, times `direction`, into `out`. */
export type HessianProduct = (q: Float64Array, direction: Float64Array, out: Float64Array) => void

/** By products with each direction in turn, a column each. */
export function byProducts(product: HessianProduct): MinusHessian {
  return (q) => {
    const n = q.length
    const matrix = new Float64Array(n * n)
    const [direction, column] = [new Float64Array(n), new Float64Array(n)]
    for (let j = 0; j < n; j += 1) {
      direction.fill(0)
      direction[j] = 1
      product(q, direction, column)
      matrix.set(column, j * n)
    }
    return matrix
  }
}

/** Steps of differences, relative to the scale of each coordinate: what is left out is this squared, what rounds is one over it. */
const DIFFERENCE = 1e-4

/** By central differences of the gradient, made symmetric. */
export function byDifferences(density: LogDensity): MinusHessian {
  const n = density.dimension
  const [above, below] = [new Float64Array(n), new Float64Array(n)]
  return (at, scales) => {
    const matrix = new Float64Array(n * n)
    const q = at.slice()
    for (let j = 0; j < n; j += 1) {
      const centre = at[j] as number
      const h = Math.max(DIFFERENCE * (scales[j] as number), 1e-10 * Math.abs(centre))
      const [up, down] = [centre + h, centre - h]
      q[j] = up
      density.evaluate(q, above)
      q[j] = down
      density.evaluate(q, below)
      q[j] = centre
      for (let i = 0; i < n; i += 1) matrix[i * n + j] = ((below[i] as number) - (above[i] as number)) / (up - down)
    }
    for (let i = 0; i < n; i += 1)
      for (let j = 0; j < i; j += 1) matrix[i * n + j] = ((matrix[i * n + j] as number) + (matrix[j * n + i] as number)) / 2
    return matrix
  }
}
