import { factorise } from '../../base/linear/cholesky.ts'
import type { MatrixPart } from '../../base/linear/part.ts'
import { solveLower, solveLowerTransposed } from '../../base/linear/substitution.ts'
import { log } from '../../base/special/logarithm.ts'
import type { LogDensity } from '../density/density.ts'
import type { MinusHessian } from './curvature.ts'
import { type DensityMode, findMode } from './mode.ts'

/** The normal density that has the mode and the second derivatives of another. */
export interface Laplace {
  readonly mode: DensityMode
  /** L with L L' = minus the Hessian at the mode, row-major; undefined where that is not positive definite. */
  readonly factor: Float64Array | undefined
  /** log of the integral as if the density were normal: its height, plus d/2 log 2 pi, less half the log determinant. */
  readonly logIntegral: number
}

/** Newton's steps at the end: an error of the mode counts once in the determinant, and twice in the height alone. */
const POLISH = 3

/** Laplace's approximation around the mode that is reached from `start`. */
export function laplace(density: LogDensity, curvature: MinusHessian, start: Float64Array): Laplace {
  const n = density.dimension
  let mode = findMode(density, start)
  let factor = factored(curvature(mode.at, mode.scales()), n)
  for (let k = 0; k < POLISH && factor !== undefined; k += 1) {
    const next = newton(density, mode, factor)
    if (next === undefined) break
    mode = next
    factor = factored(curvature(mode.at, scalesBy(factor, n)), n)
  }
  let logDeterminant = 0
  for (let i = 0; i < n; i += 1) logDeterminant += 2 * log(factor?.[i * n + i] ?? Number.NaN)
  return { mode, factor, logIntegral: mode.logDensity + 0.5 * (n * log(2 * Math.PI) - logDeterminant) }
}

/** One step by the curvature; undefined where the gradient is not less there, or where it is lower by more than rounding. */
function newton(density: LogDensity, mode: DensityMode, factor: Float64Array): DensityMode | undefined {
  const n = density.dimension
  const step = Float64Array.from(mode.gradient)
  solveLower(asMatrix(factor, n), asColumn(step), n, 1)
  solveLowerTransposed(asMatrix(factor, n), asColumn(step), n, 1)
  const at = mode.at.map((v, i) => v + (step[i] as number))
  const gradient = new Float64Array(n)
  const logDensity = density.evaluate(at, gradient)
  const better = largest(gradient) < largest(mode.gradient) && logDensity >= mode.logDensity - 1e-9 * (1 + Math.abs(mode.logDensity))
  return better ? { ...mode, at, gradient, logDensity } : undefined
}

const largest = (x: Float64Array): number => x.reduce((most, v) => Math.max(most, Math.abs(v)), 0)

/** Undefined where the matrix is not positive definite. */
function factored(matrix: Float64Array, n: number): Float64Array | undefined {
  factorise(asMatrix(matrix, n), n)
  for (let i = 0; i < n; i += 1) if (!((matrix[i * n + i] as number) > 0)) return undefined
  return matrix
}

/** How wide each coordinate is, all others held: one over the root of the diagonal of L L'. */
export function scalesBy(factor: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => {
    let square = 0
    for (let j = 0; j <= i; j += 1) square += (factor[i * n + j] as number) * (factor[i * n + j] as number)
    return 1 / Math.sqrt(square)
  })
}

export function asMatrix(data: Float64Array, n: number): MatrixPart {
  return { data, at: 0, down: n, across: 1 }
}

export function asColumn(data: Float64Array): MatrixPart {
  return { data, at: 0, down: 1, across: 1 }
}
