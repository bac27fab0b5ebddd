import { blend, furthest, furthestRelative, type Lab, numbersOf, scaled, softmax } from 'amp-lang/experiment'
import { drive, effectiveEnergy, type Network, networks } from './networks.ts'
import { inputsOf, keys, randomPoints, randomSynapses, type Texts, worst } from './texts.ts'

/** Without hidden neurons, by the compiler (`--minimise h`): the one-layer energies at random states, and where the neurons rest. */
export async function compareProfiles(lab: Lab, { of, hopfield }: Texts) {
  const found = { profile: 0, rest: 0, update: 0, profileB: 0 }
  for (const key of keys) {
    const network: Network = networks[key]
    const random = lab.random('profiles', key)
    const s = randomSynapses(random, network, 5, 7)
    const points = randomPoints(random, s, 10)
    const { cue, ...given } = inputsOf(network, s, points)
    const inputs = { ...given, cue: { v: cue.v } }
    const at = await lab.retrieve(of[key], inputs, { minimise: ['h'], maxSteps: 0 })
    const energies = at.map((r) => r.energy)
    const lowest = points.map(({ v }) => effectiveEnergy(network, s, v))
    found.profile = worst([found.profile, furthestRelative(energies, lowest)])
    const rests = points.flatMap(({ v }) => [...drive(s, network.visible.act(v))])
    found.rest = worst([found.rest, furthest(at.flatMap((r) => [...numbersOf(r.eliminated.h?.value)]), rests)]) // biome-ignore format: one line
    if (network.file !== networks.soft.file) continue
    const beta = network.params.beta as number
    const [stepped, attended] = [
      await lab.retrieve(of[key], inputs, { minimise: ['h'], dt: 1, maxSteps: 1 }),
      points.map(({ v }) => blend(softmax(scaled(drive(s, v), beta)), s.xi).map((x, i) => x + (s.input[i] as number))),
    ]
    found.update = worst([found.update, furthest(stepped.flatMap((r) => [...numbersOf(r.states.v)]), attended.flat())]) // biome-ignore format: one line
    const quiet = { ...inputs, param: { ...inputs.param, I: s.input.map(() => 0) } }
    const alone = await lab.energies(hopfield, { memory: { xi: s.xi }, param: { beta }, cue: { x: points.map((p) => p.v) } })
    const profile = (await lab.retrieve(of[key], quiet, { minimise: ['h'], maxSteps: 0 })).map((r) => r.energy)
    found.profileB = worst([found.profileB, furthest(profile, alone)])
  }
  return found
}
