import { experiment } from 'amp-lang/experiment'
import { clusters } from './clusters.ts'
import { identities } from './identities.ts'

const workshop = 'workshop paper, equation 12, with the normaliser of a new memory'
const follows = 'follows from the equations'
const simulation = 'independent simulation, online with memories at known places'

export default experiment({
  title: 'An associative memory that makes memories as patterns need them',
  source: 'Schaeffer et al. 2024, arXiv 2402.10202; Associative memory under the probabilistic lens, NeurIPS workshop 2023',
  seconds: 80,
  seed: 1,
  claims: {
    energy: { what: 'beta E* + constant against -log p(v | past)', source: 0, where: workshop, unit: 'nats', bound: { most: 1e-10 } },
    predictive: {
      what: 'energy of a store against its posterior by hand',
      source: 0,
      where: follows,
      unit: 'nats',
      bound: { most: 1e-10 },
    },
    exactMass: {
      what: 'mass of a new memory, alpha / (n + alpha) = 0.24',
      source: 0.24,
      where: follows,
      bound: { least: 0.2399999, most: 0.2400001 },
    },
    printedMass: {
      what: 'the same by the energy as printed',
      source: 0.39,
      where: 'independent simulation',
      bound: { least: 0.38, most: 0.395 },
    },
    printedVaries: {
      what: 'how much the printed energy is off, from v to v',
      source: 0.7,
      where: 'independent simulation',
      unit: 'nats',
      bound: { least: 0.65, most: 0.75 },
    },
    ringInformation: {
      what: 'ring of 5 clusters, 300 patterns, alpha = 1: mean NMI',
      source: 0.989,
      where: simulation,
      bound: { least: 0.97 },
    },
    ringMemories: { what: 'mean number of memories there', source: 5.8, where: simulation, bound: { least: 5, most: 6.5 } },
    mixtureInformation: {
      what: '3 Gaussians, 100 patterns, alpha = 0.1: mean NMI',
      source: 0.857,
      where: simulation,
      bound: { least: 0.8 },
    },
    mixtureMemories: { what: 'mean number of memories there', source: 2.89, where: simulation, bound: { least: 2, most: 4 } },
    moreByAlpha: { what: 'least rise of it, alpha = 0.1, 1, 5', where: simulation, bound: { least: 0.1 } },
    renewed: { what: 'patterns that would be new again, of memories of 5 or more', source: 0, where: follows, bound: { most: 0 } },
    means: { what: 'least NMI with DP-means as the noise vanishes', source: 1, where: follows, bound: { least: 1 - 1e-9 } },
  },
  async run(lab) {
    lab.progress(0, 'identities')
    const found = await identities(lab)
    const { figure, ...grown } = await clusters(lab)
    return { measured: { ...found, ...grown }, figure }
  },
})
