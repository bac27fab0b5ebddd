import { experiment } from 'amp-lang/experiment'
import { compare } from './identities.ts'
import { mixture } from './mixture.ts'
import { retrieval } from './retrieval.ts'

const paper = 'Ramsauer et al. 2020'
const derived = 'follows from the energy'

export default experiment({
  title: 'Modern Hopfield networks: attention as one step of retrieval',
  source: 'Ramsauer et al. 2020, arXiv 2008.02217',
  seconds: 20,
  seed: 1,
  claims: {
    energy: { what: 'energy against -lse/beta + x^2/2', source: 0, where: paper, unit: 'nats', bound: { most: 1e-10 } },
    least: { what: 'least energy + log(N)/beta + M^2/2 seen', where: paper, unit: 'nats', bound: { least: 0 } },
    attention: { what: "one step against X' softmax(beta X x)", source: 0, where: paper, bound: { most: 1e-12 } },
    descent: { what: 'largest rise of energy along retrieval', source: 9e-16, where: paper, unit: 'nats', bound: { most: 1e-12 } },
    density: { what: 'beta E against minus the log density of a Gaussian mixture, up to a constant', source: 0, where: derived, unit: 'nats', bound: { most: 1e-9 } }, // biome-ignore format: one claim
    error: { what: 'error of one step over its bound, beta = 0.05, 0.1, 0.2', where: paper, bound: { most: 1 } },
    global: { what: 'fixed points at low beta, from all patterns', source: 1, where: paper, bound: { least: 1, most: 1 } },
    single: { what: 'the same at high beta, of 7 patterns', source: 7, where: paper, bound: { least: 7, most: 7 } },
    means: { what: 'draws at T = 1/beta against the mixture, farthest mean in errors', where: derived, bound: { most: 7 } },
    squares: { what: 'the same, farthest second moment in errors', where: derived, bound: { most: 7 } },
  },
  async run(lab) {
    const model = await lab.load('modern_hopfield.amp')
    const identities = await compare(lab, model)
    const found = await retrieval(lab, model)
    lab.progress(0.4, 'drawing')
    return { measured: { ...identities, ...found, ...(await mixture(lab, model)) } }
  },
})
