import {
  blend,
  dot,
  furthest,
  type Lab,
  logSumExp,
  minus,
  normals,
  numbersOf,
  type Random,
  softmax,
  type Vector,
} from 'amp-lang/experiment'

/** Patterns, memories and probabilities at random, and what the mixture says of them by independent arithmetic. */
export interface Instance {
  readonly beta: number
  readonly mu: readonly Vector[]
  readonly x: readonly Vector[]
  readonly q: readonly Vector[]
  readonly logJoint: readonly Vector[]
}

function instanceOf(random: Random, K: number): Instance {
  const beta = 0.5 + 2 * random.uniform()
  const some = (n: number): readonly Vector[] => Array.from({ length: n }, () => normals(random, 3))
  const [mu, x] = [some(K), some(4)]
  const log = (at: Vector, m: Vector): number => -Math.log(K) - beta * dot(minus(at, m), minus(at, m)) + 1.5 * Math.log(beta / Math.PI)
  return { beta, mu, x, q: x.map(() => softmax(normals(random, K).map((v) => 2 * v))), logJoint: x.map((at) => mu.map((m) => log(at, m))) }
}

const sum = (values: Vector): number => values.reduce((a, b) => a + b, 0)
const evidence = ({ logJoint }: Instance): number => sum(logJoint.map(logSumExp))
const negativeElbo = ({ q, logJoint }: Instance): number =>
  sum(q.map((p, n) => sum(p.map((v, k) => v * (Math.log(v) - ((logJoint[n] as Vector)[k] as number))))))
const divergence = ({ q, logJoint }: Instance): number =>
  sum(q.map((p, n) => sum(p.map((v, k) => v * Math.log(v / (softmax(logJoint[n] as Vector)[k] as number))))))

/** What one instance gives, by claim. */
type Row = Readonly<Record<(typeof names)[number], number>>
const names = ['energy', 'relaxed', 'divergence', 'least', 'mirror', 'vertex', 'mixtureStep', 'steps', 'slope', 'firstShift'] as const

/** The identities of the energy, at random points. */
export async function compare(lab: Lab) {
  lab.progress(0, 'identities')
  const [model, mixture] = [await lab.load('elbo_memory.amp'), await lab.load('mixture.amp')]
  const random = lab.random('identities')
  const instances = [2, 3, 10, 50].map((K) => instanceOf(random, K))
  const rows: Row[] = []
  for (const instance of instances) {
    const { mu, x, beta, q, logJoint } = instance
    const inputs = { memory: { mu }, data: { x }, param: { beta } }
    const at = async (cue: readonly Vector[], options: { readonly maxSteps?: number; readonly probe?: boolean }) =>
      (await lab.retrieve(model, { ...inputs, cue: { q: cue } }, options))[0]
    const relaxed = async (options: { readonly maxSteps?: number }) =>
      (await lab.retrieve(mixture, { ...inputs, cue: { which: q } }, { relax: ['which'], ...options }))[0]
    const [here, there] = [(await at(q, { maxSteps: 0 }))?.energy ?? Number.NaN, (await relaxed({ maxSteps: 0 }))?.energy ?? Number.NaN]
    const posterior = logJoint.flatMap(softmax)
    const vertices = x.map(() => mu.map((_, k) => (k === 0 ? 1 : 0)))
    const end = await at(q, { probe: false })
    rows.push({
      energy: Math.abs(here - negativeElbo(instance)),
      relaxed: Math.abs(there - here),
      divergence: Math.abs(here + evidence(instance) - divergence(instance)),
      least: here + evidence(instance),
      mirror: furthest(numbersOf((await at(q, { maxSteps: 1 }))?.states.q), posterior),
      vertex: furthest(numbersOf((await at(vertices, { maxSteps: 1 }))?.states.q), posterior),
      mixtureStep: furthest(numbersOf((await relaxed({ maxSteps: 1 }))?.states.which), posterior),
      steps: end?.steps ?? Number.NaN,
      slope: await slopeGap(lab, instance),
      firstShift: furthest(
        x.flatMap((_, n) => blend(numbersOf(end?.states.q).slice(n * mu.length, (n + 1) * mu.length), mu)),
        x.flatMap((v) => blend(softmax(mu.map((m) => -beta * dot(minus(v, m), minus(v, m)))), mu)),
      ),
    })
  }
  const most = Object.fromEntries(names.map((name) => [name, Math.max(...rows.map((r) => r[name]))])) as Row
  return { ...most, least: Math.min(...rows.map((r) => r.least)) }
}

/** The slope of the energy along logits of the first pattern, measured by central differences, against the formula. */
async function slopeGap(lab: Lab, { mu, x, beta, q, logJoint }: Instance): Promise<number> {
  const model = await lab.load('elbo_memory.amp')
  const h = 1e-5
  const p = q[0] as Vector
  const logs = p.map(Math.log)
  const moved = logs.flatMap((_, i) => [h, -h].map((step) => [softmax(logs.map((v, k) => (k === i ? v + step : v))), ...q.slice(1)]))
  const energies = await lab.energies(model, { memory: { mu }, data: { x }, param: { beta }, cue: { q: moved } })
  const measured = logs.map((_, i) => ((energies[2 * i] as number) - (energies[2 * i + 1] as number)) / (2 * h))
  const gap = p.map((v, k) => ((logJoint[0] as Vector)[k] as number) - Math.log(v))
  const average = dot(p, gap)
  return furthest(
    measured,
    p.map((v, k) => -v * ((gap[k] as number) - average)),
  )
}
