import { dot, furthest, type Lab, largestRise, logSumExp, numbersOf, scaled, signs, type Vector } from 'amp-lang/experiment'

type Model = Awaited<ReturnType<Lab['load']>>

/** Energies of random states of a small network against arithmetic with its couplings. */
export async function compare(lab: Lab, model: Model) {
  const [N, K] = [24, 3]
  const random = lab.random('identities')
  const xi = Array.from({ length: K }, () => signs(random, N))
  const J = Array.from({ length: N }, (_, i) =>
    Array.from({ length: N }, (_, j) => (i === j ? 0 : xi.reduce((sum, p) => sum + (p[i] as number) * (p[j] as number), 0) / N)),
  )
  const states = Array.from({ length: 30 }, () => signs(random, N))
  const of = async (s: readonly Vector[]) => lab.energies(model, { memory: { xi }, cue: { s } })
  const field = (s: Vector): Vector => J.map((row) => dot(row, s))
  const flipped = (s: Vector, i: number): Vector => s.map((v, k) => (k === i ? -v : v))
  const E = await of(states)
  const turned = await of(states.map((s, k) => flipped(s, k % N)))
  const changes = turned.map((e, k) => e - (E[k] as number))
  const predicted = states.map((s, k) => 2 * (s[k % N] as number) * (field(s)[k % N] as number))
  // exp(-E) of the two values of one site, all else held, at T = 1.
  const up = states.map((s, k) => {
    const [here, there] = [E[k] as number, turned[k] as number]
    const plus = (s[k % N] as number) > 0 ? here : there
    return Math.exp(-plus - logSumExp([-here, -there]))
  })
  const ends = await lab.retrieve(model, { memory: { xi }, cue: { s: states } })
  return {
    energy: furthest(E.map((e) => e + K / 2), states.map((s) => -dot(field(s), s) / 2)), // biome-ignore format: one thought
    overlaps: furthest(E, states.map((s) => (-N / 2) * xi.reduce((sum, p) => sum + (dot(p, s) / N) ** 2, 0))), // biome-ignore format: one thought
    mirrored: furthest(E, await of(states.map((s) => scaled(s, -1)))),
    flip: furthest(changes, predicted),
    field: furthest(up, states.map((s, k) => 1 / (1 + Math.exp(-2 * (field(s)[k % N] as number))))), // biome-ignore format: one thought
    descent: Math.max(...ends.map((r) => largestRise(r.trace))),
  }
}

/** Where a retrieval ended. */
export const endOf = (r: Awaited<ReturnType<Lab['retrieve']>>[number]): Vector => numbersOf(r.states.s)
