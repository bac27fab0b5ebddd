import { experiment } from 'amp-lang/experiment'
import { drawing } from './drawing.ts'
import { compare } from './identities.ts'
import { lagging } from './lagging.ts'
import { compareProfiles } from './profiles.ts'
import { recall } from './recall.ts'
import { load } from './texts.ts'

const theory = 'Krotov and Hopfield 2020, energy of two layers and its three cases'
const derived = 'follows from the energies'
const simulation = 'independent simulation: 20 visible and 6 hidden neurons, 4 bits flipped, to time 8'

export default experiment({
  title: 'Two layers of neurons: dense associative memory, modern Hopfield network and spherical memory',
  source: 'Krotov and Hopfield 2020, arXiv 2008.06996',
  seconds: 20,
  seed: 1,
  claims: {
    energy: { what: 'energy against the formula, relative', source: 0, where: theory, bound: { most: 1e-12 } },
    activation: { what: 'activations against the formula', source: 0, where: theory, bound: { most: 1e-12 } },
    eliminated: { what: 'energy at h = xi g against the one-layer energy, relative', source: 0, where: theory, bound: { most: 1e-12 } },
    profile: { what: 'energy with --minimise h against the one-layer energy, relative', source: 0, where: theory, bound: { most: 1e-12 } },
    rest: { what: 'hidden neurons with --minimise h against xi g', source: 0, where: theory, bound: { most: 1e-12 } },
    profileB: {
      what: 'B with --minimise h against modern Hopfield energy',
      source: 0,
      where: theory,
      unit: 'nats',
      bound: { most: 1e-12 },
    },
    update: { what: 'B with --minimise h, step dt = tau, against attention', source: 0, where: theory, bound: { most: 1e-12 } },
    hopfield: { what: 'B at h = xi g against modern Hopfield energy', source: 0, where: theory, unit: 'nats', bound: { most: 1e-12 } },
    classical: { what: "A, F = x^2/2, against -s' xi' xi s / 2", source: 0, where: theory, bound: { most: 1e-12 } },
    attention: { what: 'B, step dt = tau, against attention', source: 0, where: theory, bound: { most: 1e-12 } },
    scale: { what: 'C, change of energy when v is scaled, relative', source: 0, where: theory, bound: { most: 1e-12 } },
    variational: { what: 'least energy above the one-layer energy, relative', where: derived, bound: { least: -1e-12 } },
    divergence: { what: 'B, beta times that against KL divergence, relative', source: 0, where: derived, bound: { most: 1e-12 } },
    mixture: { what: 'B, -beta energy against log of a Gaussian mixture', source: 0, where: derived, bound: { most: 1e-12 } },
    responsibilities: { what: 'B, activations of h against responsibilities', source: 0, where: derived, bound: { most: 1e-12 } },
    drawn: { what: 'B, mean of draws at T = 1/beta, 3 memories', source: 0.07877, where: derived, bound: { standardErrors: 5 } },
    lyapunov: { what: 'dE/dt against its quadratic form, relative', source: 0, where: theory, bound: { most: 1e-8 } },
    random: { what: 'largest rise of energy, 30 random networks, relative', source: 0, where: theory, bound: { most: 1e-12 } },
    paths: { what: 'retrieval in time against Runge-Kutta, at time 8', source: 0, where: theory, bound: { most: 1e-4 } },
    riseA: { what: 'A, tanh, n = 3: largest rise of energy in a step', source: 7e-12, where: simulation, bound: { most: 1e-9 } },
    riseSign: { what: 'A, sign: largest rise of energy in a step', source: 5e-12, where: simulation, bound: { most: 1e-9 } },
    riseSoft: { what: 'B, beta = 0.3, input: largest rise in a step', source: -5e-8, where: simulation, bound: { most: 0 } },
    riseSharp: { what: 'B, beta = 1, input: largest rise in a step', source: -2e-9, where: simulation, bound: { most: 0 } },
    riseC: { what: 'C: largest rise of energy in a step', where: simulation, bound: { most: 0 } },
    riseFree: { what: 'C without leak: largest rise of energy in a step', where: simulation, bound: { most: 0 } },
    riseNorm: { what: 'C, layer norm: largest rise of energy in a step', where: simulation, bound: { most: 0 } },
    overlap: { what: 'least overlap recalled, each of these networks', source: 1, where: simulation, bound: { least: 1 } },
    floor: { what: 'A, sign: energy at the end', source: -2690.7, where: simulation, bound: { least: -3520, most: -2666.6 } },
    crossTalk: { what: 'the same against -F(20) less the cross-talk', source: 0, where: derived, bound: { most: 1e-6 } },
    well: { what: 'B: energy at the end above that of one memory', source: 0, where: simulation, bound: { least: -0.5, most: 0 } },
    free: { what: 'C without leak: cosine to the end with leak', source: 1, where: simulation, bound: { least: 0.999 } },
    adiabatic: { what: 'B, fast hidden neurons, dt = 0.01: largest rise', source: 9e-15, where: simulation, bound: { most: 1e-12 } },
    discrete: { what: 'B, dt = tau: largest rise', source: 9e-16, where: simulation, bound: { most: 1e-12 } },
    lagging: { what: "least rise of the lag's error with tau_h, relative", where: simulation, bound: { least: 0.5 } },
    lagRatio: { what: 'error at tau_h = 0.1 over that at 0.01', source: 9.2, where: simulation, bound: { least: 5 } },
  },
  async run(lab) {
    const texts = await load(lab)
    const identities = await compare(lab, texts)
    const profiles = await compareProfiles(lab, texts)
    const recalled = await recall(lab, texts)
    const lags = await lagging(lab, texts)
    return {
      measured: { ...identities, ...profiles, ...recalled.measured, ...lags.measured },
      figure: drawing(recalled.paths, lags.errors),
    }
  },
})
