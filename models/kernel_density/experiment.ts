import type { Loaded } from 'amp-lang'
import {
  blend,
  dot,
  type Estimate,
  estimate,
  experiment,
  type Figure,
  fitLine,
  furthest,
  type Lab,
  largestRise,
  logSumExp,
  minus,
  norm,
  normals,
  ofLength,
  plus,
  smallestRise,
  softmax,
  type Vector,
} from 'amp-lang/experiment'
import { type Capacity, capacity, type Effort, patternsOn } from './capacity.ts'

/**
 * Growth of the capacity with the dimension, of patterns on the sphere of radius sqrt(d) and h^2 = 1/lambda, by a random
 * energy model (after Lucibello and Mezard 2024): lambda (1 - m) - log(1 - m^2) / 2 with m = (sqrt(1 + 4 lambda^2) - 1) / (2 lambda).
 */
const growth = (lambda: number): number => {
  const m = (Math.sqrt(1 + 4 * lambda * lambda) - 1) / (2 * lambda)
  return lambda * (1 - m) - Math.log(1 - m * m) / 2
}

const part4 = 'Schaeffer et al. 2024, Gaussian kernel density estimators as memories'
const numerics = 'capacity against dimension, by simulation apart from amp'

/** N_c as simulated apart from amp: d = 10 to 24 at 1/h^2 = 0.5, then d = 10 to 14 at 1/h^2 = 1. */
const apart = [
  ...[10, 12, 14, 16, 20, 24].map((x, k) => ({ x, y: [14, 24, 40, 76, 285, 1099][k] as number })),
  ...[10, 12, 14].map((x, k) => ({ x, y: [215, 605, 1609][k] as number })),
]

export default experiment({
  title: 'Gaussian kernel density estimates as memories, and how much they hold',
  source: 'Schaeffer et al. 2024, arXiv 2402.10202; theorems of Ramsauer et al. 2020, arXiv 2008.02217',
  seconds: 40,
  seed: 1,
  claims: {
    density: { what: 'energy against -log of the density, 50 points', source: 0, where: part4, unit: 'nats', bound: { most: 1e-12 } },
    integral: { what: 'integral of the density against 1', source: 0, where: part4, bound: { most: 1e-12 } },
    meanShift: { what: 'retrieval step against mean shift', source: 0, where: part4, bound: { most: 1e-12 } },
    attention: { what: 'the same against softmax attention, equal norms', source: 0, where: part4, bound: { most: 1e-12 } },
    unequal: { what: 'the same, unequal norms: they differ', where: part4, bound: { least: 0.01 } },
    hopfield: { what: 'h^2 energy against modern Hopfield energy', source: 0, where: part4, unit: 'nats', bound: { most: 1e-12 } },
    descent: { what: 'largest rise of energy in a mean-shift step', source: 0, where: part4, unit: 'nats', bound: { most: 1e-12 } },
    drawn: { what: 'mean |x|^2 of draws, radius^2 10, h^2 = 2, d = 10', source: 30, where: part4, bound: { standardErrors: 5 } },
    line: { what: 'R^2 of log N_c over d = 10..24, 1/h^2 = 0.5', where: numerics, bound: { least: 0.98 } },
    slope: { what: 'last slope of it over its limit 0.387', source: 0.87, where: numerics, bound: { least: 0.75, most: 1 } },
    sixteen: { what: 'N_c at d = 16, 1/h^2 = 0.5', source: 76, where: numerics, unit: 'patterns', bound: { least: 50, most: 110 } },
    sharperLine: { what: 'R^2 of log N_c over d = 10..14, 1/h^2 = 1', where: numerics, bound: { least: 0.98 } },
    sharperSlope: { what: 'last slope of it over its limit 0.623', source: 0.79, where: numerics, bound: { least: 0.75, most: 1 } },
    wider: { what: 'least rise of log N_c as 1/h^2 goes 0.5, 0.75, 1; d = 12', where: numerics, bound: { least: 0.5 } },
    stored: {
      what: 'share of well separated patterns that are stored',
      source: 1,
      where: 'Ramsauer et al. 2020, theorem A8',
      bound: { least: 1 },
    },
    retrieved: { what: 'largest one-step error over its bound', where: 'Ramsauer et al. 2020, theorem A8', bound: { most: 1 } },
  },
  async run(lab) {
    const model = await lab.load('kernel_density.amp')
    const hopfield = await lab.load('../modern_hopfield/modern_hopfield.amp')
    const identities = await compare(lab, model, hopfield)
    const separated = await wellSeparated(lab, model, lab.quick ? 30 : 1000)
    const grown = await growths(lab, model)
    return { measured: { ...identities, ...separated, ...grown.measured }, figure: grown.figure }
  },
})

const rowOf = (data: ArrayLike<number> | undefined): Vector => Array.from(data ?? [])

/** The identities, at random points, to independent arithmetic. */
async function compare(lab: Lab, model: Loaded, hopfield: Loaded) {
  lab.progress(0, 'identities')
  const [N, d, h] = [7, 6, 0.8]
  const random = lab.random('identities')
  const uneven = Array.from({ length: N }, () => normals(random, d))
  const even = uneven.map((x) => ofLength(2, x))
  const points = Array.from({ length: 50 }, () => normals(random, d))
  const given = (xi: readonly Vector[], x: readonly Vector[]) => ({ memory: { xi }, param: { sigma: h }, cue: { x } })
  const minusLog = (xi: readonly Vector[], x: Vector): number => {
    const exponents = xi.map((m) => -dot(minus(x, m), minus(x, m)) / (2 * h * h))
    return Math.log(xi.length) + (d / 2) * Math.log(2 * Math.PI * h * h) - logSumExp(exponents)
  }
  const shifted = (xi: readonly Vector[], x: Vector): Vector =>
    blend(softmax(xi.map((m) => -dot(minus(x, m), minus(x, m)) / (2 * h * h))), xi)
  const attended = (xi: readonly Vector[], x: Vector): Vector => blend(softmax(xi.map((m) => dot(m, x) / (h * h))), xi)
  const step = async (xi: readonly Vector[]): Promise<Vector> =>
    (await lab.retrieve(model, given(xi, points), { flow: 'fixed-point', maxSteps: 1 })).flatMap((r) => rowOf(r.states.x?.data))

  const grid = Array.from({ length: 601 }, (_, k) => (k - 300) / 20)
  const line = await lab.energies(model, { memory: { xi: [[-1.5], [0.2], [2]] }, param: { sigma: h }, cue: { x: grid.map((v) => [v]) } })
  const attraction = await lab.energies(hopfield, { memory: { xi: even }, param: { beta: 1 / (h * h) }, cue: { x: points } })
  const constant = (2 * 2) / 2 + h * h * (Math.log(N) + (d / 2) * Math.log(2 * Math.PI * h * h))
  const stepped = await step(uneven)
  const evenly = await step(even)
  const evenEnergies = await lab.energies(model, given(even, points))
  const paths = points.slice(0, 5).map((start) => {
    const path = [start]
    for (let k = 0; k < 30; k += 1) path.push(shifted(uneven, path[k] as Vector))
    return path
  })
  const rises = []
  for (const path of paths) rises.push(largestRise(await lab.energies(model, given(uneven, path))))
  return {
    density: furthest(
      await lab.energies(model, given(uneven, points)),
      points.map((x) => minusLog(uneven, x)),
    ),
    integral: Math.abs(line.reduce((sum, e) => sum + Math.exp(-e) / 20, 0) - 1),
    meanShift: furthest(
      stepped,
      points.flatMap((x) => shifted(uneven, x)),
    ),
    attention: furthest(
      evenly,
      points.flatMap((x) => attended(even, x)),
    ),
    unequal: furthest(
      stepped,
      points.flatMap((x) => attended(uneven, x)),
    ),
    hopfield: furthest(
      evenEnergies.map((e) => h * h * e),
      attraction.map((e) => e + constant),
    ),
    descent: Math.max(...rises),
    drawn: await meanSquare(lab, model),
  }
}

/** Of exact draws: 10 of the patterns, and 10 times 2 of the kernel. */
async function meanSquare(lab: Lab, model: Loaded): Promise<Estimate> {
  const xi = patternsOn(lab, 10, 20, 'drawn')
  const { draws } = await lab.sample(
    model,
    { memory: { xi }, param: { sigma: Math.SQRT2 } },
    { sampler: 'exact', chains: 1, draws: lab.quick ? 500 : 4000 },
  )
  const names = draws.names.map((name, at) => ({ name, at })).filter(({ name }) => name.startsWith('x['))
  const [chain] = draws.chains
  const width = draws.names.length
  const lengths = Array.from({ length: chain?.count ?? 0 }, (_, k) =>
    names.reduce((sum, { at }) => sum + (chain?.values[k * width + at] as number) ** 2, 0),
  )
  return estimate(lengths)
}

/**
 * Random patterns on the sphere of radius M, of which every two are at least as far apart as the theorem asks: each has a
 * fixed point within h^2 / (N M), where starts at it and beside it end; and one step is no further from it than the bound.
 */
async function wellSeparated(lab: Lab, model: Loaded, sets: number) {
  let tried = 0
  let stored = 0
  let worst = 0
  const random = lab.random('separated')
  for (let set = 0; set < sets; ) {
    const N = 3 + random.integer(6)
    const d = 8 + random.integer(13)
    const M = Math.sqrt(d - 1) * (0.8 + 0.7 * random.uniform())
    const xi = Array.from({ length: N }, () => ofLength(M, normals(random, d)))
    const gaps = xi.map((x, n) => Math.min(...xi.filter((_, j) => j !== n).map((y) => M * M - dot(x, y))))
    if (Math.min(...gaps) < 2 / N + Math.log(2 * (N - 1) * N * M * M)) continue
    set += 1
    if (set % 50 === 0) lab.progress((0.4 * set) / sets, 'well separated patterns')
    const radius = 1 / (N * M)
    const beside = xi.map((x) => plus(x, ofLength(radius * random.uniform() ** (1 / d), normals(random, d))))
    const steps: Vector[] = []
    const found = await lab.retrieve(
      model,
      { memory: { xi }, param: { sigma: 1 }, cue: { x: [...xi, ...beside] } },
      { flow: 'fixed-point', maxSteps: 200, tolerance: 1e-12, observe: ({ step, x }) => step === 1 && steps.push(rowOf(x)) },
    )
    const ends = found.map((r) => rowOf(r.states.x?.data))
    xi.forEach((x, n) => {
      const [own, other] = [ends[n] as Vector, ends[n + N] as Vector]
      const off = norm(minus(own, x))
      tried += 1
      if (off <= radius && furthest(own, other) < 1e-9) stored += 1
      const bound = (from: number): number => 2 * (N - 1) * Math.exp(-((gaps[n] as number) - 2 * Math.max(from, off) * M)) * M
      worst = Math.max(worst, norm(minus(steps[n] as Vector, x)) / bound(0))
      worst = Math.max(worst, norm(minus(steps[n + N] as Vector, x)) / bound(norm(minus(beside[n] as Vector, x))))
    })
  }
  return { stored: stored / tried, retrieved: worst }
}

/** Capacities over the dimension at two widths, and over the width. */
async function growths(lab: Lab, model: Loaded) {
  const effort: Effort = lab.quick ? { memories: 6, cues: 10 } : { memories: 16, cues: 25 }
  const over = async (
    lambda: number,
    dimensions: readonly number[],
    from: number,
    [begin, end]: readonly [number, number],
  ): Promise<readonly Capacity[]> => {
    const found: Capacity[] = []
    for (const [k, d] of dimensions.entries()) {
      lab.progress(begin + ((end - begin) * k) / dimensions.length, `capacity at 1/h^2 = ${lambda}, d = ${d}`)
      found.push(await capacity(lab, model, lambda, d, Math.max(4, Math.round(found.at(-1)?.patterns.value ?? from)), effort))
    }
    return found
  }
  const wide = await over(0.5, lab.quick ? [10, 12, 14, 16] : [10, 12, 14, 16, 18, 20, 22, 24], 10, [0.4, 0.7])
  const between = await over(0.75, [12], 60, [0.7, 0.75])
  const sharp = await over(1, lab.quick ? [10, 12] : [10, 12, 14], 150, [0.75, 1])
  const at = (found: readonly Capacity[], d: number): number => found.find((c) => c.dimension === d)?.patterns.value ?? Number.NaN
  return {
    measured: {
      line: lab.quick ? undefined : lineOf(wide).r2,
      slope: lab.quick ? undefined : lastSlope(wide) / growth(0.5),
      sixteen: wide.find((c) => c.dimension === 16)?.patterns,
      sharperLine: lab.quick ? undefined : lineOf(sharp).r2,
      sharperSlope: lab.quick ? undefined : lastSlope(sharp) / growth(1),
      wider: smallestRise([wide, between, sharp].map((found) => Math.log(at(found, 12)))),
    },
    figure: drawing(wide, sharp),
  }
}

const logs = (found: readonly Capacity[]) => found.map(({ dimension, patterns }) => ({ x: dimension, y: Math.log(patterns.value) }))
const lineOf = (found: readonly Capacity[]) => fitLine(logs(found))
const lastSlope = (found: readonly Capacity[]): number => fitLine(logs(found).slice(-2)).slope

function drawing(wide: readonly Capacity[], sharp: readonly Capacity[]): Figure {
  const measured = (found: readonly Capacity[]) => found.map(({ dimension: x, patterns: { value: y, error } }) => ({ x, y, error }))
  const limit = (found: readonly Capacity[], lambda: number) => {
    const last = found.at(-1)
    return found.map(({ dimension: x }) => ({
      x,
      y: (last?.patterns.value ?? 1) * Math.exp(growth(lambda) * (x - (last?.dimension ?? 0))),
    }))
  }
  return {
    title: 'What a Gaussian kernel density estimate holds',
    panels: [
      {
        title: 'Patterns of which half are recalled',
        x: { label: 'dimension d' },
        y: { label: 'patterns N_c', scale: 'log' },
        series: [
          { name: '1/h² = 0.5', marks: 'line and dots', points: measured(wide) },
          { name: '1/h² = 1', marks: 'line and dots', points: measured(sharp) },
          { name: 'simulated apart from amp', marks: 'dots', points: [...apart] },
          { name: 'slope for d → ∞, 1/h² = 0.5', marks: 'dashes', points: limit(wide, 0.5) },
          { name: 'slope for d → ∞, 1/h² = 1', marks: 'dashes', points: limit(sharp, 1) },
        ],
      },
      {
        title: 'Recall against load, 1/h² = 0.5',
        x: { label: 'patterns N', scale: 'log' },
        y: { label: 'share recalled' },
        series: wide
          .filter((_, k) => k % 2 === 1)
          .map(({ dimension, loads }) => ({
            name: `d = ${dimension}`,
            marks: 'line and dots' as const,
            points: loads.map(({ patterns, value, error }) => ({ x: patterns, y: value, error })),
          })),
      },
    ],
  }
}
