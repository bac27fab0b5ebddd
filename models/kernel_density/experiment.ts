import { experiment } from 'amp-lang/experiment'
import { growths } from './growth.ts'
import { compare } from './identities.ts'
import { wellSeparated } from './separated.ts'

const part4 = 'Schaeffer et al. 2024, Gaussian kernel density estimators as memories'
const numerics = 'capacity against dimension, independent simulation'

export default experiment({
  title: 'Gaussian kernel density estimates as memories, and how much they hold',
  source: 'Schaeffer et al. 2024, arXiv 2402.10202; theorems of Ramsauer et al. 2020, arXiv 2008.02217',
  seconds: 40,
  seed: 1,
  claims: {
    density: { what: 'energy against -log of the density, 50 points', source: 0, where: part4, unit: 'nats', bound: { most: 1e-12 } },
    integral: { what: 'integral of the density against 1', source: 0, where: part4, bound: { most: 1e-12 } },
    meanShift: { what: 'retrieval step against mean shift', source: 0, where: part4, bound: { most: 1e-12 } },
    attention: { what: 'the same against softmax attention, equal norms', source: 0, where: part4, bound: { most: 1e-12 } },
    unequal: { what: 'the same, unequal norms: they differ', where: part4, bound: { least: 0.01 } },
    hopfield: { what: 'h^2 energy against modern Hopfield energy', source: 0, where: part4, unit: 'nats', bound: { most: 1e-12 } },
    descent: { what: 'largest rise of energy in a mean-shift step', source: 0, where: part4, unit: 'nats', bound: { most: 1e-12 } },
    drawn: { what: 'mean |x|^2 of draws, radius^2 10, h^2 = 2, d = 10', source: 30, where: part4, bound: { standardErrors: 5 } },
    line: { what: 'R^2 of log N_c over d = 10..24, 1/h^2 = 0.5', where: numerics, bound: { least: 0.98 } },
    slope: { what: 'last slope of it over its limit 0.387', source: 0.87, where: numerics, bound: { least: 0.75, most: 1 } },
    sixteen: { what: 'N_c at d = 16, 1/h^2 = 0.5', source: 76, where: numerics, unit: 'patterns', bound: { least: 50, most: 110 } },
    sharperLine: { what: 'R^2 of log N_c over d = 10..14, 1/h^2 = 1', where: numerics, bound: { least: 0.98 } },
    sharperSlope: { what: 'last slope of it over its limit 0.623', source: 0.79, where: numerics, bound: { least: 0.75, most: 1 } },
    wider: { what: 'least rise of log N_c as 1/h^2 goes 0.5, 0.75, 1; d = 12', where: numerics, bound: { least: 0.5 } },
    stored: {
      what: 'share of well separated patterns that are stored',
      source: 1,
      where: 'Ramsauer et al. 2020, storage and retrieval of well separated patterns',
      bound: { least: 1 },
    },
    retrieved: {
      what: 'largest one-step error over its bound',
      where: 'Ramsauer et al. 2020, storage and retrieval of well separated patterns',
      bound: { most: 1 },
    },
  },
  async run(lab) {
    const model = await lab.load('kernel_density.amp')
    const hopfield = await lab.load('../modern_hopfield/modern_hopfield.amp')
    const identities = await compare(lab, model, hopfield)
    const separated = await wellSeparated(lab, model, lab.quick ? 30 : 1000)
    const grown = await growths(lab, model)
    return { measured: { ...identities, ...separated, ...grown.measured }, figure: grown.figure }
  },
})
