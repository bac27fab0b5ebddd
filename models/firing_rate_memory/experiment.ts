import { experiment } from 'amp-lang/experiment'
import { equilibria } from './equilibria.ts'
import { meanField } from './mean-field.ts'
import { recall } from './recall.ts'
import { trajectories } from './trajectories.ts'

const paper = 'Betteti et al. 2024, synaptic matrix and energy'
const simulation = 'independent simulation of the rate network'
const follows = 'a contraction has one fixed point; phi is positive'
const classical = 'mean-field theory of the Boltzmann machine'

export default experiment({
  title: 'Firing rates as an associative memory, and as the mean field of a Boltzmann machine',
  source: 'Betteti, Baggio, Bullo & Zampieri 2024, arXiv 2411.07388',
  seconds: 120,
  seed: 1,
  claims: {
    atRest: { what: 'rescaled memories against where they come to rest', source: 0, where: paper, bound: { most: 1e-9 } },
    energy: { what: 'energy against the integral of the inverse activation', source: 0, where: paper, bound: { most: 1e-9 } },
    stable: {
      what: 'memories that are (un)stable as the eigenvalues say, of 6',
      source: 6,
      where: simulation,
      bound: { least: 6, most: 6 },
    },
    mean: { what: 'relaxed Boltzmann machine against the rate network', source: 0, where: classical, bound: { most: 1e-10 } },
    itself: { what: 'the same with couplings of a unit to itself, b^2 = b', source: 0, where: classical, bound: { most: 1e-10 } },
    equations: { what: 'rates at rest against phi(W x), from the machine', source: 0, where: classical, bound: { most: 1e-7 } },
    divergence: { what: 'energy / T + log Z against KL(q || p), 8 units', source: 0, where: classical, bound: { most: 1e-9 } },
    bound: { what: 'least energy / T + log Z at random rates', where: classical, bound: { least: 0 } },
    descent: { what: 'largest rise of energy on the way', source: 0, where: paper, bound: { most: 1e-9 } },
    balanced: { what: 'net inhibition, 30 % of silent neurons on: share recalled', source: 1, where: simulation, bound: { least: 1 } },
    runaway: { what: 'net excitation, the same: mean rate', source: 1, where: simulation, bound: { least: 0.99 } },
    random: { what: 'inhibition, 10 random memories: share recalled', source: 1, where: simulation, bound: { least: 1 } },
    randomRunaway: { what: 'excitation, the same', source: 0, where: simulation, bound: { most: 0 } },
    few: { what: '500 neurons, 25 memories, 30 % swapped: share recalled', source: 1, where: simulation, bound: { least: 0.99 } },
    asTheySay: {
      what: 'along the flow, memories that are (un)stable as the eigenvalues say, of 6',
      source: 6,
      where: simulation,
      bound: { least: 6, most: 6 },
    },
    flowFew: {
      what: 'the flow, 500 neurons, 25 memories, 30 % swapped: share recalled',
      source: 1,
      where: simulation,
      bound: { least: 0.99 },
    },
    flowMany: { what: 'the flow, 75 memories, the same', source: 0.1, where: simulation, bound: { most: 0.9 } },
    flowBalanced: {
      what: 'the flow, net inhibition, 30 % of silent neurons on: share recalled',
      source: 1,
      where: simulation,
      bound: { least: 1 },
    },
    flowRunaway: { what: 'the flow, net excitation, the same: mean rate', source: 1, where: simulation, bound: { least: 0.99 } },
    contraction: { what: "a gentle slope: sup phi' times the largest eigenvalue of W", where: paper, bound: { most: 0.99 } },
    spread: { what: 'where the flow then ends from 1000 starts, largest distance', source: 0, where: follows, bound: { most: 1e-6 } },
    selected: {
      what: 'and under an input along a memory: share of neurons as the memory has them',
      source: 1,
      where: follows,
      bound: { least: 1 },
    },
    balance: { what: 'excitation less inhibition that a neuron gets, against gamma', source: 0, where: paper, bound: { most: 1e-9 } },
    positive: { what: 'least rate on any trajectory (steps are good to 1e-9)', source: 0, where: follows, bound: { least: -1e-8 } },
    flowRise: { what: 'largest rise of energy along the flow', source: 0, where: paper, bound: { most: 0 } },
  },
  async run(lab) {
    const rest = await equilibria(lab)
    const machine = await meanField(lab)
    const { rises, ...recalled } = await recall(lab)
    const { figure, ...ways } = await trajectories(lab)
    const descent = Math.max(rest.rises, machine.rises, rises)
    const { atRest, energy, stable } = rest
    const { mean, itself, equations, divergence, bound } = machine
    return { measured: { atRest, energy, stable, mean, itself, equations, divergence, bound, descent, ...recalled, ...ways }, figure }
  },
})
