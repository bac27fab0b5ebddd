import { factorise } from '../../base/linear/cholesky.ts'
import type { MatrixPart } from '../../base/linear/part.ts'
import { solveLower, solveLowerTransposed } from '../../base/linear/substitution.ts'
import { log } from '../../base/special/logarithm.ts'
import type { LogDensity } from '../density/density.ts'
import type { CovarianceRoot } from './covariance-root.ts'
import { dot, type InverseHessian } from './inverse-hessian.ts'
import { LOG_2_PI, normalAround } from './normal.ts'
import { quasiNewton } from './quasi-newton.ts'

/** The normal density of the curvature at a mode. */
export interface LaplaceNormal extends ReturnType<typeof normalAround> {
  /** log p at the mode + n/2 log 2 pi - 1/2 log det of the Hessian: the log of what the normal density integrates to, in nats. */
  readonly logEvidence: number
}

const [STEPS, MEMORY, AT_REST] = [5000, 10, 1e-15]

/** Steps of differences, relative to the spread of each coordinate: what is left out is this squared, what rounds is one over it. */
const DIFFERENCE = 1e-4

/** Newton steps that end on the mode, each of which must bring the gradient down. */
const NEWTON = 5

/** Laplace's approximation around the mode that is reached from `from`, or why there is none. */
export function laplace(density: LogDensity, from: Float64Array): LaplaceNormal | { readonly why: string } {
  const n = density.dimension
  const mode = from.slice()
  let known: InverseHessian | undefined
  for (const { q, hessian } of quasiNewton(density, from, { steps: STEPS, gain: AT_REST, memory: MEMORY })) {
    mode.set(q)
    known = hessian
  }
  const spread = known?.root()?.precisions().map((p) => 1 / Math.sqrt(p)) // biome-ignore format: one thought
  const [gradient, step] = [new Float64Array(n), new Float64Array(n)]
  let value = density.evaluate(mode, gradient)
  let lower = curvature(density, mode, spread ?? mode.map(() => 1))
  for (let k = 0; k < NEWTON && lower !== undefined; k += 1) {
    step.set(gradient)
    solveBoth(lower, step)
    const next = mode.map((v, i) => v + (step[i] as number))
    const slope = new Float64Array(n)
    const there = density.evaluate(next, slope)
    if (!(dot(slope, slope) < dot(gradient, gradient)) || !(there >= value - 1e-9 * (1 + Math.abs(value)))) break
    mode.set(next)
    gradient.set(slope)
    value = there
    lower = curvature(density, mode, inverseScales(lower))
  }
  if (lower === undefined) return { why: 'no mode was found at which the log density curves down in every direction' }
  step.set(gradient)
  solveLower(asMatrix(lower, n), { data: step, at: 0, down: 1, across: 1 }, n, 1)
  if (!(dot(step, step) < 1e-3)) return { why: 'the way up does not come to rest: the log density may rise without end' }
  const root = inverseRoot(lower, n)
  return { ...normalAround(mode, root), logEvidence: value + 0.5 * n * LOG_2_PI + root.logDeterminant }
}

/** The Cholesky factor of minus the Hessian, by central differences of the gradient; undefined where it is not positive definite. */
function curvature(density: LogDensity, at: Float64Array, spread: Float64Array): Float64Array | undefined {
  const n = at.length
  const out = new Float64Array(n * n)
  const [q, above, below] = [at.slice(), new Float64Array(n), new Float64Array(n)]
  for (let j = 0; j < n; j += 1) {
    const centre = at[j] as number
    const h = Math.max(DIFFERENCE * (spread[j] as number), 1e-10 * Math.abs(centre))
    const [up, down] = [centre + h, centre - h]
    q[j] = up
    density.evaluate(q, above)
    q[j] = down
    density.evaluate(q, below)
    q[j] = centre
    for (let i = 0; i < n; i += 1) out[i * n + j] = ((below[i] as number) - (above[i] as number)) / (up - down)
  }
  for (let i = 0; i < n; i += 1)
    for (let j = 0; j < i; j += 1) out[i * n + j] = ((out[i * n + j] as number) + (out[j * n + i] as number)) / 2
  factorise(asMatrix(out, n), n)
  for (let i = 0; i < n; i += 1) if (!((out[i * n + i] as number) > 0)) return undefined
  return out
}

function inverseScales(lower: Float64Array): Float64Array {
  const n = Math.round(Math.sqrt(lower.length))
  return Float64Array.from({ length: n }, (_, i) => {
    let square = 0
    for (let j = 0; j <= i; j += 1) square += (lower[i * n + j] as number) * (lower[i * n + j] as number)
    return 1 / Math.sqrt(square)
  })
}

function solveBoth(lower: Float64Array, x: Float64Array): void {
  const column: MatrixPart = { data: x, at: 0, down: 1, across: 1 }
  solveLower(asMatrix(lower, x.length), column, x.length, 1)
  solveLowerTransposed(asMatrix(lower, x.length), column, x.length, 1)
}

/** Of the inverse of L L': L'^-1. */
function inverseRoot(lower: Float64Array, n: number): CovarianceRoot {
  const part = asMatrix(lower, n)
  const into = (x: Float64Array, out: Float64Array): MatrixPart => {
    if (out !== x) out.set(x)
    return { data: out, at: 0, down: 1, across: 1 }
  }
  let logDeterminant = 0
  for (let i = 0; i < n; i += 1) logDeterminant -= log(lower[i * n + i] as number)
  return {
    dimension: n,
    logDeterminant,
    apply: (x, out) => solveLowerTransposed(part, into(x, out), n, 1),
    applyTransposed: (x, out) => solveLower(part, into(x, out), n, 1),
    precisions: () => inverseScales(lower).map((s) => 1 / (s * s)),
  }
}

function asMatrix(data: Float64Array, n: number): MatrixPart {
  return { data, at: 0, down: n, across: 1 }
}
