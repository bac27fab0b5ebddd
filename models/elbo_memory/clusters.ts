import {
  dot,
  type Figure,
  type Lab,
  largestRise,
  logSumExp,
  minus,
  mutualInformation,
  norm,
  normals,
  numbersOf,
  type Vector,
} from 'amp-lang/experiment'

/** Standard deviation of the clusters, in each direction. */
const SD = 1
const BETA = 1 / (2 * SD * SD)

/** Three Gaussians in the plane, six standard deviations apart, found by E and M steps from ten random starts; the best counts. */
export async function clusters(lab: Lab) {
  const model = await lab.load('clustering.amp')
  const runs = []
  const [sets, starts] = lab.quick ? [3, 4] : [10, 10]
  for (let set = 0; set < sets; set += 1) {
    lab.progress(0.2 + (0.8 * set) / sets, `data set ${set + 1} of ${sets}`)
    const random = lab.random('clusters', set)
    const turn = 2 * Math.PI * random.uniform()
    const radius = (6 * SD) / Math.sqrt(3)
    const centres = [0, 1, 2].map((k) => [0, Math.PI / 2].map((phase) => radius * Math.cos(turn + (2 * Math.PI * k) / 3 - phase)))
    const labels = Array.from({ length: 300 }, () => random.integer(3))
    const x = labels.map((k) => normals(random, 2).map((v, d) => SD * v + ((centres[k] as Vector)[d] as number)))
    const mu = Array.from({ length: starts }, () => [0, 1, 2].map(() => x[random.integer(300)] as Vector))
    const found = await lab.retrieve(model, { data: { x }, param: { beta: BETA }, cue: { mu } })
    const best = found.reduce((a, b) => (b.energy < a.energy ? b : a))
    const at = chunks(numbersOf(best.states.mu), 2)
    const q = chunks(numbersOf(best.states.q), 3)
    const evidence = x.reduce((s, v) => s + logSumExp(at.map((m) => logJoint(v, m))), 0)
    runs.push({
      x,
      labels,
      at,
      rises: Math.max(...found.map((r) => largestRise(r.trace))),
      information: mutualInformation(
        labels,
        q.map((p) => p.indexOf(Math.max(...p))),
      ),
      errors: centres.map((c) => Math.min(...at.map((m) => norm(minus(c, m)))) / SD),
      gap: Math.abs(best.energy + evidence) / x.length,
    })
  }
  const first = runs[0] as (typeof runs)[number]
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
  return {
    descent: Math.max(...runs.map((r) => r.rises)),
    information: mean(runs.map((r) => r.information)),
    centres: mean(runs.flatMap((r) => r.errors)),
    tight: Math.max(...runs.map((r) => r.gap)),
    figure: figureOf(first, await between(lab, first.at)),
  }
}

const logJoint = (x: Vector, m: Vector): number => -Math.log(3) - BETA * dot(minus(x, m), minus(x, m)) + Math.log(BETA / Math.PI)

const chunks = (values: Vector, size: number): readonly Vector[] =>
  Array.from({ length: values.length / size }, (_, i) => values.slice(i * size, (i + 1) * size))

/** What patterns on the way from memory 1 to 2 to 3 are assigned to, by how far they are on it. */
async function between(lab: Lab, mu: readonly Vector[]) {
  const steps = Array.from({ length: 121 }, (_, i) => i / 60)
  const x = steps.map((s) => {
    const leg = Math.min(1, Math.floor(s))
    const [from, to] = [mu[leg] as Vector, mu[leg + 1] as Vector]
    return from.map((v, d) => v + (s - leg) * ((to[d] as number) - v))
  })
  const [found] = await lab.retrieve(await lab.load('elbo_memory.amp'), { memory: { mu }, data: { x }, param: { beta: BETA } })
  const q = chunks(numbersOf(found?.states.q), 3)
  return [0, 1, 2].map((k) => steps.map((s, i) => ({ x: 1 + s, y: q[i]?.[k] as number })))
}

interface Shown {
  readonly x: readonly Vector[]
  readonly labels: readonly number[]
  readonly at: readonly Vector[]
}

function figureOf({ x, labels, at }: Shown, shares: Awaited<ReturnType<typeof between>>): Figure {
  const points = (all: readonly Vector[]) => all.map(([a = 0, b = 0]) => ({ x: a, y: b }))
  const patterns = [0, 1, 2].map((k) => ({
    name: `drawn around centre ${k + 1}`,
    marks: 'dots' as const,
    points: points(x.filter((_, n) => labels[n] === k)),
  }))
  const memories = { name: 'memories 1, 2 and 3 along the line', marks: 'line and dots' as const, points: points(at) }
  return {
    title: 'Patterns are assigned to memories in proportion to their posterior probabilities',
    panels: [
      {
        title: '300 patterns, and the memories found for them',
        x: { label: 'x[1]' },
        y: { label: 'x[2]' },
        series: [...patterns, memories],
      },
      {
        title: 'Assignments of patterns on the way from memory 1 to 2 to 3',
        x: { label: 'place between memories' },
        y: { label: 'q' },
        series: shares.map((share, k) => ({ name: `to memory ${k + 1}`, marks: 'line' as const, points: share })),
      },
    ],
  }
}
