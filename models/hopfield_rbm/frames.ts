import { dot, minus, normals, type Random, scaled, signs, type Vector } from 'amp-lang/experiment'

/** Patterns that share a random template, of which each has a share of bits turned. */
export function correlated(random: Random, count: number, size: number, turned: number): readonly Vector[] {
  const template = signs(random, size)
  return Array.from({ length: count }, () => template.map((v) => (random.uniform() < turned ? -v : v)))
}

/** Orthonormal vectors of the same span, each from those before it (Gram and Schmidt, twice). */
export function frame(vectors: readonly Vector[]): readonly Vector[] {
  const done: Vector[] = []
  for (const v of vectors) {
    const rest = [...done, ...done].reduce((x, q) => minus(x, scaled(q, dot(q, x))), v)
    done.push(scaled(rest, 1 / Math.sqrt(dot(rest, rest))))
  }
  return done
}

/** The same frame turned: combinations of its vectors by an orthogonal matrix. */
export function turnedFrame(random: Random, vectors: readonly Vector[]): readonly Vector[] {
  const turn = frame(vectors.map(() => normals(random, vectors.length)))
  return turn.map((row) => combination(row, vectors))
}

export function combination(weights: Vector, vectors: readonly Vector[]): Vector {
  return (vectors[0] as Vector).map((_, i) => weights.reduce((sum, w, k) => sum + w * ((vectors[k] as Vector)[i] as number), 0))
}

/** As the memory W[neuron, mode]. */
export const columns = (vectors: readonly Vector[]): readonly Vector[] =>
  (vectors[0] as Vector).map((_, i) => vectors.map((v) => v[i] as number))

/** -s' J s / 2, for the projector J on the span of a frame. */
export const projected = (vectors: readonly Vector[], s: Vector): number => -vectors.reduce((sum, q) => sum + dot(q, s) ** 2, 0) / 2

/** All vectors of signs. */
export function states(size: number): readonly Vector[] {
  return Array.from({ length: 2 ** size }, (_, k) => Array.from({ length: size }, (__, i) => ((k >> i) & 1 ? 1 : -1)))
}
