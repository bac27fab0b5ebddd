import { experiment } from 'amp-lang/experiment'
import { compare } from './identities.ts'
import { errors } from './recall.ts'

const paper = 'Krotov and Hopfield 2016'
const simulation = 'independent simulation: stored patterns, one sweep'

const below = (n: number) =>
  ({ what: `bit errors at N^(n-1) / (2 (2n-3)!! ln N) patterns, n = ${n}`, source: 0, where: simulation, bound: { most: 1e-3 } }) as const
const beyond = (n: number, source: number) =>
  ({ what: `bit errors at eight times as many, n = ${n}`, source, where: simulation, bound: { least: 0.04, most: 0.1 } }) as const

export default experiment({
  title: 'Dense associative memories, whose capacity is a power of the number of neurons',
  source: 'Krotov and Hopfield 2016, arXiv 1606.01164',
  seconds: 60,
  seed: 1,
  claims: {
    energy: { what: 'energy against -sum of powers of overlaps', source: 0, where: paper, unit: 'nats', bound: { most: 1e-10 } },
    quadratic: { what: 'n = 2, both signs of every pattern: energy against the classical one', source: 0, where: paper, unit: 'nats', bound: { most: 1e-10 } }, // biome-ignore format: one claim
    update: { what: 'bits of one sweep other than by differences of energies', source: 0, where: paper, bound: { most: 0 } },
    descent: { what: 'largest rise of energy along retrieval', where: paper, unit: 'nats', bound: { most: 1e-9 } },
    below2: below(2),
    below3: below(3),
    below4: below(4),
    beyond2: beyond(2, 0.071),
    beyond3: beyond(3, 0.057),
    beyond4: beyond(4, 0.067),
  },
  async run(lab) {
    const model = await lab.load('dense_associative_memory.amp')
    const identities = await compare(lab, model)
    lab.progress(0.1, 'sweeping')
    return { measured: { ...identities, ...(await errors(lab, model)) } }
  },
})
