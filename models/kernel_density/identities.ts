import type { Loaded } from 'amp-lang'
import {
  blend,
  dot,
  type Estimate,
  estimate,
  furthest,
  type Lab,
  largestRise,
  logSumExp,
  minus,
  normals,
  numbersOf,
  ofLength,
  softmax,
  type Vector,
} from 'amp-lang/experiment'
import { patternsOn } from './capacity.ts'

/** The identities, at random points, to independent arithmetic. */
export async function compare(lab: Lab, model: Loaded, hopfield: Loaded) {
  lab.progress(0, 'identities')
  const [N, d, h] = [7, 6, 0.8]
  const random = lab.random('identities')
  const uneven = Array.from({ length: N }, () => normals(random, d))
  const even = uneven.map((x) => ofLength(2, x))
  const points = Array.from({ length: 50 }, () => normals(random, d))
  const given = (xi: readonly Vector[], x: readonly Vector[]) => ({ memory: { xi }, param: { sigma: h }, cue: { x } })
  const minusLog = (xi: readonly Vector[], x: Vector): number => {
    const exponents = xi.map((m) => -dot(minus(x, m), minus(x, m)) / (2 * h * h))
    return Math.log(xi.length) + (d / 2) * Math.log(2 * Math.PI * h * h) - logSumExp(exponents)
  }
  const shifted = (xi: readonly Vector[], x: Vector): Vector =>
    blend(softmax(xi.map((m) => -dot(minus(x, m), minus(x, m)) / (2 * h * h))), xi)
  const attended = (xi: readonly Vector[], x: Vector): Vector => blend(softmax(xi.map((m) => dot(m, x) / (h * h))), xi)
  const step = async (xi: readonly Vector[]): Promise<Vector> =>
    (await lab.retrieve(model, given(xi, points), { flow: 'fixed-point', maxSteps: 1 })).flatMap((r) => numbersOf(r.states.x))

  const grid = Array.from({ length: 601 }, (_, k) => (k - 300) / 20)
  const line = await lab.energies(model, { memory: { xi: [[-1.5], [0.2], [2]] }, param: { sigma: h }, cue: { x: grid.map((v) => [v]) } })
  const attraction = await lab.energies(hopfield, { memory: { xi: even }, param: { beta: 1 / (h * h) }, cue: { x: points } })
  const constant = (2 * 2) / 2 + h * h * (Math.log(N) + (d / 2) * Math.log(2 * Math.PI * h * h))
  const stepped = await step(uneven)
  const evenly = await step(even)
  const evenEnergies = await lab.energies(model, given(even, points))
  const paths = points.slice(0, 5).map((start) => {
    const path = [start]
    for (let k = 0; k < 30; k += 1) path.push(shifted(uneven, path[k] as Vector))
    return path
  })
  const rises = []
  for (const path of paths) rises.push(largestRise(await lab.energies(model, given(uneven, path))))
  return {
    density: furthest(
      await lab.energies(model, given(uneven, points)),
      points.map((x) => minusLog(uneven, x)),
    ),
    integral: Math.abs(line.reduce((sum, e) => sum + Math.exp(-e) / 20, 0) - 1),
    meanShift: furthest(
      stepped,
      points.flatMap((x) => shifted(uneven, x)),
    ),
    attention: furthest(
      evenly,
      points.flatMap((x) => attended(even, x)),
    ),
    unequal: furthest(
      stepped,
      points.flatMap((x) => attended(uneven, x)),
    ),
    hopfield: furthest(
      evenEnergies.map((e) => h * h * e),
      attraction.map((e) => e + constant),
    ),
    descent: Math.max(...rises),
    drawn: await meanSquare(lab, model),
  }
}

/** Of exact draws: 10 of the patterns, and 10 times 2 of the kernel. */
async function meanSquare(lab: Lab, model: Loaded): Promise<Estimate> {
  const xi = patternsOn(lab, 10, 20, 'drawn')
  const { draws } = await lab.sample(
    model,
    { memory: { xi }, param: { sigma: Math.SQRT2 } },
    { sampler: 'exact', chains: 1, draws: lab.quick ? 500 : 4000 },
  )
  const names = draws.names.map((name, at) => ({ name, at })).filter(({ name }) => name.startsWith('x['))
  const [chain] = draws.chains
  const width = draws.names.length
  const lengths = Array.from({ length: chain?.count ?? 0 }, (_, k) =>
    names.reduce((sum, { at }) => sum + (chain?.values[k * width + at] as number) ** 2, 0),
  )
  return estimate(lengths)
}
