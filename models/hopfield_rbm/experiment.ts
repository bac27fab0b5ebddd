import { experiment } from 'amp-lang/experiment'
import { moments } from './draws.ts'
import { compare } from './identities.ts'
import { recall } from './recall.ts'

const theory = 'Smart and Zilman 2021, forward mapping'
const derived = 'follows from the energies'
const simulation = 'independent simulation: 256 neurons, 10 patterns that share a template'

export default experiment({
  title: 'Hopfield networks as restricted Boltzmann machines with Gaussian hidden units',
  source: 'Smart and Zilman 2021, arXiv 2101.11744',
  seconds: 20,
  seed: 1,
  claims: {
    marginal: {
      what: "lambda integrated: energy against -s'Js/2, all states",
      source: 0,
      where: theory,
      unit: 'nats',
      bound: { most: 1e-10 },
    },
    gauge: { what: 'the same under W O, O orthogonal', source: 0, where: theory, unit: 'nats', bound: { most: 1e-10 } },
    span: { what: 'the same for other bases of the span', source: 0, where: theory, unit: 'nats', bound: { most: 1e-10 } },
    patterns: {
      what: 'projection rule from the patterns against the same',
      source: 0,
      where: theory,
      unit: 'nats',
      bound: { most: 1e-10 },
    },
    least: { what: 'least energy against -N/2', source: 0, where: derived, unit: 'nats', bound: { least: -1e-10, most: 1e-10 } },
    minima: { what: 'states at that energy that are not in the span, or not all', source: 0, where: derived, bound: { most: 0 } },
    fixed: { what: 'patterns that move', source: 0, where: theory, bound: { most: 0 } },
    evidence: {
      what: 'log Z, spins enumerated, against hidden units by quadrature',
      source: 0,
      where: theory,
      unit: 'nats',
      bound: { most: 1e-10 },
    },
    drawn: { what: 'Gibbs draws against enumeration, farthest moment in errors', where: theory, bound: { most: 7 } },
    minimum: { what: "least energy over lambda against -s'Js/2", source: 0, where: derived, unit: 'nats', bound: { most: 1e-10 } },
    minimiser: { what: "where it is least against W's", source: 0, where: derived, bound: { most: 1e-8 } },
    layers: { what: 'energy of both layers against the formula', source: 0, where: theory, unit: 'nats', bound: { most: 1e-10 } },
    unstable: { what: 'unstable bits by the projection rule', source: 0, where: simulation, bound: { most: 0 } },
    hebb: { what: "unstable bits by Hebb's rule", source: 0.145, where: simulation, bound: { least: 0.03 } },
    overlap: { what: 'least overlap recalled from 10 % turned bits', source: 1, where: simulation, bound: { least: 0.98 } },
  },
  async run(lab) {
    const model = await lab.load('hopfield_rbm.amp')
    const projection = await lab.load('projection.amp')
    const identities = await compare(lab, model, projection)
    lab.progress(0.5, 'drawing')
    const drawn = await moments(lab, model)
    lab.progress(0.8, 'recalling')
    return { measured: { ...identities, drawn, ...(await recall(lab, model)) } }
  },
})
