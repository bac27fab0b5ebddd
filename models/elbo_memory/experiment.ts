import { experiment } from 'amp-lang/experiment'
import { clusters } from './clusters.ts'
import { compare } from './identities.ts'

const poster = 'Schaeffer et al. 2023, poster and corrected equations: the ELBO memory'
const follows = 'follows from the equations'

export default experiment({
  title: 'An associative memory of assignments, whose energy is minus an ELBO',
  source: 'Schaeffer et al. 2024, arXiv 2402.10202; Associative memory under the probabilistic lens, NeurIPS workshop 2023',
  seconds: 20,
  seed: 1,
  claims: {
    energy: { what: 'energy against minus the ELBO, K up to 50', source: 0, where: poster, unit: 'nats', bound: { most: 1e-11 } },
    relaxed: { what: 'the mixture, relaxed, against it', source: 0, where: follows, unit: 'nats', bound: { most: 1e-11 } },
    divergence: { what: 'energy + log p(x) against KL(q || posterior)', source: 0, where: poster, unit: 'nats', bound: { most: 1e-11 } },
    least: { what: 'least energy + log p(x) among random q', where: poster, unit: 'nats', bound: { least: 0 } },
    mirror: { what: 'one mirror step against the posterior', source: 0, where: follows, bound: { most: 1e-12 } },
    vertex: { what: 'the same from vertices of the simplex', source: 0, where: follows, bound: { most: 1e-12 } },
    mixtureStep: { what: 'the same of the relaxed mixture', source: 0, where: follows, bound: { most: 1e-12 } },
    steps: { what: 'steps to rest', source: 1, where: follows, bound: { least: 1, most: 1 } },
    slope: { what: 'dE/dv of logits v against (q q^T - diag q)(log p - log q)', source: 0, where: poster, bound: { most: 1e-6 } },
    firstShift: { what: 'sum of q mu at rest against one mean-shift step', source: 0, where: follows, bound: { most: 1e-12 } },
    descent: { what: 'largest rise of energy, E and M steps', source: 0, where: poster, unit: 'nats', bound: { most: 1e-9 } },
    information: {
      what: 'mean NMI of 3 clusters 6 sd apart, 300 points',
      source: 0.985,
      where: 'independent simulation',
      bound: { least: 0.97 },
    },
    centres: { what: 'mean error of a centre', source: 0.126, where: 'independent simulation', unit: 'sd', bound: { most: 0.2 } },
    tight: { what: 'ELBO against log likelihood at rest, a point', source: 0, where: poster, unit: 'nats', bound: { most: 1e-6 } },
  },
  async run(lab) {
    const identities = await compare(lab)
    const { figure, ...found } = await clusters(lab)
    return { measured: { ...identities, ...found }, figure }
  },
})
