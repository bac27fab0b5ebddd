import { experiment } from 'amp-lang/experiment'
import { moments } from './draws.ts'
import { compare } from './identities.ts'
import { LOADS, overlaps } from './recall.ts'

const theory = 'Hopfield 1982'
const statistics = 'Amit, Gutfreund and Sompolinsky 1987: retrieval up to 0.138 patterns a neuron'
const simulation = 'independent simulation: 1000 neurons, from stored patterns'

const overlap = (
  load: keyof typeof LOADS,
  source: number,
  bound: { readonly least?: number; readonly most?: number },
  where = simulation,
) => ({ what: `mean overlap at ${LOADS[load]} patterns a neuron`, source, where, bound }) as const

export default experiment({
  title: 'The classical Hopfield network and its capacity',
  source: 'Hopfield 1982, PNAS 79; Amit, Gutfreund and Sompolinsky 1987',
  seconds: 20,
  seed: 1,
  claims: {
    energy: { what: "energy + K/2 against -s'Js/2 without self-couplings", source: 0, where: theory, unit: 'nats', bound: { most: 1e-10 } },
    overlaps: { what: 'energy against -N/2 times the squared overlaps', source: 0, where: theory, unit: 'nats', bound: { most: 1e-10 } },
    mirrored: { what: 'energy of s against that of -s', source: 0, where: theory, unit: 'nats', bound: { most: 1e-10 } },
    flip: { what: 'change by a flip against 2 s h', source: 0, where: theory, unit: 'nats', bound: { most: 1e-10 } },
    field: { what: 'chance of +1 given the rest against logistic(2 h / T)', source: 0, where: theory, bound: { most: 1e-10 } },
    drawn: { what: 'Gibbs draws against enumeration, farthest moment in errors', where: theory, bound: { most: 7 } },
    descent: { what: 'largest rise of energy along retrieval', where: theory, unit: 'nats', bound: { most: 1e-9 } },
    low: overlap('low', 0.996, { least: 0.98 }),
    middle: overlap('middle', 0.994, { least: 0.98 }),
    above: overlap('above', 0.684, { most: 0.8 }, statistics),
    high: overlap('high', 0.401, { most: 0.55 }, statistics),
  },
  async run(lab) {
    const model = await lab.load('hopfield.amp')
    const identities = await compare(lab, model)
    const drawn = await moments(lab, model)
    lab.progress(0.3, 'recalling')
    return { measured: { ...identities, drawn, ...(await overlaps(lab, model)) } }
  },
})
