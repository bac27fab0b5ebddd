import { experiment, type Lab, type Vector } from 'amp-lang/experiment'
import { identities } from './identities.ts'
import { images, isHidden, pixelsOf } from './images.ts'
import { hiddenError, maskErrors, mean, network, noiseLeft, written } from './network.ts'
import { predictiveCoding, recall, trainOffline, trainOnline } from './predictive_coding.ts'

const follows = 'follows from the formulas'
const simulation = 'independent simulation of the same set-up'
const paper = 'Yoo and Wood 2022'

export default experiment({
  title: 'BayesPCN: a predictive coding network that keeps a distribution over its weights',
  source: 'Yoo and Wood 2022, arXiv 2205.09930',
  seconds: 60,
  seed: 1,
  claims: {
    ridge: { what: 'natural parameters after writes against ridge regression', source: 0, where: follows, bound: { most: 2e-14 } },
    order: { what: 'patterns one by one against all at once', source: 0, where: follows, bound: { most: 2e-14 } },
    processMean: { what: 'what a layer predicts against a Gaussian process', source: 0, where: follows, bound: { most: 1e-10 } },
    processDensity: { what: 'energy with weights integrated out against its density', source: 0, where: follows, bound: { most: 1e-10 } },
    chain: { what: 'sum of log densities of writes against the log evidence', source: 0, where: follows, bound: { most: 1e-10 } },
    semigroup: { what: 'decay: in two parts, by 0 and by 1 against what it is', source: 0, where: follows, bound: { most: 1e-10 } },
    deleted: { what: 'a pattern taken back against never written', source: 0, where: follows, bound: { most: 1e-12 } },
    hopfield: {
      what: 'frozen components against a modern Hopfield network',
      source: 0,
      where: follows,
      unit: 'nats',
      bound: { most: 1e-10 },
    },
    option: { what: 'the same as the authors weigh them: how much it varies', where: follows, unit: 'nats', bound: { least: 0.1 } },
    worst: { what: 'a quarter hidden: mean square, the worst image', source: 1e-5, where: simulation, bound: { most: 1e-3 } },
    age: { what: 'the same: oldest eighth less newest', source: 0, where: paper, bound: { least: -1e-3, most: 1e-3 } },
    online: { what: 'plain predictive coding, each image once, over ours', where: simulation, bound: { least: 20 } },
    offline: { what: 'plain predictive coding, 2000 rounds, over ours', where: paper, bound: { least: 1 } },
    noise: { what: 'noise left over what a projection leaves', source: 1, where: simulation, bound: { least: 0.7, most: 1.3 } },
  },
  async run(lab) {
    const same = await identities(lab)
    const { errors, ...below } = await capacity(lab)
    return {
      measured: { ...same, ...below },
      figure: {
        title: 'BayesPCN: a quarter of each image hidden',
        panels: [
          {
            title: 'images written once each',
            x: { label: 'image, in the order of writing' },
            y: { label: 'mean square of what was hidden', scale: 'log' },
            series: [{ name: 'written once', marks: 'line and dots', points: errors.map((y, k) => ({ x: k + 1, y })) }],
          },
        ],
      },
    }
  },
})

interface Size {
  readonly side: number
  readonly width: number
  readonly count: number
}

const sizeOf = (lab: Lab): Size => (lab.quick ? { side: 4, width: 16, count: 6 } : { side: 8, width: 64, count: 32 })

const eighths = (errors: Vector): { readonly first: number; readonly last: number } => {
  const n = Math.ceil(errors.length / 8)
  return { first: mean(errors.slice(0, n)), last: mean(errors.slice(-n)) }
}

/** Images that fit, each written once; beside plain predictive coding of the same size. */
async function capacity(lab: Lab) {
  const { side, width, count } = sizeOf(lab)
  const all = images(lab, 'written', count, { side })
  lab.progress(0.05, `${count} images`)
  const store = await network(lab, width)
  await written(store, all)
  const errors = await maskErrors(store, all, { side })
  const left = await noiseLeft(lab, store, all)
  const { first, last } = eighths(errors)
  const plain = (train: typeof trainOnline, how: number): number => {
    const net = predictiveCoding(lab.random('weights'), pixelsOf({ side }), width)
    train(net, lab.random('training'), all, how)
    const random = lab.random('recall')
    const shown = all.map((image) => image.map((v, i) => (isHidden(i, { side }) ? Number.NaN : v)))
    return mean(all.map((image, k) => hiddenError(recall(net, random, shown[k] as Vector), image, { side })))
  }
  lab.progress(0.2, 'plain predictive coding')
  return {
    errors,
    worst: Math.max(...errors),
    age: first - last,
    online: plain(trainOnline, 1) / mean(errors),
    offline: plain(trainOffline, lab.quick ? 300 : 2000) / mean(errors),
    // A projection on few small images leaves what the draw has it.
    noise: lab.quick ? undefined : left / (0.16 * (count / pixelsOf({ side }))),
  }
}
