import type { Loaded } from 'amp-lang'
import { furthest, furthestRelative, type Lab, largestRise, numbersOf, slopeFrom } from 'amp-lang/experiment'
import {
  drive,
  effectiveEnergy,
  energy,
  energyRate,
  eulerPath,
  moved,
  type Network,
  networks,
  type Point,
  type Synapses,
  velocity,
} from './networks.ts'
import { compareOthers } from './others.ts'
import { compareSoftmax } from './softmax.ts'
import { inputsOf, keys, randomPoints, randomSynapses, type Texts, worst } from './texts.ts'

/** The identities, at random points of random networks. */
export async function compare(lab: Lab, texts: Texts) {
  lab.progress(0, 'identities')
  const found = { energy: 0, activation: 0, eliminated: 0, variational: Infinity, lyapunov: 0, random: -Infinity }
  for (const key of keys) {
    const network: Network = networks[key]
    const text = texts.of[key]
    for (let k = 0; k < (lab.quick ? 1 : 5); k += 1) {
      const random = lab.random('identities', key, k)
      const s = randomSynapses(random, network, 2 + random.integer(5), 3 + random.integer(6))
      const points = randomPoints(random, s, 10)
      const at = await lab.retrieve(text, inputsOf(network, s, points), { maxSteps: 0 })
      const energies = at.map((r) => r.energy)
      const lowest = points.map(({ v }) => effectiveEnergy(network, s, v))
      const relaxed = points.map(({ v }) => ({ v, h: drive(s, network.visible.act(v)) }))
      found.energy = worst([
        found.energy,
        furthestRelative(
          energies,
          points.map((p) => energy(network, s, p)),
        ),
      ])
      found.activation = worst([
        found.activation,
        furthest(
          at.flatMap((r) => [...numbersOf(r.activations.v), ...numbersOf(r.activations.h)]),
          points.flatMap((p) => [...network.visible.act(p.v), ...network.hidden.act(p.h)]),
        ),
      ])
      found.eliminated = worst([found.eliminated, furthestRelative(await lab.energies(text, inputsOf(network, s, relaxed)), lowest)])
      found.variational = Math.min(found.variational, ...energies.map((e, i) => (e - (lowest[i] as number)) / (1 + Math.abs(e))))
      found.lyapunov = worst([found.lyapunov, await rateError(lab, text, network, s, points)])
      // Euler steps of a hundredth of the shorter time constant.
      const path = eulerPath(network, s, points[0] as Point, Math.min(1, s.lag) / 100, 300)
      const along = await lab.energies(text, inputsOf(network, s, path))
      found.random = worst([found.random, largestRise(along.map((e) => e / (1 + Math.abs(along[0] as number))))])
    }
  }
  return { ...found, ...(await compareSoftmax(lab, texts)), ...(await compareOthers(lab, texts)) }
}

/** dE/dt of the text, by differences of fourth order along the flow, against the paper's quadratic form. */
async function rateError(lab: Lab, text: Loaded, network: Network, s: Synapses, points: readonly Point[]): Promise<number> {
  const tried = points.flatMap((point) => {
    const rate = velocity(network, s, point)
    const step = 1e-3 / (1 + worst([...rate.v, ...rate.h].map(Math.abs)))
    const near = [-2, -1, 1, 2].map((k) => moved(point, rate, k * step))
    // Where all of it is on one side of the kinks of signs and rectifiers.
    const smooth = near.every((p) => [...p.v, ...p.h].every((x, i) => Math.sign(x) === Math.sign([...point.v, ...point.h][i] as number)))
    return smooth ? [{ step, near, expected: energyRate(network, s, point, rate) }] : []
  })
  const energies = await lab.energies(
    text,
    inputsOf(
      network,
      s,
      tried.flatMap((t) => t.near),
    ),
  )
  const rates = tried.map(({ step }, k) => {
    const [a, b, c, d] = energies.slice(4 * k, 4 * k + 4) as [number, number, number, number]
    return slopeFrom([a, b, c, d], step)
  })
  return furthestRelative(
    rates,
    tried.map((t) => t.expected),
  )
}
