import type { Loaded } from 'amp-lang'
import { dot, type Lab, largestRise, numbersOf, type Vector } from 'amp-lang/experiment'

/** The projection on the patterns, `X (X'X)^-1 X'`, by Gauss-Jordan elimination. */
export function projection(patterns: readonly Vector[]): readonly Vector[] {
  const P = patterns.length
  const rows = patterns.map((x, i) => [...patterns.map((y) => dot(x, y)), ...patterns.map((_, j) => (i === j ? 1 : 0))])
  for (let i = 0; i < P; i += 1) {
    const pivot = rows[i] as number[]
    const scale = pivot[i] as number
    for (let j = 0; j < 2 * P; j += 1) pivot[j] = (pivot[j] as number) / scale
    for (let k = 0; k < P; k += 1) {
      const row = rows[k] as number[]
      const factor = row[i] as number
      if (k !== i) for (let j = 0; j < 2 * P; j += 1) row[j] = (row[j] as number) - factor * (pivot[j] as number)
    }
  }
  const inverse = rows.map((row) => row.slice(P))
  const K = patterns[0]?.length ?? 0
  const weighed = inverse.map((row) =>
    Array.from({ length: K }, (_, k) => row.reduce((s, v, p) => s + v * ((patterns[p] as Vector)[k] as number), 0)),
  )
  return Array.from({ length: K }, (_, k) =>
    Array.from({ length: K }, (_j, j) => patterns.reduce((s, x, p) => s + (x[k] as number) * ((weighed[p] as Vector)[j] as number), 0)),
  )
}

/** The weights between all plus and then all minus neurons, and the inhibition c that all share. */
export function weightsOf(patterns: readonly Vector[], mu: number): { readonly w: readonly Vector[]; readonly c: number } {
  const J = projection(patterns)
  const c = Math.max(...J.flat().map(Math.abs))
  const row = (k: number, sign: number): Vector =>
    [1, -1].flatMap((other) => (J[k] as Vector).map((v, j) => c - sign * other * v + (sign === other && j === k ? mu : 0)))
  return { c, w: [1, -1].flatMap((sign) => J.map((_, k) => row(k, sign))) }
}

/** The rank of a matrix, by elimination with the largest pivot left. */
export function rankOf(matrix: readonly Vector[]): number {
  let rows = matrix.map((row) => [...row])
  const least = 1e-9 * Math.max(...rows.flat().map(Math.abs))
  for (let rank = 0; ; rank += 1) {
    const sizes = rows.map((row) => Math.max(...row.map(Math.abs)))
    const at = sizes.indexOf(Math.max(...sizes))
    const pivot = rows[at]
    if (pivot === undefined || !((sizes[at] as number) > least)) return rank
    const column = pivot.findIndex((v) => Math.abs(v) === sizes[at])
    rows = rows
      .filter((_, i) => i !== at)
      .map((row) => row.map((v, j) => v - ((row[column] as number) / (pivot[column] as number)) * (pivot[j] as number)))
  }
}

/** Rates of the neurons of a pattern, one of each pair. */
export const vertex = (xi: Vector, rate: number): { readonly plus: Vector; readonly minus: Vector } => ({
  plus: xi.map((v) => (v > 0 ? rate : 0)),
  minus: xi.map((v) => (v > 0 ? 0 : rate)),
})

export interface Ended {
  readonly plus: Vector
  readonly minus: Vector
  readonly energy: number
  readonly rises: number
}

/** Where rates come to rest from the vertices of some patterns. */
export async function from(
  lab: Lab,
  model: Loaded,
  patterns: readonly Vector[],
  cues: readonly Vector[],
  mu: number,
): Promise<readonly Ended[]> {
  const { c } = weightsOf(patterns, mu)
  const rate = 1 / (c * (cues[0]?.length ?? 0) + mu - 1)
  const starts = cues.map((x) => vertex(x, rate))
  const cue = { plus: starts.map((s) => s.plus.map((v) => v + rate / 20)), minus: starts.map((s) => s.minus.map((v) => v + rate / 20)) }
  const found = await lab.retrieve(model, { memory: { xi: patterns }, param: { mu }, cue }, { probe: false })
  return found.map((r) => ({
    plus: numbersOf(r.states.plus),
    minus: numbersOf(r.states.minus),
    energy: r.energy,
    rises: largestRise(r.trace),
  }))
}

/** Whether rates are at the vertex of a pattern: of each pair the one neuron active, the other silent. */
export function isVertex({ plus, minus }: Ended, xi: Vector): boolean {
  const most = Math.max(...plus, ...minus)
  return xi.every((v, k) => {
    const [on, off] = v > 0 ? [plus[k], minus[k]] : [minus[k], plus[k]]
    return (on as number) > 0.5 * most && (off as number) < 1e-6 * most
  })
}
