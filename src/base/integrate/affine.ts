import { expm } from '../linear/expm.ts'
import { exp } from '../special/exponential.ts'
import { expm1 } from '../special/hyperbolic.ts'
import { log } from '../special/logarithm.ts'
import { pow } from '../special/pow.ts'

/** `dy = (A y + b + b' (t - from)) dt + g dW` with everything else constant: A by rows; `ramp` and `noise` may be left out. */
export interface AffineSystem {
  readonly length: number
  readonly matrix: Float64Array
  readonly constant: Float64Array
  /** b', by which the constant part rises in a unit of time. */
  readonly ramp?: Float64Array
  /** g: what the increments of independent Wiener processes are multiplied by. */
  readonly noise?: Float64Array
}

/** Its solution over a stretch of time, exact to rounding. */
export interface AffineFlow {
  /** Numbers that move together: positions, one list for each group that A couples. */
  readonly groups: readonly Int32Array[]
  /** y at `from + elapsed` when it is `y` at `from`; where there is noise, its mean. */
  advance(y: Float64Array, elapsed: number, out: Float64Array): void
  /** Adds the noise that has come together over `elapsed`, from as many standard normal numbers as y has. */
  shake(elapsed: number, normal: Float64Array, out: Float64Array): void
}

/** Solves each group that A couples by itself, by exponentials of numbers or of matrices. */
export function affineFlow(system: AffineSystem): AffineFlow {
  const groups = coupled(system.matrix, system.length)
  const flows = groups.map((at) => (at.length === 1 ? single(system, at[0] as number) : together(system, at)))
  return {
    groups,
    advance(y, elapsed, out) {
      for (const flow of flows) flow.advance(y, elapsed, out)
    },
    shake(elapsed, normal, out) {
      for (const flow of flows) flow.shake(elapsed, normal, out)
    },
  }
}

type GroupFlow = Omit<AffineFlow, 'groups'>

/** Positions that are connected through entries of A. */
export function coupled(matrix: Float64Array, n: number): readonly Int32Array[] {
  const group = new Int32Array(n).fill(-1)
  const found: number[][] = []
  for (let first = 0; first < n; first += 1) {
    if ((group[first] as number) >= 0) continue
    const members = [first]
    group[first] = found.length
    for (const i of members)
      for (let j = 0; j < n; j += 1) {
        if ((group[j] as number) >= 0 || (matrix[i * n + j] === 0 && matrix[j * n + i] === 0)) continue
        group[j] = found.length
        members.push(j)
      }
    found.push(members.sort((a, b) => a - b))
  }
  return found.map((members) => Int32Array.from(members))
}

function single({ length, matrix, constant, ramp, noise }: AffineSystem, i: number): GroupFlow {
  const rate = matrix[i * length + i] as number
  const [b, slope, g] = [constant[i] as number, ramp?.[i] ?? 0, noise?.[i] ?? 0]
  return {
    advance(y, elapsed, out) {
      const z = rate * elapsed
      const [one, two] = phis(z)
      out[i] = (y[i] as number) * exp(z) + elapsed * (one * b + two * elapsed * slope)
    },
    shake(elapsed, normal, out) {
      if (g !== 0) out[i] = (out[i] as number) + g * Math.sqrt(elapsed * phis(2 * rate * elapsed)[0]) * (normal[i] as number)
    },
  }
}

/** `(e^z - 1) / z` and `(e^z - 1 - z) / z^2`, by their series near 0. */
function phis(z: number): readonly [number, number] {
  if (z === 0) return [1, 0.5]
  const one = expm1(z) / z
  return [one, Math.abs(z) > 0.1 ? (one - 1) / z : series(z)]
}

function series(z: number): number {
  let [term, sum] = [0.5, 0.5]
  for (let k = 3; k < 20; k += 1) {
    term *= z / k
    sum += term
  }
  return sum
}

/** Exponentials of so many different stretches are kept. */
const KEPT = 64

function together({ length, matrix, constant, ramp, noise }: AffineSystem, at: Int32Array): GroupFlow {
  const m = at.length
  const side = m + 2
  const inner = new Float64Array(m * m)
  const all = new Float64Array(side * side)
  at.forEach((i, r) => {
    at.forEach((j, c) => {
      inner[r * m + c] = matrix[i * length + j] as number
      all[r * side + c] = matrix[i * length + j] as number
    })
    all[r * side + m] = constant[i] as number
    all[r * side + m + 1] = ramp?.[i] ?? 0
  })
  // Beside y stand 1 and the time that has passed.
  all[(m + 1) * side + m] = 1
  const powers = new Map<number, Float64Array>()
  const exponential = (elapsed: number): Float64Array => {
    const known = powers.get(elapsed)
    if (known !== undefined) return known
    const value = expm(
      all.map((v) => v * elapsed),
      side,
    )
    if (powers.size >= KEPT) powers.clear()
    powers.set(elapsed, value)
    return value
  }
  const roots = new Map<number, Float64Array>()
  const spread = (elapsed: number): Float64Array => {
    const known = roots.get(elapsed)
    if (known !== undefined) return known
    const value = rootOf(
      gathered(
        inner,
        Float64Array.from(at, (i) => (noise?.[i] ?? 0) * (noise?.[i] ?? 0)),
        m,
        elapsed,
      ),
      m,
    )
    if (roots.size >= KEPT) roots.clear()
    roots.set(elapsed, value)
    return value
  }
  const place = new Float64Array(m)
  return {
    advance(y, elapsed, out) {
      const e = exponential(elapsed)
      for (let r = 0; r < m; r += 1) {
        let sum = e[r * side + m] as number
        for (let c = 0; c < m; c += 1) sum += (e[r * side + c] as number) * (y[at[c] as number] as number)
        place[r] = sum
      }
      for (let r = 0; r < m; r += 1) out[at[r] as number] = place[r] as number
    },
    shake(elapsed, normal, out) {
      if (noise === undefined || at.every((i) => noise[i] === 0)) return
      const root = spread(elapsed)
      for (let r = 0; r < m; r += 1) {
        let sum = 0
        for (let c = 0; c <= r; c += 1) sum += (root[r * m + c] as number) * (normal[at[c] as number] as number)
        out[at[r] as number] = (out[at[r] as number] as number) + sum
      }
    },
  }
}

/**
 * The covariance of noise after `elapsed`, the integral of `e^(A s) D e^(A' s)`, D diagonal: of a time so short that the series of
 * the integrand ends soon, then twice as long again and again, `Q(2 h) = Q(h) + e^(A h) Q(h) e^(A' h)`.
 */
function gathered(a: Float64Array, diagonal: Float64Array, n: number, elapsed: number): Float64Array {
  let norm = 0
  for (let i = 0; i < n; i += 1) {
    let row = 0
    for (let j = 0; j < n; j += 1) row += Math.abs(a[i * n + j] as number)
    norm = Math.max(norm, row)
  }
  const doublings = Math.max(0, Math.ceil(log(Math.max(norm * elapsed, SHORT) / SHORT) / Math.LN2))
  const h = elapsed / pow(2, doublings)
  let term = new Float64Array(n * n)
  for (let i = 0; i < n; i += 1) term[i * n + i] = h * (diagonal[i] as number)
  let sum = term.slice()
  // The k-th derivative of the integrand is A of the one before, and its transpose.
  for (let k = 2; k < 20; k += 1) {
    const product = multiplied(a, term, n)
    term = product.map((v, p) => ((v + (product[(p % n) * n + Math.floor(p / n)] as number)) * h) / k)
    for (let p = 0; p < sum.length; p += 1) sum[p] = (sum[p] as number) + (term[p] as number)
  }
  let power = expm(
    a.map((v) => v * h),
    n,
  )
  for (let d = 0; d < doublings; d += 1) {
    const later = multiplied(multiplied(power, sum, n), transposed(power, n), n)
    sum = sum.map((v, p) => v + (later[p] as number))
    power = multiplied(power, power, n)
  }
  return sum
}

const SHORT = 0.25

function multiplied(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i += 1)
    for (let k = 0; k < n; k += 1) {
      const factor = a[i * n + k] as number
      for (let j = 0; j < n; j += 1) out[i * n + j] = (out[i * n + j] as number) + factor * (b[k * n + j] as number)
    }
  return out
}

function transposed(a: Float64Array, n: number): Float64Array {
  return a.map((_, p) => a[(p % n) * n + Math.floor(p / n)] as number)
}

/** The lower triangular root of a positive semidefinite matrix; what is left of a column by rounding alone is 0. */
function rootOf(a: Float64Array, n: number): Float64Array {
  const root = new Float64Array(n * n)
  for (let j = 0; j < n; j += 1) {
    let pivot = a[j * n + j] as number
    for (let k = 0; k < j; k += 1) pivot -= (root[j * n + k] as number) * (root[j * n + k] as number)
    if (!(pivot > 1e-14 * (a[j * n + j] as number))) continue
    const d = Math.sqrt(pivot)
    root[j * n + j] = d
    for (let i = j + 1; i < n; i += 1) {
      let sum = a[i * n + j] as number
      for (let k = 0; k < j; k += 1) sum -= (root[i * n + k] as number) * (root[j * n + k] as number)
      root[i * n + j] = sum / d
    }
  }
  return root
}
