import type { MatrixPart } from '../../base/linear/part.ts'
import { solveLower, solveLowerTransposed } from '../../base/linear/substitution.ts'
import { log } from '../../base/special/logarithm.ts'
import type { LogDensity } from '../density/density.ts'
import type { CovarianceRoot } from '../variational/covariance-root.ts'
import { dot } from '../variational/inverse-hessian.ts'
import { normalAround } from '../variational/normal.ts'
import { byDifferences } from './curvature.ts'
import { asColumn, asMatrix, laplace, scalesBy } from './laplace.ts'

/** The normal density of the curvature at a mode. */
export interface LaplaceNormal extends ReturnType<typeof normalAround> {
  /** The log of what the normal density integrates to where it has the height of the other, in nats. */
  readonly logEvidence: number
}

/** What a Newton step would gain, at most, where the way up has come to rest. */
const AT_REST = 1e-3

/** Laplace's approximation as a density to draw from, by gradients alone; or why there is none. */
export function laplaceNormal(density: LogDensity, from: Float64Array): LaplaceNormal | { readonly why: string } {
  const n = density.dimension
  const { mode, factor, logIntegral } = laplace(density, byDifferences(density), from)
  if (factor === undefined) return { why: 'no mode was found at which the log density curves down in every direction' }
  const step = Float64Array.from(mode.gradient)
  solveLower(asMatrix(factor, n), asColumn(step), n, 1)
  if (!(dot(step, step) < AT_REST)) return { why: 'the way up does not come to rest: the log density may rise without end' }
  return { ...normalAround(mode.at, inverseRoot(factor, n)), logEvidence: logIntegral }
}

/** Of the inverse of L L': L'^-1. */
function inverseRoot(factor: Float64Array, n: number): CovarianceRoot {
  const part = asMatrix(factor, n)
  const into = (x: Float64Array, out: Float64Array): MatrixPart => {
    if (out !== x) out.set(x)
    return asColumn(out)
  }
  let logDeterminant = 0
  for (let i = 0; i < n; i += 1) logDeterminant -= log(factor[i * n + i] as number)
  return {
    dimension: n,
    logDeterminant,
    apply: (x, out) => solveLowerTransposed(part, into(x, out), n, 1),
    applyTransposed: (x, out) => solveLower(part, into(x, out), n, 1),
    precisions: () => scalesBy(factor, n).map((s) => 1 / (s * s)),
  }
}
