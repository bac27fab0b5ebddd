import { dot, minus, norm, normals, type Random, scaled, signs, type Vector } from 'amp-lang/experiment'

/** What is stored: all sums of these vectors with signs, and the constraints that they obey. */
export interface Subspace {
  readonly basis: readonly Vector[]
  /** Orthonormal rows, orthogonal to what is stored. */
  readonly constraints: readonly Vector[]
}

/** `r` random vectors of signs in `n` dimensions. */
export const basisOf = (random: Random, n: number, r: number): readonly Vector[] => Array.from({ length: r }, () => signs(random, n))

/** A stored pattern: a sum of the basis with random signs. */
export function patternOf(random: Random, basis: readonly Vector[]): Vector {
  const by = signs(random, basis.length)
  return (basis[0] as Vector).map((_, i) => basis.reduce((sum, b, j) => sum + (b[i] as number) * (by[j] as number), 0))
}

/** Script: an orthonormal basis of what is orthogonal to all samples, by Gram and Schmidt, twice for rounding. */
export function constraintsOf(random: Random, samples: readonly Vector[]): readonly Vector[] {
  const n = (samples[0] as Vector).length
  const spanned: Vector[] = []
  for (const s of samples) {
    const rest = without(s, spanned)
    // 1e-8: what is left of a vector in the span is rounding.
    if (norm(rest) > 1e-8 * norm(s)) spanned.push(scaled(rest, 1 / norm(rest)))
  }
  const found: Vector[] = []
  while (spanned.length + found.length < n) {
    const rest = without(normals(random, n), [...spanned, ...found])
    found.push(scaled(rest, 1 / norm(rest)))
  }
  return found
}

function without(v: Vector, orthonormal: readonly Vector[]): Vector {
  const once = (from: Vector): Vector => orthonormal.reduce((left, q) => minus(left, scaled(q, dot(q, left))), from)
  return once(once(v))
}

/** Errors of 5 to 20 at `k` places. */
export function errorOf(random: Random, n: number, k: number): Vector {
  const places = new Set<number>()
  while (places.size < k) places.add(random.integer(n))
  return Array.from({ length: n }, (_, i) => (places.has(i) ? (random.uniform() < 0.5 ? -1 : 1) * (5 + 15 * random.uniform()) : 0))
}
