import { dot, furthest, type Lab, logSumExp, numbersOf, signs, type Vector } from 'amp-lang/experiment'

type Model = Awaited<ReturnType<Lab['load']>>

const BETA = 0.4
const BATCHES = 50

/** Energies, one sweep and the density that belongs to the sum, against arithmetic of their own. */
export async function compare(lab: Lab, model: Model, mixture: Model) {
  const N = 10
  const random = lab.random('identities')
  const xi = Array.from({ length: 6 }, () => signs(random, N))
  const all = Array.from({ length: 2 ** N }, (_, k) => Array.from({ length: N }, (_, i) => ((k >> i) & 1 ? 1 : -1)))
  const few = all.filter((_, k) => k % 37 === 0)
  const overlaps = (s: Vector): Vector => xi.map((p) => dot(p, s))
  const exponential = (s: Vector): number => -overlaps(s).reduce((sum, x) => sum + Math.exp(x - N), 0)
  const memory = { xi }
  const energies = await lab.energies(model, { memory, cue: { s: few } })
  const logs = await lab.energies(mixture, { memory, param: { beta: 1 }, cue: { s: few } })
  const whole = await lab.energies(mixture, { memory, param: { beta: BETA }, cue: { s: all } })
  const swept = await lab.retrieve(model, { memory, cue: { s: few } }, { maxSteps: 1 })
  return {
    energy: furthest(energies, few.map(exponential)),
    update: swept.reduce((sum, r, k) => sum + differing(numbersOf(r.states.s), sweep(few[k] as Vector, exponential)), 0),
    logarithm: furthest(energies.map((e) => Math.log(-e) + N), logs.map((e) => -e)), // biome-ignore format: one thought
    evidence: Math.abs(logSumExp(whole.map((e) => -e)) - Math.log(xi.length) - N * Math.log(2 * Math.cosh(BETA))),
    drawn: await drawn(lab, mixture, xi),
  }
}

/** Site after site to the lower energy. */
function sweep(s: Vector, energy: (s: Vector) => number): Vector {
  return s.reduce((now: Vector, v, i) => {
    const turned = now.map((x, k) => (k === i ? -v : x))
    return energy(turned) < energy(now) ? turned : now
  }, s)
}

/** The mean of a spin is tanh(beta) times its mean over patterns. */
async function drawn(lab: Lab, mixture: Model, xi: readonly Vector[]): Promise<number> {
  const { draws } = await lab.sample(mixture, { memory: { xi }, param: { beta: BETA } }, { chains: 1, draws: lab.quick ? 2000 : 20_000 })
  const [chain] = draws.chains
  const width = draws.names.length
  const distances = (xi[0] as Vector).map((_, i) => {
    const exact = Math.tanh(BETA) * (xi.reduce((sum, p) => sum + (p[i] as number), 0) / xi.length)
    const at = draws.names.indexOf(`s[${i + 1}]`)
    const length = Math.floor((chain?.count ?? 0) / BATCHES)
    const means = Array.from(
      { length: BATCHES },
      (_, b) =>
        Array.from({ length }, (_, d) => chain?.values[(b * length + d) * width + at] as number).reduce((a, v) => a + v, 0) / length,
    )
    const mean = means.reduce((a, v) => a + v, 0) / BATCHES
    return Math.abs((mean - exact) / Math.sqrt(means.reduce((a, v) => a + (v - mean) ** 2, 0) / (BATCHES - 1) / BATCHES))
  })
  return Math.max(...distances)
}

export const differing = (a: Vector, b: Vector): number => a.filter((v, i) => v !== b[i]).length
