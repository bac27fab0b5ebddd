import { factorise } from '../../base/linear/cholesky.ts'
import type { MatrixPart } from '../../base/linear/part.ts'
import { solveLower } from '../../base/linear/substitution.ts'
import { log } from '../../base/special/logarithm.ts'
import type { CovarianceRoot } from './covariance-root.ts'

/** What L-BFGS knows of the inverse Hessian of minus the log density, from its last steps. */
export interface InverseHessian {
  /** Learns from a step and the change of the gradient of minus the log density; false where its curvature is not positive. */
  learn(step: Float64Array, change: Float64Array): boolean
  /** The inverse Hessian times `x`, into `out`. */
  apply(x: Float64Array, out: Float64Array): void
  /** A square root of it; undefined where it is none to rounding. */
  root(): CovarianceRoot | undefined
}

interface CurvaturePair {
  readonly s: Float64Array
  readonly z: Float64Array
  readonly sz: number
}

/** Curvature below this times |z|^2 is none (Zhang et al. 2022, algorithm 3). */
const LEAST_CURVATURE = 1e-12

/**
 * diag(a) and corrections by the last `memory` steps. The diagonal follows Gilbert and Lemarechal (1989), as in Zhang, Carpenter,
 * Gelman and Vehtari, Pathfinder (2022), algorithm 3.
 */
export function inverseHessian(dimension: number, memory: number): InverseHessian {
  const a = new Float64Array(dimension).fill(1)
  const pairs: CurvaturePair[] = []
  const weights = new Float64Array(memory)
  return {
    learn(step, change) {
      const [sz, zz] = [dot(step, change), dot(change, change)]
      if (!(sz > LEAST_CURVATURE * zz)) return false
      updateDiagonal(a, step, change, sz)
      pairs.push({ s: step.slice(), z: change.slice(), sz })
      if (pairs.length > memory) pairs.shift()
      return true
    },
    /** Two loops (Nocedal 1980). */
    apply(x, out) {
      out.set(x)
      for (let k = pairs.length - 1; k >= 0; k -= 1) {
        const { s, z, sz } = pairs[k] as CurvaturePair
        weights[k] = dot(s, out) / sz
        addTo(out, z, -(weights[k] as number))
      }
      for (let i = 0; i < dimension; i += 1) out[i] = (out[i] as number) * (a[i] as number)
      for (let k = 0; k < pairs.length; k += 1) {
        const { s, z, sz } = pairs[k] as CurvaturePair
        addTo(out, s, (weights[k] as number) - dot(z, out) / sz)
      }
    },
    root: () => rootOf(a, pairs),
  }
}

function updateDiagonal(a: Float64Array, s: Float64Array, z: Float64Array, sz: number): void {
  let [zaz, sas] = [0, 0]
  for (let i = 0; i < a.length; i += 1) {
    zaz += (z[i] as number) * (a[i] as number) * (z[i] as number)
    sas += ((s[i] as number) * (s[i] as number)) / (a[i] as number)
  }
  for (let i = 0; i < a.length; i += 1) {
    const [ai, si, zi] = [a[i] as number, s[i] as number, z[i] as number]
    a[i] = 1 / (zaz / (sz * ai) + (zi * zi) / sz - (zaz * si * si) / (sz * sas * ai * ai))
  }
}

/**
 * diag(a) + W G W', with W = [diag(a) Z, S], is diag(sqrt a) (1 + B G B') diag(sqrt a). With B = Q B' for orthonormal Q, a root of the
 * middle is 1 + Q (L - 1) Q', where L L' = 1 + B' G B'' in the few dimensions of Q (Pathfinder, algorithm 4).
 */
function rootOf(a: Float64Array, pairs: readonly CurvaturePair[]): CovarianceRoot | undefined {
  const n = a.length
  const scales = a.map(Math.sqrt)
  const columns = [
    ...pairs.map(({ z }) => z.map((v, i) => v * (scales[i] as number))),
    ...pairs.map(({ s }) => s.map((v, i) => v / (scales[i] as number))),
  ]
  const basis = orthonormal(columns)
  const size = basis.length
  const lower = middleOf(columns, basis, weightsOf(a, pairs))
  factorise(asPart(lower, size), size)
  const logDeterminant =
    scales.reduce((sum, s) => sum + log(s), 0) + basis.reduce((sum, _, k) => sum + log(lower[k * size + k] as number), 0)
  if (!Number.isFinite(logDeterminant)) return undefined
  const [within, turned] = [new Float64Array(size), new Float64Array(size)]
  /** out += Q (L - 1) Q' x, or with L'. */
  const correct = (x: Float64Array, out: Float64Array, isTransposed: boolean): void => {
    for (let k = 0; k < size; k += 1) within[k] = dot(basis[k] as Float64Array, x)
    turned.fill(0)
    for (let i = 0; i < size; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        const l = lower[i * size + j] as number
        if (isTransposed) turned[j] = (turned[j] as number) + l * (within[i] as number)
        else turned[i] = (turned[i] as number) + l * (within[j] as number)
      }
    }
    if (out !== x) out.set(x)
    for (let k = 0; k < size; k += 1) addTo(out, basis[k] as Float64Array, (turned[k] as number) - (within[k] as number))
  }
  return {
    dimension: n,
    logDeterminant,
    apply(x, out) {
      correct(x, out, false)
      for (let i = 0; i < n; i += 1) out[i] = (out[i] as number) * (scales[i] as number)
    },
    applyTransposed(x, out) {
      for (let i = 0; i < n; i += 1) out[i] = (x[i] as number) * (scales[i] as number)
      correct(out, out, true)
    },
    precisions: () => {
      const row = new Float64Array(size)
      return a.map((ai, i) => {
        for (let k = 0; k < size; k += 1) row[k] = (basis[k] as Float64Array)[i] as number
        const inside = dot(row, row)
        solveLower(asPart(lower, size), { data: row, at: 0, down: 1, across: 1 }, size, 1)
        return (1 - inside + dot(row, row)) / ai
      })
    },
  }
}

/** G, over the columns of W: [0, -R^-1; -R^-T, R^-T (E + Z' diag(a) Z) R^-1], with R the upper triangle of S'Z and E its diagonal. */
function weightsOf(a: Float64Array, pairs: readonly CurvaturePair[]): Float64Array {
  const m = pairs.length
  const inverse = inverseUpper(pairs)
  const middle = new Float64Array(m * m)
  for (let i = 0; i < m; i += 1) {
    for (let j = 0; j < m; j += 1) {
      const [zi, zj] = [(pairs[i] as CurvaturePair).z, (pairs[j] as CurvaturePair).z]
      let sum = i === j ? (pairs[i] as CurvaturePair).sz : 0
      for (let e = 0; e < a.length; e += 1) sum += (zi[e] as number) * (a[e] as number) * (zj[e] as number)
      middle[i * m + j] = sum
    }
  }
  const out = new Float64Array(4 * m * m)
  const put = (i: number, j: number, value: number): void => {
    out[i * 2 * m + j] = value
  }
  for (let i = 0; i < m; i += 1) {
    for (let j = 0; j < m; j += 1) {
      put(i, m + j, -(inverse[i * m + j] as number))
      put(m + j, i, -(inverse[i * m + j] as number))
      let sum = 0
      for (let k = 0; k < m; k += 1) {
        for (let l = 0; l < m; l += 1)
          sum += (inverse[k * m + i] as number) * (middle[k * m + l] as number) * (inverse[l * m + j] as number)
      }
      put(m + i, m + j, sum)
    }
  }
  return out
}

function inverseUpper(pairs: readonly CurvaturePair[]): Float64Array {
  const m = pairs.length
  const out = new Float64Array(m * m)
  for (let j = 0; j < m; j += 1) {
    for (let i = j; i >= 0; i -= 1) {
      let rest = i === j ? 1 : 0
      for (let k = i + 1; k <= j; k += 1)
        rest -= dot((pairs[i] as CurvaturePair).s, (pairs[k] as CurvaturePair).z) * (out[k * m + j] as number)
      out[i * m + j] = rest / (pairs[i] as CurvaturePair).sz
    }
  }
  return out
}

/** 1 + Q' B G B' Q, for the columns of B. */
function middleOf(columns: readonly Float64Array[], basis: readonly Float64Array[], weights: Float64Array): Float64Array {
  const [size, many] = [basis.length, columns.length]
  const inside = basis.map((b) => Float64Array.from(columns, (c) => dot(b, c)))
  const out = new Float64Array(size * size)
  for (let i = 0; i < size; i += 1) {
    const left = new Float64Array(many)
    for (let k = 0; k < many; k += 1)
      for (let l = 0; l < many; l += 1)
        left[l] = (left[l] as number) + ((inside[i] as Float64Array)[k] as number) * (weights[k * many + l] as number)
    for (let j = 0; j < size; j += 1) out[i * size + j] = (i === j ? 1 : 0) + dot(left, inside[j] as Float64Array)
  }
  return out
}

/** Of the span of vectors, by Gram and Schmidt, twice over; those that add nothing are left out. */
function orthonormal(vectors: readonly Float64Array[]): readonly Float64Array[] {
  const basis: Float64Array[] = []
  for (const v of vectors) {
    const rest = v.slice()
    for (let pass = 0; pass < 2; pass += 1) for (const b of basis) addTo(rest, b, -dot(b, rest))
    const length = Math.sqrt(dot(rest, rest))
    if (length > 1e-10 * Math.sqrt(dot(v, v))) basis.push(rest.map((value) => value / length))
  }
  return basis
}

function asPart(data: Float64Array, size: number): MatrixPart {
  return { data, at: 0, down: size, across: 1 }
}

export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i += 1) sum += (x[i] as number) * (y[i] as number)
  return sum
}

export function addTo(to: Float64Array, x: Float64Array, weight: number): void {
  for (let i = 0; i < to.length; i += 1) to[i] = (to[i] as number) + weight * (x[i] as number)
}
