import { experiment } from 'amp-lang/experiment'
import { compare } from './identities.ts'
import { errors } from './recall.ts'

const paper = 'Demircigil et al. 2017'
const derived = 'follows from the energy'
const simulation = 'independent simulation: stored patterns, one sweep'

export default experiment({
  title: 'A memory of exponentially many patterns',
  source: 'Demircigil, Heusel, Lowe, Upgang and Vermet 2017, arXiv 1702.01929',
  seconds: 60,
  seed: 1,
  claims: {
    energy: { what: 'energy against -sum of exp(overlap - N)', source: 0, where: paper, bound: { most: 1e-12 } },
    update: { what: 'bits of one sweep other than by differences of energies', source: 0, where: paper, bound: { most: 0 } },
    logarithm: { what: 'log of minus the energy + N against minus the energy of the mixture', source: 0, where: derived, unit: 'nats', bound: { most: 1e-10 } }, // biome-ignore format: one claim
    evidence: { what: 'log Z by enumeration against log K + N log(2 cosh beta)', source: 0, where: derived, unit: 'nats', bound: { most: 1e-10 } }, // biome-ignore format: one claim
    drawn: { what: 'Gibbs draws of the mixture against its means, farthest in errors', where: derived, bound: { most: 7 } },
    half: { what: 'bit errors at 2^(N/2) patterns, N = 16, 20 and 24', source: 0, where: simulation, bound: { most: 2e-3 } },
    rising: { what: 'least rise of bit errors from 2^(0.5 N) to 0.7 and 0.9', where: simulation, bound: { least: 1e-4 } },
  },
  async run(lab) {
    const identities = await compare(lab, await lab.load('exponential_memory.amp'), await lab.load('spin_mixture.amp'))
    lab.progress(0.1, 'sweeping')
    return { measured: { ...identities, ...(await errors(lab, await lab.load('exponential_memory.amp'))) } }
  },
})
