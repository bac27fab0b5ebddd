import { dot, type Lab, softmax, type Vector } from 'amp-lang/experiment'

type Model = Awaited<ReturnType<Lab['load']>>

const BATCHES = 50

/** Draws at T = 1 / beta against the moments of the Gaussian mixture whose density that is. */
export async function mixture(lab: Lab, model: Model) {
  const beta = 2
  const xi = [[1, 0.2], [-0.4, 0.9], [-0.5, -0.7]] // biome-ignore format: a matrix
  const weights = softmax(xi.map((p) => (beta / 2) * dot(p, p)))
  const mean = (of: (p: Vector) => number): number => weights.reduce((sum, w, k) => sum + w * of(xi[k] as Vector), 0)
  const { draws } = await lab.sample(
    model,
    { memory: { xi }, param: { beta } },
    { temperature: 1 / beta, draws: lab.quick ? 1000 : 10_000, warmup: 500 },
  )
  const rows = draws.chains.flatMap(({ count, values }) =>
    Array.from({ length: count }, (_, d) => Array.from(values.slice(d * 2, d * 2 + 2))),
  )
  const pairs = [[0, 0], [0, 1], [1, 1]] as const // biome-ignore format: a matrix
  const at = (x: Vector, i: number): number => x[i] as number
  return {
    means: Math.max(...[0, 1].map((i) => distance(rows.map((x) => at(x, i)), mean((p) => at(p, i))))), // biome-ignore format: one thought
    squares: Math.max(
      ...pairs.map(([i, j]) => distance(rows.map((x) => at(x, i) * at(x, j)), mean((p) => at(p, i) * at(p, j)) + (i === j ? 1 / beta : 0))), // biome-ignore format: one thought
    ),
  }
}

/** How far a mean is from its value, in standard errors by batches, which know of correlations. */
function distance(values: Vector, exact: number): number {
  const length = Math.floor(values.length / BATCHES)
  const means = Array.from({ length: BATCHES }, (_, b) => values.slice(b * length, (b + 1) * length).reduce((a, v) => a + v, 0) / length)
  const all = means.reduce((a, v) => a + v, 0) / BATCHES
  return Math.abs(all - exact) / Math.sqrt(means.reduce((a, v) => a + (v - all) ** 2, 0) / (BATCHES - 1) / BATCHES)
}
