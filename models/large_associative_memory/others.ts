import { dot, furthest, furthestRelative, type Lab, scaled, signs, type Vector } from 'amp-lang/experiment'
import { drive, type Network, networks, type Synapses } from './networks.ts'
import { inputsOf, randomPoints, randomSynapses, type Texts } from './texts.ts'

/** What holds of A and C alone, and draws of B. */
export async function compareOthers(lab: Lab, { of, hopfield }: Texts) {
  const random = lab.random('others')
  // With every memory its negative: F = max(x, 0)^2 / 2 of both is x^2 / 2.
  const half = Array.from({ length: 4 }, () => signs(random, 9))
  const s: Synapses = { xi: [...half, ...half.map((x) => scaled(x, -1))], input: scaled(half[0] as Vector, 0), lag: 0.3 }
  const spins = Array.from({ length: 20 }, () => signs(random, 9))
  const square: Network = { ...networks.sign, params: { n: 2 } }
  const quadratic = await lab.energies(
    of.sign,
    inputsOf(
      square,
      s,
      spins.map((v) => ({ v, h: drive(s, v) })),
    ),
  )
  const round = randomSynapses(random, networks.C, 4, 6)
  const points = randomPoints(random, round, 20)
  const larger = points.map(({ v, h }, k) => ({ v: scaled(v, 0.1 + k), h }))
  const drawn = await lab.sample(
    hopfield,
    {
      memory: {
        xi: [
          [0, 0],
          [1, 0.5],
          [-0.5, 1.2],
        ],
      },
      param: { beta: 2 },
    },
    { temperature: 1 / 2, draws: lab.quick ? 500 : 4000 },
  )
  const row = drawn.summary.find(({ name }) => name === 'x[1]')
  return {
    classical: furthest(
      quadratic,
      spins.map((v) => -half.reduce((sum, x) => sum + dot(x, v) ** 2, 0) / 2),
    ),
    scale: furthestRelative(
      await lab.energies(of.C, inputsOf(networks.C, round, larger)),
      await lab.energies(of.C, inputsOf(networks.C, round, points)),
    ),
    drawn: { value: row?.mean ?? Number.NaN, error: row?.mcse_mean ?? Number.NaN },
  }
}
