import { experiment } from 'amp-lang/experiment'
import { errors } from './errors.ts'
import { identities } from './identities.ts'
import { bitErrors, imagesFound } from './recall.ts'

const theory = 'Hoover et al. 2024, the random-feature memory'
const follows = 'follows from the formulas'
const simulation = 'independent simulation of the same set-up'

export default experiment({
  title: 'Dense associative memory by random features: patterns add up to a vector of constant length',
  source: 'Hoover, Chau, Strobelt, Ram and Krotov 2024, arXiv 2410.24153',
  seconds: 80,
  seed: 1,
  claims: {
    hopfield: { what: 'energy of all patterns against its Hopfield form', source: 0, where: follows, unit: 'nats', bound: { most: 1e-12 } },
    density: {
      what: '-beta E against the log of a kernel density estimate',
      source: 0,
      where: follows,
      unit: 'nats',
      bound: { most: 1e-12 },
    },
    meanShift: { what: 'a gradient step of 1 against mean shift', source: 0, where: follows, bound: { most: 1e-12 } },
    unit: { what: '<phi(x), phi(x)> against 1', source: 0, where: follows, bound: { most: 1e-12 } },
    differences: { what: '<phi(x), phi(y)> when both are moved alike', source: 0, where: follows, bound: { most: 1e-12 } },
    additive: { what: 'T of A and B against the sum of both', source: 0, where: follows, bound: { most: 1e-12 } },
    forgotten: { what: 'T of A and B with B forgotten against T of A', source: 0, where: follows, bound: { most: 1e-12 } },
    length: { what: 'how much longer T is with 47 patterns than with 7', source: 0, where: theory, bound: { most: 0 } },
    plateau: { what: 'gradient where the similarity is below the floor', source: 0, where: theory, bound: { most: 0 } },
    waves: { what: 'mean similarity less the kernel: sines and cosines', source: 0, where: theory, bound: { standardErrors: 6 } },
    cosines: { what: 'the same: cosines with phases', source: 0, where: theory, bound: { standardErrors: 6 } },
    positive: { what: 'the same: exponentials', source: 0, where: theory, bound: { standardErrors: 6 } },
    paired: { what: 'the same: exponentials of both signs', source: 0, where: theory, bound: { standardErrors: 6 } },
    slowest: {
      what: 'beta 10: slope of log error on log Y, the flattest',
      source: -0.5,
      where: theory,
      bound: { least: -0.6, most: -0.4 },
    },
    fastest: { what: 'the same, the steepest', source: -0.5, where: theory, bound: { least: -0.6, most: -0.4 } },
    halved: { what: 'error with Y features over that with 4 Y', source: 2, where: theory, bound: { least: 1.7, most: 2.3 } },
    ordered: { what: 'beta 30: least rise of error from memories to near to random', where: theory, bound: { least: 0 } },
    best: { what: 'beta 50: least rise of error from memories to elsewhere', where: theory, bound: { least: 0 } },
    allPatterns: { what: '10 % flipped: wrong bits by all patterns', source: 0, where: simulation, bound: { most: 0 } },
    manyFeatures: { what: 'the same by 8000 features', source: 0, where: simulation, bound: { most: 0 } },
    fewFeatures: { what: 'the same by 500 features', source: 0.187, where: simulation, bound: { least: 0.05 } },
    images: { what: 'share of images found, 40 % hidden, 20000 features', source: 1, where: simulation, bound: { least: 1 } },
    apart: { what: 'their mean squared pixel against those by all patterns', source: 0.0033, where: simulation, bound: { most: 0.01 } },
  },
  async run(lab) {
    const same = await identities(lab)
    const { rows, ...errored } = await errors(lab)
    const recalled = await bitErrors(lab)
    const found = await imagesFound(lab)
    return {
      measured: { ...same, ...errored, ...recalled, ...found },
      figure: {
        title: 'Error of the gradient by random features',
        panels: [
          {
            title: '500 patterns of 30 bits, beta 10',
            x: { label: 'features', scale: 'log' },
            y: { label: 'mean absolute error', scale: 'log' },
            series: (['memories', 'near', 'random'] as const).map((where) => ({
              name: where,
              marks: 'line and dots',
              points: rows.map(({ Y, error }) => ({ x: Y, y: error[where] })),
            })),
          },
        ],
      },
    }
  },
})
