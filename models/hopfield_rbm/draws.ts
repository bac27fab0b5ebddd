import { dot, type Lab, type Vector } from 'amp-lang/experiment'
import { columns, correlated, frame, projected, states } from './frames.ts'

type Model = Awaited<ReturnType<Lab['load']>>

const BETA = 2
const BATCHES = 50

/** Moments of draws with the hidden units integrated out, and drawn afterwards, against enumeration: the farthest in standard errors. */
export async function moments(lab: Lab, model: Model) {
  const size = 8
  const q = frame(correlated(lab.random('drawn'), 3, size, 0.3))
  const all = states(size)
  const weights = all.map((s) => Math.exp(-BETA * projected(q, s)))
  const total = weights.reduce((a, b) => a + b, 0)
  const mean = (of: (s: Vector) => number): number => all.reduce((sum, s, k) => sum + ((weights[k] as number) / total) * of(s), 0)
  const { draws } = await lab.sample(
    model,
    { memory: { W: columns(q) } },
    { integrate: ['lambda'], chains: 1, draws: lab.quick ? 2000 : 20_000 },
  )
  const at = (draw: Vector, name: string): number => draw[draws.names.indexOf(name)] as number
  const pairs = Array.from({ length: size - 1 }, (_, i) => ({
    exact: mean((s) => (s[0] as number) * (s[i + 1] as number)),
    of: (d: Vector) => at(d, 's[1]') * at(d, `s[${i + 2}]`),
  }))
  const squares = q.map((v, k) => ({
    exact: 1 / BETA + mean((s) => dot(v, s) ** 2),
    of: (d: Vector) => at(d, `lambda[${k + 1}]`) ** 2,
  }))
  const [chain] = draws.chains
  const width = draws.names.length
  const rows = Array.from({ length: chain?.count ?? 0 }, (_, i) => Array.from(chain?.values.slice(i * width, (i + 1) * width) ?? []))
  return Math.max(...[...pairs, ...squares].map(({ exact, of }) => Math.abs(distance(rows.map(of), exact))))
}

/** How far a mean is from its value, in standard errors by batches, which know of correlations. */
function distance(values: Vector, exact: number): number {
  const length = Math.floor(values.length / BATCHES)
  const means = Array.from({ length: BATCHES }, (_, b) => values.slice(b * length, (b + 1) * length).reduce((a, v) => a + v, 0) / length)
  const all = means.reduce((a, v) => a + v, 0) / BATCHES
  const variance = means.reduce((a, v) => a + (v - all) ** 2, 0) / (BATCHES - 1)
  return (all - exact) / Math.sqrt(variance / BATCHES)
}
