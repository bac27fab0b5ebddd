import { factorise } from '../../base/linear/cholesky.ts'
import { solveLower, solveLowerTransposed } from '../../base/linear/substitution.ts'
import { log } from '../../base/special/logarithm.ts'
import type { LogDensity } from '../density/density.ts'
import { type DensityMode, findMode } from './mode.ts'

/** Writes minus the second derivatives of a log density at `q`, times `direction`, into `out`. */
export type HessianProduct = (q: Float64Array, direction: Float64Array, out: Float64Array) => void

/** The normal density that has the mode and the second derivatives of another. */
export interface Laplace {
  readonly mode: DensityMode
  /** L with L L' = minus the Hessian at the mode, row-major; undefined where that is not positive definite. */
  readonly factor: Float64Array | undefined
  /** log det of minus the Hessian. */
  readonly logDeterminant: number
  /** log of the integral as if the density were normal: its height, plus d/2 log 2 pi, less half the log determinant. */
  readonly logIntegral: number
}

export function laplace(density: LogDensity, product: HessianProduct, start: Float64Array): Laplace {
  const n = density.dimension
  const found = findMode(density, start)
  const mode = polished(density, product, found)
  const factor = factorAt(product, mode.at)
  let logDeterminant = 0
  for (let i = 0; i < n; i += 1) logDeterminant += 2 * log(factor[i * n + i] as number)
  return {
    mode,
    factor: Number.isFinite(logDeterminant) ? factor : undefined,
    logDeterminant,
    logIntegral: mode.logDensity + 0.5 * (n * log(2 * Math.PI) - logDeterminant),
  }
}

/** Newton's steps at the end: an error of the mode counts once in the determinant, and twice in the height alone. */
const POLISH = 3

function polished(density: LogDensity, product: HessianProduct, found: DensityMode): DensityMode {
  let mode = found
  for (let k = 0; k < POLISH && mode.converged; k += 1) {
    const factor = factorAt(product, mode.at)
    const step = Float64Array.from(mode.gradient)
    const [l, x] = [square(factor, step.length), { data: step, at: 0, down: 1, across: 1 }]
    solveLower(l, x, step.length, 1)
    solveLowerTransposed(l, x, step.length, 1)
    const at = mode.at.map((v, i) => v + (step[i] as number))
    const gradient = new Float64Array(at.length)
    const logDensity = density.evaluate(at, gradient)
    if (!(largest(gradient) < largest(mode.gradient))) return mode
    mode = { ...mode, at, gradient, logDensity }
  }
  return mode
}

const largest = (x: Float64Array): number => x.reduce((most, v) => Math.max(most, Math.abs(v)), 0)

const square = (data: Float64Array, n: number) => ({ data, at: 0, down: n, across: 1 })

/** NaN from where on it is not positive definite. */
function factorAt(product: HessianProduct, at: Float64Array): Float64Array {
  const factor = minusHessian(product, at)
  factorise(square(factor, at.length), at.length)
  return factor
}

/** All of it, a column at a time. */
export function minusHessian(product: HessianProduct, at: Float64Array): Float64Array {
  const n = at.length
  const matrix = new Float64Array(n * n)
  const [direction, column] = [new Float64Array(n), new Float64Array(n)]
  for (let j = 0; j < n; j += 1) {
    direction.fill(0)
    direction[j] = 1
    product(at, direction, column)
    matrix.set(column, j * n)
  }
  return matrix
}
