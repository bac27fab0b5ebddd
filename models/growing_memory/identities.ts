import { dot, type Lab, logSumExp, minus, normals, type Vector } from 'amp-lang/experiment'
import { grow, ring } from './streams.ts'

const logNormal = (v: Vector, m: Vector, variance: number): number =>
  -dot(minus(v, m), minus(v, m)) / (2 * variance) - (v.length / 2) * Math.log(2 * Math.PI * variance)

/** The energies against log densities by independent arithmetic, nats. */
export async function identities(lab: Lab) {
  const random = lab.random('identities')
  const known: number[] = []
  for (const { dim, ...at } of cases) known.push(await knownPlaces(lab, at, (n) => Array.from({ length: n }, () => normals(random, dim))))
  return { energy: Math.max(...known), predictive: await storeGap(lab), ...(await printed(lab)) }
}

interface Known {
  readonly alpha: number
  readonly discount: number
  readonly beta: number
  readonly rho: number
  readonly count: readonly number[]
}

const cases: readonly (Known & { readonly dim: number })[] = [
  { dim: 3, alpha: 1.3, discount: 0.4, beta: 2.5, rho: 0.2, count: [4, 1, 7] },
  { dim: 1, alpha: 0.6, discount: 0, beta: 0.8, rho: 1.1, count: [2, 9, 3] },
]

/** E* against the mixture of Gaussians around known memories and the marginal density of one that is new. */
async function knownPlaces(lab: Lab, { count, ...param }: Known, draw: (n: number) => readonly Vector[]): Promise<number> {
  const [mu, v] = [draw(count.length), draw(40).map((at) => at.map((u) => 2 * u))]
  const energies = await lab.energies(await lab.load('predictive_energy.amp'), { memory: { mu, count }, param, cue: { v } })
  const { alpha, discount, beta, rho } = param
  const past = count.reduce((a, b) => a + b, 0)
  const offset = ((mu[0] as Vector).length / 2) * Math.log(Math.PI / beta) + Math.log(past + alpha)
  const gaps = v.map((at, i) => {
    const old = mu.map((m, k) => Math.log((count[k] as number) - discount) + logNormal(at, m, 1 / (2 * beta)))
    const origin = at.map(() => 0)
    const fresh = Math.log(alpha + discount * mu.length) + logNormal(at, origin, 1 / (2 * beta) + 1 / (2 * rho))
    const log = logSumExp([...old, fresh]) - Math.log(past + alpha)
    return Math.abs(beta * (energies[i] as number) + offset + log)
  })
  return Math.max(...gaps)
}

/** The energy of a store after a stream against the text that has its posterior by hand: their largest difference. */
async function storeGap(lab: Lab): Promise<number> {
  const alpha = 1
  const stream = ring(lab.random('store'), 60)
  const { beta, rho, x } = stream
  const { store, memoryOf, counts } = await grow(lab, stream, alpha)
  const mu = counts.map((n, k) =>
    [0, 1].map((d) => sumOf(x.flatMap((p, i) => (memoryOf[i] === k ? [p[d] as number] : []))) / (n + rho / beta)),
  )
  const random = lab.random('asked')
  const v = Array.from({ length: 40 }, () => normals(random, 2).map((u) => 4 * u))
  const byHand = await lab.energies(await lab.load('posterior_energy.amp'), {
    memory: { mu, count: counts },
    param: { alpha, beta, rho },
    cue: { v },
  })
  const read = await store.retrieve({ observed: { x: v } }, { maxSteps: 0 })
  const offset = Math.log(Math.PI / beta) + Math.log(x.length + alpha)
  return Math.max(...read.map((r, i) => Math.abs(r.energy - beta * (byHand[i] as number) - offset)))
}

const sumOf = (values: Vector): number => values.reduce((a, b) => a + b, 0)

/** One dimension, 19 patterns, alpha = 6: a new memory has 6/25 of the mass, and by the printed energy sqrt((rho + beta) / rho) = 2 times the odds. */
async function printed(lab: Lab) {
  const [step, reach] = [0.01, 12]
  const v = Array.from({ length: 2 * Math.round(reach / step) + 1 }, (_, i) => [i * step - reach])
  const param = { beta: 3, rho: 1 }
  const memory = { mu: [[-2], [1.5]], count: [12, 7] }
  const of = async (file: string, alpha: number) =>
    (await lab.energies(await lab.load(file), { memory, param: { ...param, alpha }, cue: { v } })).map((e) => -param.beta * e)
  const [exact, asPrinted, old] = [
    await of('predictive_energy.amp', 6),
    await of('printed_energy.amp', 6),
    // The memories alone: what a new one adds is below rounding.
    await of('predictive_energy.amp', 1e-200),
  ]
  const area = (logs: Vector): number => sumOf(logs.map(Math.exp)) * step
  const gaps = asPrinted.map((log, i) => log - (exact[i] as number))
  return {
    exactMass: 1 - area(old) / area(exact),
    printedMass: 1 - area(old) / area(asPrinted),
    printedVaries: Math.max(...gaps) - Math.min(...gaps),
  }
}
