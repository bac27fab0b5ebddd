import { experiment } from 'amp-lang/experiment'
import { geometry } from './geometry.ts'
import { learned } from './learned.ts'
import { recall } from './recall.ts'
import { spiking } from './spiking.ts'

const sheet = 'quadratic program of the paired code, independent simulation'
const follows = 'follows from the energy'

export default experiment({
  title: 'Binary patterns as vertices, kept by nonnegative rates that inhibit each other',
  source: 'after Podlaski & Machens 2024, arXiv 2411.17485: a construction with the stated properties, not the text of the paper',
  seconds: 180,
  seed: 1,
  claims: {
    energy: { what: 'energy against r w r / 2 - h r with the weights written out', source: 0, where: follows, bound: { most: 1e-9 } },
    inhibits: { what: 'least weight', where: follows, bound: { least: 0 } },
    rate: { what: 'rates at a vertex against h / (c K + mu - 1), relative', source: 0, where: follows, bound: { most: 1e-3 } },
    active: { what: 'at rest, (w r)_i - h of active neurons', source: 0, where: follows, bound: { most: 1e-6 } },
    silent: { what: 'at rest, least (w r)_i - h of silent neurons', where: follows, bound: { least: -1e-6 } },
    hopfield: { what: 'energy at vertices against the Hopfield energy + const', source: 0, where: follows, bound: { most: 1e-9 } },
    mirrored: { what: 'energy with plus and minus exchanged', source: 0, where: follows, bound: { most: 1e-9 } },
    kept: { what: 'vertices kept at mu = 1.1, 1.5, 1.9', source: 1, where: sheet, bound: { least: 1 } },
    tooLittle: { what: 'the same at mu = 0.9', source: 0, where: sheet, bound: { most: 0 } },
    tooMuch: { what: 'the same at mu = 2.1', source: 0, where: sheet, bound: { most: 0 } },
    capacity: { what: 'share of vertices kept at P = 0.8 K, K = 25, 50, 100', source: 1, where: sheet, bound: { least: 1 } },
    completed: { what: 'K = 100, P = 10, 20 % flipped: share recalled', source: 1, where: sheet, bound: { least: 0.95 } },
    overlapping: { what: 'pairs that share 50, 70, 90 %: vertices kept', source: 1, where: sheet, bound: { least: 1 } },
    spikingRate: { what: 'spikes: mean rates at a vertex against the same, relative', source: 0, where: sheet, bound: { most: 1e-2 } },
    spikingSilent: { what: 'spikes: largest rate of a silent neuron, relative', source: 0, where: follows, bound: { most: 1e-2 } },
    boundary: {
      what: 'spikes: distance of the potentials from the nearest threshold, in spikes',
      where: 'stated in words',
      bound: { most: 1 },
    },
    spikingCompleted: {
      what: 'spikes: K = 100, P = 10, 20 % flipped: share recalled',
      source: 1,
      where: 'stated in words; independent simulation',
      bound: { least: 0.95 },
    },
    rank: { what: 'rank of the weights without the self-connections, less P + 1', source: 0, where: follows, bound: { most: 0 } },
    learnedKept: {
      what: 'learned weights: share of vertices kept at P = K / 2, K = 25, 50, 100',
      source: 1,
      where: 'stated in words',
      bound: { least: 1 },
    },
    learnedAway: { what: 'learned weights against the projection on the patterns', source: 0, where: follows, bound: { most: 1e-3 } },
    onceKept: { what: 'the same after every pattern was shown once', where: follows, bound: { most: 0.9 } },
    descent: { what: 'largest rise of energy on the way', source: 0, where: follows, bound: { most: 1e-9 } },
  },
  async run(lab) {
    const { rises: first, ...identities } = await geometry(lab)
    const { rises, ...recalled } = await recall(lab)
    const { figure, ...spikes } = await spiking(lab)
    return { measured: { ...identities, ...recalled, ...spikes, ...(await learned(lab)), descent: Math.max(first, rises) }, figure }
  },
})
