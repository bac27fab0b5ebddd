import { dot, furthest, furthestRelative, type Lab, signs, type Vector } from 'amp-lang/experiment'
import { from, rankOf, vertex, weightsOf } from './weights.ts'

/** The energy against its weights written out, and the conditions of its places of rest. */
export async function geometry(lab: Lab) {
  lab.progress(0, 'identities')
  const model = await lab.load('rectified_memory.amp')
  const random = lab.random('geometry')
  const [K, mu] = [40, 1.5]
  const patterns = Array.from({ length: 4 }, () => signs(random, K))
  const { w, c } = weightsOf(patterns, mu)
  const given = { memory: { xi: patterns }, param: { mu } }
  const points = Array.from({ length: 4 }, () => ({ plus: rates(), minus: rates() }))
  function rates(): Vector {
    return Array.from({ length: K }, () => random.uniform() / 5)
  }
  const energies = (all: readonly { readonly plus: Vector; readonly minus: Vector }[]) =>
    lab.energies(model, { ...given, cue: { plus: all.map((p) => p.plus), minus: all.map((p) => p.minus) } })
  const found = await energies(points)
  const written = points.map(({ plus, minus }) => energyOf(w, [...plus, ...minus]))
  const expected = 1 / (c * K + mu - 1)
  const ends = await from(lab, model, patterns, patterns, mu)
  const slopes = ends.map(({ plus, minus }) => {
    const r = [...plus, ...minus]
    return w.map((row, i) => ({ slope: dot(row, r) - 1, on: (r[i] as number) > 1e-9 }))
  })
  const others = Array.from({ length: 6 }, () => signs(random, K))
  const J = w.slice(0, K).map((row, k) => row.slice(0, K).map((v, j) => c - v + (j === k ? mu : 0)))
  const atVertices = await energies(others.map((x) => vertex(x, 0.1)))
  const hopfield = others.map(
    (x) =>
      (-0.01 *
        dot(
          x,
          J.map((row) => dot(row, x)),
        )) /
      2,
  )
  return {
    energy: furthest(found, written),
    rank: rankOf(w.map((row, i) => row.map((v, j) => v - (i === j ? mu : 0)))) - (patterns.length + 1),
    inhibits: Math.min(...w.flat()),
    rate: Math.max(
      ...ends.map((e, p) =>
        furthestRelative(
          activeOf(e, patterns[p] as Vector),
          (patterns[p] as Vector).map(() => expected),
        ),
      ),
    ),
    active: Math.max(
      ...slopes
        .flat()
        .filter((s) => s.on)
        .map((s) => Math.abs(s.slope)),
    ),
    silent: Math.min(
      ...slopes
        .flat()
        .filter((s) => !s.on)
        .map((s) => s.slope),
    ),
    hopfield: furthest(
      atVertices.map((e) => e - (atVertices[0] as number)),
      hopfield.map((e) => e - (hopfield[0] as number)),
    ),
    mirrored: furthest(found, await energies(points.map(({ plus, minus }) => ({ plus: minus, minus: plus })))),
    rises: Math.max(...ends.map((e) => e.rises)),
  }
}

const energyOf = (w: readonly Vector[], r: Vector): number =>
  dot(
    r,
    w.map((row) => dot(row, r)),
  ) /
    2 -
  r.reduce((a, b) => a + b, 0)

const activeOf = ({ plus, minus }: { readonly plus: Vector; readonly minus: Vector }, xi: Vector): readonly number[] =>
  xi.map((v, k) => (v > 0 ? plus[k] : minus[k]) as number)
