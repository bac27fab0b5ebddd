import { blend, dot, furthest, type Lab, largestRise, logSumExp, norm, normals, numbersOf, softmax, type Vector } from 'amp-lang/experiment'

type Model = Awaited<ReturnType<Lab['load']>>

/** Energies, one step and the way down, against arithmetic of their own; norms of the memories differ. */
export async function compare(lab: Lab, model: Model) {
  const [D, N, beta] = [6, 5, 1.7]
  const random = lab.random('identities')
  const xi = Array.from({ length: N }, () => normals(random, D))
  const states = Array.from({ length: 30 }, () => normals(random, D))
  const given = { memory: { xi }, param: { beta }, cue: { x: states } }
  const E = await lab.energies(model, given)
  const [one, ends] = [await lab.retrieve(model, given, { maxSteps: 1, flow: 'fixed-point' }), await lab.retrieve(model, given)]
  const scores = (x: Vector): Vector => xi.map((p) => beta * dot(p, x))
  const M = Math.max(...xi.map(norm))
  const attended = states.map((x) => blend(softmax(scores(x)), xi))
  // A mixture with means xi, covariance 1/beta and weights in proportion to exp(beta |xi|^2 / 2), without its constants.
  const logDensity = (x: Vector): number =>
    logSumExp(xi.map((p) => (beta / 2) * dot(p, p) - (beta / 2) * x.reduce((sum, v, i) => sum + (v - (p[i] as number)) ** 2, 0)))
  const gaps = states.map((x, k) => beta * (E[k] as number) + logDensity(x))
  return {
    energy: furthest(E, states.map((x) => -logSumExp(scores(x)) / beta + dot(x, x) / 2)), // biome-ignore format: one thought
    least: Math.min(...ends.map((r) => r.energy)) + Math.log(N) / beta + (M * M) / 2,
    attention: Math.max(...one.map((r, k) => furthest(numbersOf(r.states.x), attended[k] as Vector))),
    descent: Math.max(...ends.map((r) => largestRise(r.trace))),
    density: Math.max(...gaps) - Math.min(...gaps),
  }
}
