import { dot, furthest, type Lab, largestRise, numbersOf, scaled, signs, type Vector } from 'amp-lang/experiment'

type Model = Awaited<ReturnType<Lab['load']>>

/** Energies and one sweep, against arithmetic of their own. */
export async function compare(lab: Lab, model: Model) {
  const N = 20
  const random = lab.random('identities')
  const xi = Array.from({ length: 30 }, () => signs(random, N))
  const states = Array.from({ length: 20 }, () => signs(random, N))
  const F = (x: number, n: number): number => Math.max(x, 0) ** n
  const energy = (patterns: readonly Vector[], s: Vector, n: number): number =>
    -patterns.reduce((sum, p) => sum + F(dot(p, s), n), 0) / N ** (n - 1)
  const given = (n: number, patterns = xi) => ({ memory: { xi: patterns }, param: { n }, cue: { s: states } })
  const sweep = (s: Vector): Vector => {
    const now = [...s]
    for (let i = 0; i < N; i += 1) {
      const difference = xi.reduce((sum, p) => {
        const own = p[i] as number
        const rest = dot(p, now) - own * (now[i] as number)
        return sum + F(rest + own, 3) - F(rest - own, 3)
      }, 0)
      if (difference !== 0) now[i] = Math.sign(difference)
    }
    return now
  }
  const [swept, ends] = [await lab.retrieve(model, given(3), { maxSteps: 1 }), await lab.retrieve(model, given(3))]
  const both = [...xi, ...xi.map((p) => scaled(p, -1))]
  return {
    energy: Math.max(...(await Promise.all([2, 3, 4, 6].map(async (n) => furthest(await lab.energies(model, given(n)), states.map((s) => energy(xi, s, n))))))), // biome-ignore format: one thought
    // The negative part of each square is the positive part of the other sign's.
    quadratic: furthest(await lab.energies(model, given(2, both)), states.map((s) => -xi.reduce((sum, p) => sum + dot(p, s) ** 2, 0) / N)), // biome-ignore format: one thought
    update: swept.reduce((sum, r, k) => sum + differing(numbersOf(r.states.s), sweep(states[k] as Vector)), 0),
    descent: Math.max(...ends.map((r) => largestRise(r.trace))),
  }
}

export const differing = (a: Vector, b: Vector): number => a.filter((v, i) => v !== b[i]).length
