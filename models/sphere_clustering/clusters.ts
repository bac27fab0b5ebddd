import type { Loaded } from 'amp-lang'
import {
  dot,
  type Estimate,
  estimate,
  type Figure,
  type Lab,
  type Measured,
  mutualInformation,
  normals,
  numbersOf,
  ofLength,
  smallestRise,
  type Vector,
} from 'amp-lang/experiment'

export interface Clustering {
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

export async function cluster(lab: Lab, sphere: Loaded) {
  const runs = lab.quick ? 1 : 10
  const betas = lab.quick ? [10, 20, 30, 50] : [5, 10, 15, 20, 25, 30, 40, 50]
  const data = await Promise.all(Array.from({ length: runs }, (_, run) => pointsOf(lab, sphere, run, 100)))
  const found: Clustering[] = []
  for (const [k, beta] of betas.entries()) {
    const each: { groups: number; information: number }[] = []
    for (const [run, { points, labels }] of data.slice(0, beta === 10 ? runs : Math.ceil(runs / 3)).entries()) {
      lab.progress(0.1 + (0.9 * (k + run / runs)) / betas.length, `clusters at beta = ${beta}`)
      const given = { memory: { key: points }, param: { kappa: beta }, cue: { x: points } }
      const ends = await lab.retrieve(sphere, given, { flow: 'fixed-point', maxSteps: 200, tolerance: 1e-6 })
      const groups = groupsOf(ends.map((r) => numbersOf(r.states.x)))
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
      finer: measuredOf(at(20).information),
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

export function drawing(found: readonly Clustering[]): Figure {
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
            name: 'independent simulation',
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
          { name: 'independent simulation', marks: 'dots', points: given([1, 0.998, 0.78, 0.36]) },
        ],
      },
    ],
  }
}
