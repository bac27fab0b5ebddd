import type { Loaded } from 'amp-lang'
import {
  blend,
  dot,
  furthest,
  furthestRelative,
  type Lab,
  largestRise,
  logSumExp,
  minus,
  normals,
  numbersOf,
  ofLength,
  plus,
  scaled,
  softmax,
  type Vector,
} from 'amp-lang/experiment'
import { drive, networks, type Synapses } from './networks.ts'
import { inputsOf, randomPoints, randomSynapses, type Texts, worst } from './texts.ts'

/** What holds of B alone. */
export async function compareSoftmax(lab: Lab, { of, hopfield, density }: Texts) {
  const beta = 0.3
  const network = networks.soft
  const random = lab.random('softmax')
  const s = { ...randomSynapses(random, network, 5, 7), input: scaled(normals(random, 7), 0) }
  const points = randomPoints(random, s, 50)
  const relaxed = points.map(({ v }) => ({ v, h: drive(s, v) }))
  const below = await lab.energies(of.soft, inputsOf(network, s, relaxed))
  const single = await lab.energies(hopfield, { memory: { xi: s.xi }, param: { beta }, cue: { x: points.map((p) => p.v) } })
  const above = await lab.energies(of.soft, inputsOf(network, s, points))
  const divergences = points.map(({ v, h }) => {
    const [q, p] = [softmax(scaled(h, beta)), softmax(scaled(drive(s, v), beta))]
    return q.reduce((sum, qk, k) => sum + qk * Math.log(qk / (p[k] as number)), 0)
  })
  const logWeights = s.xi.map((x) => (beta * dot(x, x)) / 2)
  const constant = logSumExp(logWeights) + (7 / 2) * Math.log((2 * Math.PI) / beta)
  const logMixture = points.map(({ v }) =>
    logSumExp(
      s.xi.map(
        (x, k) =>
          (logWeights[k] as number) -
          logSumExp(logWeights) -
          (7 / 2) * Math.log((2 * Math.PI) / beta) -
          (beta * dot(minus(v, x), minus(v, x))) / 2,
      ),
    ),
  )
  const attended = points.map(({ v }) => blend(softmax(scaled(drive(s, v), beta)), s.xi))
  const stepped = await lab.retrieve(of.soft, inputsOf(network, s, relaxed), { dt: 1, maxSteps: 1 })
  // Memories of one length weigh the same, as the kernels of a density estimate do.
  const even = { ...s, xi: s.xi.map((x) => ofLength(2, x)) }
  const attending = await lab.retrieve(
    of.soft,
    inputsOf(
      network,
      even,
      points.map(({ v }) => ({ v, h: drive(even, v) })),
    ),
    { maxSteps: 0 },
  )
  const given = { memory: { xi: even.xi }, param: { sigma: 1 / Math.sqrt(beta) }, cue: { x: points.map((p) => p.v) } }
  const responsible = await lab.retrieve(density, given, { maxSteps: 0 })
  const paths = await Promise.all(
    points
      .slice(0, 5)
      .map(async ({ v }) => [await adiabatic(lab, hopfield, s, beta, v, 0.01, 500), await adiabatic(lab, hopfield, s, beta, v, 1, 50)]),
  )
  return {
    hopfield: furthest(below, single),
    responsibilities: furthest(
      attending.flatMap((r) => numbersOf(r.activations.h)),
      responsible.flatMap((r) => numbersOf(r.responsibilities.cue.which)),
    ),
    divergence: furthestRelative(
      above.map((e, i) => beta * (e - (below[i] as number))),
      divergences,
    ),
    mixture: furthest(
      single.map((e) => -beta * e - constant),
      logMixture,
    ),
    attention: furthest(
      stepped.flatMap((r) => numbersOf(r.states.v)),
      attended.flat(),
    ),
    adiabatic: worst(paths.map(([slow]) => slow as number)),
    discrete: worst(paths.map(([, whole]) => whole as number)),
  }
}

/** The largest rise of the modern Hopfield energy along v <- v + dt (xi' softmax(beta xi v) - v). */
async function adiabatic(lab: Lab, hopfield: Loaded, s: Synapses, beta: number, from: Vector, dt: number, steps: number): Promise<number> {
  const path = [from]
  for (let k = 0; k < steps; k += 1) {
    const v = path[k] as Vector
    path.push(plus(scaled(v, 1 - dt), scaled(blend(softmax(scaled(drive(s, v), beta)), s.xi), dt)))
  }
  return largestRise(await lab.energies(hopfield, { memory: { xi: s.xi }, param: { beta }, cue: { x: path } }))
}
