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
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
  return {
    descent: Math.max(...runs.map((r) => r.rises)),
    information: mean(runs.map((r) => r.information)),
    centres: mean(runs.flatMap((r) => r.errors)),
    tight: Math.max(...runs.map((r) => r.gap)),
    figure: figureOf(runs[0] as (typeof runs)[number]),
  }
}

const logJoint = (x: Vector, m: Vector): number => -Math.log(3) - BETA * dot(minus(x, m), minus(x, m)) + Math.log(BETA / Math.PI)

const chunks = (values: Vector, size: number): readonly Vector[] =>
  Array.from({ length: values.length / size }, (_, i) => values.slice(i * size, (i + 1) * size))

function figureOf({
  x,
  labels,
  at,
}: {
  readonly x: readonly Vector[]
  readonly labels: readonly number[]
  readonly at: readonly Vector[]
}): Figure {
  const points = (all: readonly Vector[]) => all.map(([a = 0, b = 0]) => ({ x: a, y: b }))
  const patterns = [0, 1, 2].map((k) => ({
    name: `drawn around centre ${k + 1}`,
    marks: 'dots' as const,
    points: points(x.filter((_, n) => labels[n] === k)),
  }))
  const title = 'Three clusters and the memories found for them'
  const memories = { name: 'memories', marks: 'line and dots' as const, points: points(at) }
  return { title, panels: [{ title: '300 patterns', x: { label: 'x[1]' }, y: { label: 'x[2]' }, series: [...patterns, memories] }] }
}
