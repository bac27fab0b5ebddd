import { dot, type Lab, signs, type Vector } from 'amp-lang/experiment'

type Model = Awaited<ReturnType<Lab['load']>>

const BATCHES = 50

/** Products of two spins, by Gibbs draws and by enumeration: the farthest in standard errors by batches. */
export async function moments(lab: Lab, model: Model) {
  const N = 8
  const random = lab.random('drawn')
  const xi = [signs(random, N), signs(random, N)]
  const all = Array.from({ length: 2 ** N }, (_, k) => Array.from({ length: N }, (_, i) => ((k >> i) & 1 ? 1 : -1)))
  const weights = all.map((s) => Math.exp(xi.reduce((sum, p) => sum + dot(p, s) ** 2, 0) / (2 * N)))
  const total = weights.reduce((a, b) => a + b, 0)
  const { draws } = await lab.sample(model, { memory: { xi } }, { chains: 1, draws: lab.quick ? 2000 : 20_000 })
  const [chain] = draws.chains
  const width = draws.names.length
  const at = (draw: number, i: number): number => chain?.values[draw * width + draws.names.indexOf(`s[${i + 1}]`)] as number
  const distances = Array.from({ length: N - 1 }, (_, j) => {
    const exact = all.reduce((sum, s, k) => sum + ((weights[k] as number) / total) * (s[0] as number) * (s[j + 1] as number), 0)
    const values = Array.from({ length: chain?.count ?? 0 }, (_, d) => at(d, 0) * at(d, j + 1))
    return Math.abs(distance(values, exact))
  })
  return Math.max(...distances)
}

function distance(values: Vector, exact: number): number {
  const length = Math.floor(values.length / BATCHES)
  const means = Array.from({ length: BATCHES }, (_, b) => values.slice(b * length, (b + 1) * length).reduce((a, v) => a + v, 0) / length)
  const mean = means.reduce((a, v) => a + v, 0) / BATCHES
  return (mean - exact) / Math.sqrt(means.reduce((a, v) => a + (v - mean) ** 2, 0) / (BATCHES - 1) / BATCHES)
}
