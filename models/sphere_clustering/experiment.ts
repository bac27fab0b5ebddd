import type { Loaded } from 'amp-lang'
import {
  blend,
  dot,
  type Estimate,
  estimate,
  experiment,
  type Figure,
  furthest,
  type Lab,
  largestRise,
  logSumExp,
  type Measured,
  minus,
  mutualInformation,
  norm,
  normals,
  ofLength,
  plus,
  type Random,
  scaled,
  smallestRise,
  softmax,
  type Vector,
} from 'amp-lang/experiment'

const theory = 'Schaeffer et al. 2024, normalisation and self-attention; equations as corrected by the authors'
const apart = 'simulated apart from amp: 3 clusters of 100 points, D = 16, kappa = 50, keys are the points'

export default experiment({
  title: 'Normalisation and self-attention: clustering on the hypersphere',
  source: 'Schaeffer et al. 2024, arXiv 2402.10202, and its first version (NeurIPS 2023 workshop)',
  seconds: 10,
  seed: 1,
  claims: {
    factored: { what: 'attention weights against kappa, m and mixing weights', source: 0, where: theory, bound: { most: 1e-12 } },
    energy: {
      what: 'energy against -log mean of mixing weight exp(kappa m.u)',
      source: 0,
      where: theory,
      unit: 'nats',
      bound: { most: 1e-12 },
    },
    posterior: { what: "attention weights against a mixture's posterior", source: 0, where: theory, bound: { most: 1e-10 } },
    unnormalised: { what: 'the same without the normaliser in the weights: it differs', where: theory, bound: { least: 0.01 } },
    equal: { what: 'the same, all kappa equal', source: 0, where: theory, bound: { most: 1e-10 } },
    gradient: { what: 'Riemannian gradient against its formula', source: 0, where: theory, bound: { most: 1e-7 } },
    step: { what: 'retrieval step against normalised attention', source: 0, where: theory, bound: { most: 1e-12 } },
    descent: { what: 'largest rise of -log sum exp in a step', source: 4e-14, where: apart, unit: 'nats', bound: { most: 1e-12 } },
    drawn: {
      what: 'mean cosine of drawn points to their centre',
      source: 0.8599,
      where: 'moments of the von Mises-Fisher distribution',
      bound: { standardErrors: 5 },
    },
    merged: { what: 'beta = 10: share of runs that end in 3 groups', source: 1, where: apart, bound: { least: 1 } },
    found: { what: 'beta = 10: mean mutual information with the clusters', source: 1, where: apart, bound: { least: 0.99 } },
    halfway: { what: 'beta = 30: groups', source: 33, where: apart, bound: { least: 15, most: 60 } },
    halfwayFound: {
      what: 'beta = 30: mutual information with the clusters',
      source: 0.78,
      where: apart,
      bound: { least: 0.68, most: 0.88 },
    },
    split: { what: 'beta = 50: groups', source: 200, where: apart, bound: { least: 150, most: 250 } },
    splitFound: { what: 'beta = 50: mutual information with the clusters', source: 0.36, where: apart, bound: { least: 0.26, most: 0.46 } },
    sharper: { what: 'least rise of the groups as beta goes 10, 30, 50', where: apart, bound: { least: 1 } },
  },
  async run(lab) {
    const sphere = await lab.load('sphere_clustering.amp')
    const identities = { ...(await compareAttention(lab)), ...(await compareSphere(lab, sphere)) }
    const clusters = await cluster(lab, sphere)
    return { measured: { ...identities, ...clusters.measured }, figure: drawing(clusters.found) }
  },
})

const rowOf = (data: ArrayLike<number> | undefined): Vector => Array.from(data ?? [])
const worst = (values: readonly number[]): number => Math.max(...values)

/** log of I_n(x) for a whole n, by its series of positive terms. */
function logBessel(n: number, x: number): number {
  const terms: number[] = []
  let term = n * Math.log(x / 2) - Array.from({ length: n }, (_, k) => Math.log(k + 1)).reduce((sum, v) => sum + v, 0)
  for (let k = 0; k < 200; k += 1) {
    terms.push(term)
    term += 2 * Math.log(x / 2) - Math.log(k + 1) - Math.log(k + 1 + n)
  }
  return logSumExp(terms)
}

/** log of the normaliser of a von Mises-Fisher density on the sphere in D dimensions, D even. */
const logNormaliser = (D: number, kappa: number): number =>
  (D / 2 - 1) * Math.log(kappa) - (D / 2) * Math.log(2 * Math.PI) - logBessel(D / 2 - 1, kappa)

interface Tokens {
  readonly keys: readonly Vector[]
  readonly gain: Vector
  readonly shift: Vector
}

/** Eight keys in eight dimensions; with `even`, of one length once the gain is on them. */
function tokensOf(random: Random, even: boolean): Tokens {
  const D = 8
  const gain = Array.from({ length: D }, () => 0.5 + random.uniform())
  const shift = scaled(normals(random, D), 0.3)
  const keys = Array.from({ length: 8 }, () => normals(random, D))
  const divided = (x: Vector): Vector => x.map((v, i) => v / (gain[i] as number))
  return { gain, shift, keys: even ? keys.map((k) => divided(ofLength(1.5, k))) : keys }
}

/** Layer normalisation makes directions u, and attention over keys the posterior of a mixture of them. */
async function compareAttention(lab: Lab) {
  lab.progress(0, 'attention')
  const attention = await lab.load('normalised_attention.amp')
  const mixture = await lab.load('von_mises_fisher_mixture.amp')
  const found = { factored: 0, energy: 0, posterior: 0, unnormalised: 0, equal: 0 }
  for (const even of [false, true]) {
    const random = lab.random('attention', even ? 'even' : 'uneven')
    const { keys, gain, shift } = tokensOf(random, even)
    const D = gain.length
    const points = Array.from({ length: 20 }, () => normals(random, D))
    const attended = await lab.retrieve(attention, { memory: { key: keys }, param: { gain, shift }, cue: { x: points } }, { maxSteps: 0 })
    // A normalised point has length sqrt(D), whatever it was.
    const directions = points.map((x) =>
      ofLength(
        1,
        x.map((v) => v - x.reduce((sum, w) => sum + w, 0) / D),
      ),
    )
    const stretched = keys.map((k) => k.map((v, i) => v * (gain[i] as number)))
    const kappas = stretched.map((k) => norm(k) * Math.sqrt(D))
    const centres = stretched.map((k) => ofLength(1, k))
    const logMixing = keys.map((k) => dot(k, shift))
    const scores = directions.map((u) => centres.map((m, k) => (kappas[k] as number) * dot(m, u) + (logMixing[k] as number)))
    const weights = attended.map((r) => rowOf(r.responsibilities.cue.z?.data))
    const posterior = async (weight: Vector): Promise<number> => {
      const given = { memory: { direction: centres, concentration: kappas, weight }, cue: { u: directions } }
      const results = await lab.retrieve(mixture, given, { maxSteps: 0 })
      return furthest(
        results.flatMap((r) => rowOf(r.responsibilities.cue.z?.data)),
        weights.flat(),
      )
    }
    found.factored = worst([found.factored, furthest(weights.flat(), scores.flatMap(softmax))])
    found.energy = worst([
      found.energy,
      furthest(
        attended.map((r) => r.energy),
        scores.map((s) => Math.log(s.length) - logSumExp(s)),
      ),
    ])
    found.posterior = worst([found.posterior, await posterior(softmax(logMixing.map((w, k) => w - logNormaliser(D, kappas[k] as number))))])
    found[even ? 'equal' : 'unnormalised'] = await posterior(softmax(logMixing))
  }
  return found
}

/** Retrieval on the sphere: one step is attention, then normalisation. */
async function compareSphere(lab: Lab, sphere: Loaded) {
  const random = lab.random('sphere')
  const [N, D, beta] = [12, 6, 7]
  const key = Array.from({ length: N }, () => ofLength(1, normals(random, D)))
  const points = Array.from({ length: 20 }, () => ofLength(1, normals(random, D)))
  const given = (x: readonly Vector[]) => ({ memory: { key }, param: { kappa: beta }, cue: { x } })
  const mean = (u: Vector): Vector => blend(softmax(key.map((k) => beta * dot(k, u))), key)
  const stepped = await lab.retrieve(sphere, given(points), { flow: 'fixed-point', maxSteps: 1 })

  // Along a great circle the energy changes by minus the gradient of -E times the way.
  const ways = points.map((u) => {
    const other = normals(random, D)
    return ofLength(1, minus(other, scaled(u, dot(u, other))))
  })
  const angle = 1e-3
  const near = points.flatMap((u, k) =>
    [-2, -1, 1, 2].map((n) => plus(scaled(u, Math.cos(n * angle)), scaled(ways[k] as Vector, Math.sin(n * angle)))),
  )
  const energies = await lab.energies(sphere, given(near))
  const slopes = points.map((_, k) => {
    const [a, b, c, d] = energies.slice(4 * k, 4 * k + 4) as [number, number, number, number]
    return (a - 8 * b + 8 * c - d) / (12 * angle)
  })
  const rises: number[] = []
  for (const start of points.slice(0, 5)) {
    const path = [start]
    for (let k = 0; k < 50; k += 1) path.push(ofLength(1, mean(path[k] as Vector)))
    rises.push(largestRise(await lab.energies(sphere, given(path))))
  }
  return {
    step: furthest(
      stepped.flatMap((r) => rowOf(r.states.x?.data)),
      points.flatMap((u) => ofLength(1, mean(u))),
    ),
    gradient: furthest(
      slopes,
      points.map((u, k) => -beta * dot(mean(u), ways[k] as Vector)),
    ),
    descent: worst(rises),
  }
}

interface Clustering {
  readonly beta: number
  readonly groups: Estimate
  readonly information: Estimate
  readonly each: readonly { readonly groups: number; readonly information: number }[]
}

const KAPPA = 50

/** Three clusters around random directions, drawn from the same model with one key. */
async function pointsOf(lab: Lab, sphere: Loaded, run: number, each: number) {
  const random = lab.random('centres', run)
  const points: Vector[] = []
  const cosines: number[] = []
  for (let k = 0; k < 3; k += 1) {
    const centre = ofLength(1, normals(random, 16))
    const options = { sampler: 'exact', chains: 1, draws: each, seed: 10 * run + k + 100 * lab.seed } as const
    const { draws } = await lab.sample(sphere, { memory: { key: [centre] }, param: { kappa: KAPPA } }, options)
    const columns = draws.names.flatMap((name, at) => (name.startsWith('x[') ? [at] : []))
    const values = draws.chains[0]?.values ?? new Float64Array()
    for (let d = 0; d < each; d += 1) points.push(columns.map((at) => values[d * draws.names.length + at] as number))
    cosines.push(...points.slice(-each).map((x) => dot(x, centre)))
  }
  return { points, cosines, labels: points.map((_, i) => Math.floor(i / each)) }
}

/** Points that ended with a cosine above 0.9 to the first of a group belong to it. */
function groupsOf(ends: readonly Vector[]): readonly number[] {
  const firsts: Vector[] = []
  return ends.map((x) => {
    const at = firsts.findIndex((first) => dot(first, x) > 0.9)
    return at >= 0 ? at : firsts.push(x) - 1
  })
}

async function cluster(lab: Lab, sphere: Loaded) {
  const runs = lab.quick ? 1 : 10
  const betas = lab.quick ? [10, 30, 50] : [5, 10, 15, 20, 25, 30, 40, 50]
  const data = await Promise.all(Array.from({ length: runs }, (_, run) => pointsOf(lab, sphere, run, 100)))
  const found: Clustering[] = []
  for (const [k, beta] of betas.entries()) {
    const each: { groups: number; information: number }[] = []
    for (const [run, { points, labels }] of data.slice(0, beta === 10 ? runs : Math.ceil(runs / 3)).entries()) {
      lab.progress(0.1 + (0.9 * (k + run / runs)) / betas.length, `clusters at beta = ${beta}`)
      const given = { memory: { key: points }, param: { kappa: beta }, cue: { x: points } }
      const ends = await lab.retrieve(sphere, given, { flow: 'fixed-point', maxSteps: 200, tolerance: 1e-6 })
      const groups = groupsOf(ends.map((r) => rowOf(r.states.x?.data)))
      each.push({ groups: new Set(groups).size, information: mutualInformation(groups, labels) })
    }
    found.push({ beta, groups: estimate(each.map((e) => e.groups)), information: estimate(each.map((e) => e.information)), each })
  }
  const at = (beta: number): Clustering => found.find((f) => f.beta === beta) as Clustering
  return {
    found,
    measured: {
      drawn: estimate(data.flatMap((d) => d.cosines)),
      merged: at(10).each.filter((e) => e.groups === 3).length / at(10).each.length,
      found: measuredOf(at(10).information),
      halfway: measuredOf(at(30).groups),
      halfwayFound: measuredOf(at(30).information),
      split: measuredOf(at(50).groups),
      splitFound: measuredOf(at(50).information),
      sharper: smallestRise([10, 30, 50].map((beta) => at(beta).groups.value)),
    },
  }
}

/** One run has no standard error. */
const measuredOf = ({ value, error }: Estimate): Measured => (Number.isFinite(error) ? { value, error } : value)

function drawing(found: readonly Clustering[]): Figure {
  const points = (of: (c: Clustering) => Estimate) => found.map((c) => ({ x: c.beta, y: of(c).value, error: of(c).error || 0 }))
  const given = (values: readonly number[]) => [10, 20, 30, 50].map((x, k) => ({ x, y: values[k] as number }))
  return {
    title: 'Points on a sphere attend to each other',
    panels: [
      {
        title: 'Groups that 300 points of 3 clusters end in',
        x: { label: 'β' },
        y: { label: 'groups', scale: 'log' },
        series: [
          { name: 'here', marks: 'line and dots', points: points((c) => c.groups) },
          {
            name: 'simulated apart from amp',
            marks: 'dots',
            points: [
              { x: 10, y: 3 },
              { x: 30, y: 33 },
              { x: 50, y: 200 },
            ],
          },
        ],
      },
      {
        title: 'What groups tell of clusters',
        x: { label: 'β' },
        y: { label: 'normalised mutual information' },
        series: [
          { name: 'here', marks: 'line and dots', points: points((c) => c.information) },
          { name: 'simulated apart from amp', marks: 'dots', points: given([1, 0.998, 0.78, 0.36]) },
        ],
      },
    ],
  }
}
