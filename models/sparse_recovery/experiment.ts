import { experiment, type Lab, numbersOf, signs, type Vector } from 'amp-lang/experiment'
import { expanderRecalls } from './expander.ts'
import { identities } from './identities.ts'
import { corrupted, exactly, type Models, projected, recalled } from './recall.ts'
import { basisOf, constraintsOf, patternOf } from './subspace.ts'

const follows = 'follows from the definitions'
const ours = 'independent simulation: n = 256, r = 64'
const zero = (what: string, most = 1e-6) => ({ what, source: 0, where: follows, bound: { most } }) as const

const [N, R] = [256, 64]
const COUNTS = [8, 16, 32, 48, 64]

export default experiment({
  title: 'A memory of constraints: recall by sparse recovery',
  source: 'Mazumdar and Rawat 2015, NIPS',
  seconds: 60,
  seed: 1,
  claims: {
    constraints: zero('constraints of stored and unstored sums of the basis'),
    projection: zero('Gaussian errors against the orthogonal projection'),
    rise: zero('largest rise of energy along recall, nats', 1e-9),
    optimal: zero('distance of 0 from the subgradients at rest'),
    shifted: zero('recall of y + x against recall of y, plus x'),
    again: zero('recall of what was recalled against it'),
    learned: zero('constraints from 2 r samples, on other patterns'),
    tooFew: { what: 'constraints from r - 2 samples, on other patterns: violated', where: follows, bound: { least: 1e-3 } },
    exact: { what: 'least share recalled exactly, 8 to 64 errors', source: 1, where: ours, bound: { least: 0.95 } },
    linear: { what: 'projection, 48 errors: share with all signs right', source: 0.55, where: ours, bound: { most: 0.6 } },
    unseen: { what: 'constraints from 2 r samples: the same, of unseen patterns', source: 1, where: ours, bound: { least: 0.95 } },
    many: { what: 'of 300 stored patterns, recalled from 32 errors', source: 1, where: ours, bound: { least: 1 } },
    hebb: { what: "Hopfield's network of 300 patterns: stored ones that stay", where: 'theory: 0.14 n = 36', bound: { most: 0.05 } },
    expanderFew: {
      what: 'script: expander, n = 512, degree 7: 12 errors',
      source: 1,
      where: 'independent simulation',
      bound: { least: 0.95 },
    },
    expanderMany: { what: 'script: the same, 40 errors', source: 0, where: 'independent simulation', bound: { most: 0.2 } },
  },
  async run(lab) {
    const models: Models = {
      sparse: await lab.load('sparse_recovery.amp'),
      refit: await lab.load('refit.amp'),
      projection: await lab.load('projection.amp'),
      hebb: await lab.load('hebb.amp'),
    }
    const found = await identities(lab, models)
    // What takes minutes with a whole memory is told of the whole run alone.
    const whole = lab.quick ? undefined : await ofWhole(lab, models)
    const shares = whole?.shares
    return {
      measured: {
        ...found,
        exact: shares && Math.min(...shares),
        linear: whole?.linear.at(-2),
        unseen: whole?.unseen,
        many: whole?.many,
        hebb: await stays(lab, models),
        expanderFew: expanding(lab, 12),
        expanderMany: expanding(lab, 40),
      },
      ...(whole && {
        figure: {
          title: 'Errors that a memory of 192 constraints on 256 numbers corrects',
          panels: [
            {
              title: 'Share recalled, 20 patterns each',
              x: { label: 'corrupted numbers' },
              y: { label: 'share' },
              series: [
                {
                  name: 'sparse recovery, exact',
                  marks: 'line and dots',
                  points: COUNTS.map((x, i) => ({ x, y: whole.shares[i] as number })),
                },
                { name: 'projection, signs', marks: 'line and dots', points: COUNTS.map((x, i) => ({ x, y: whole.linear[i] as number })) },
              ],
            },
          ],
        },
      }),
    }
  },
})

async function ofWhole(lab: Lab, models: Models) {
  const random = lab.random('whole')
  const basis = basisOf(random, N, R)
  const H = constraintsOf(random, basis)
  const fromSamples = constraintsOf(
    random,
    Array.from({ length: 2 * R }, () => patternOf(random, basis)),
  )
  const shares: number[] = []
  const linear: number[] = []
  const unseen: number[] = []
  for (const [i, k] of COUNTS.entries()) {
    lab.progress(i / 7, `${k} errors`)
    const { x, y } = corrupted(lab, basis, k, 20)
    shares.push(exactly(await recalled(lab, models, H, y), x))
    unseen.push(exactly(await recalled(lab, models, fromSamples, y), x))
    linear.push(await alike(lab, basis, await projected(lab, models, H, y), x))
  }
  const { x, y } = corrupted(lab, basis, 32, 300)
  return { shares, linear, unseen: Math.min(...unseen), many: exactly(await recalled(lab, models, H, y), x) }
}

/** The share of vectors that are sums of the basis with the same signs. */
async function alike(lab: Lab, basis: readonly Vector[], a: readonly Vector[], b: readonly Vector[]): Promise<number> {
  const model = await lab.load('coefficients.amp')
  const signsOf = async (x: readonly Vector[]) =>
    (await lab.retrieve(model, { data: { B: basis }, observed: { x } })).map((r) => numbersOf(r.states.a).map(Math.sign).join())
  const [found, expected] = [await signsOf(a), await signsOf(b)]
  return found.filter((s, i) => s === expected[i]).length / found.length
}

/** The share of stored patterns that Hopfield's network leaves as they are. */
async function stays(lab: Lab, { hebb }: Models): Promise<number> {
  const random = lab.random('hebb')
  const xi = Array.from({ length: 300 }, () => signs(random, N))
  const cues = xi.slice(0, lab.quick ? 5 : 50)
  const ends = await lab.retrieve(hebb, { memory: { xi }, cue: { s: cues } })
  return ends.filter((r, i) => numbersOf(r.states.s).join() === (cues[i] as Vector).join()).length / cues.length
}

/** The share of 20 errors that expander flips correct. */
function expanding(lab: Lab, errors: number): number {
  const random = lab.random('expander', errors)
  const runs = Array.from({ length: 20 }, () => expanderRecalls(random, 512, 7, errors))
  return runs.filter(Boolean).length / runs.length
}
