import { dot, furthest, type Lab, largestRise, logSumExp, normals, numbersOf, type Vector } from 'amp-lang/experiment'

const T = 0.4
const theta = 0.3

/** The Boltzmann machine with its bits relaxed against the rate network of the same weights. */
export async function meanField(lab: Lab) {
  lab.progress(0.2, 'mean field')
  const [machine, rates] = [await lab.load('boltzmann.amp'), await lab.load('rates.amp')]
  const random = lab.random('mean field')
  const size = 8
  const half = Array.from({ length: size }, () => normals(random, size))
  const own = normals(random, size)
  const coupled = half.map((row, i) => row.map((v, j) => (i === j ? 0 : (v + (half[j]?.[i] as number)) / 2)))
  const withItself = coupled.map((row, i) => row.map((v, j) => (i === j ? (own[i] as number) : v)))
  const points = Array.from({ length: 6 }, () => Array.from({ length: size }, () => random.uniform()))
  const relaxed = async (W: readonly Vector[]) =>
    (await lab.retrieve(machine, { data: { W }, param: { theta }, cue: { s: points } }, { relax: ['s'], temperature: T, maxSteps: 0 })).map(
      (r) => r.energy,
    )
  const network = (W: readonly Vector[]) => lab.energies(rates, { data: { W }, param: { theta, T }, cue: { x: points } })
  const [here, there] = [await relaxed(coupled), await network(coupled)]
  const self = points.map((x) => own.reduce((s, w, i) => s + (w * (x[i] as number) * (1 - (x[i] as number))) / 2, 0))
  const ends = await lab.retrieve(
    machine,
    { data: { W: coupled }, param: { theta }, cue: { s: points } },
    { relax: ['s'], temperature: T, tolerance: 1e-12 },
  )
  const gaps = points.map((x, k) => (here[k] as number) / T + logZ(coupled) - divergence(coupled, x))
  return {
    mean: furthest(here, there),
    itself: furthest(
      await relaxed(withItself),
      (await network(withItself)).map((e, k) => e - (self[k] as number)),
    ),
    equations: Math.max(...ends.map((r) => restGap(coupled, numbersOf(r.states.s)))),
    divergence: Math.max(...gaps.map(Math.abs)),
    bound: Math.min(...here.map((e) => e / T + logZ(coupled))),
    rises: Math.max(...ends.map((r) => largestRise(r.trace))),
  }
}

const restGap = (W: readonly Vector[], x: Vector): number =>
  furthest(
    x,
    W.map((row) => 1 / (1 + Math.exp((theta - dot(row, x)) / T))),
  )

/** All patterns of the bits, with `-E / T`. */
function patterns(W: readonly Vector[]): readonly { readonly s: Vector; readonly log: number }[] {
  return Array.from({ length: 1 << W.length }, (_, n) => {
    const s = W.map((_row, i) => (n >> i) & 1)
    const energy =
      -dot(
        s,
        W.map((row) => dot(row, s)),
      ) /
        2 +
      theta * s.reduce((a, b) => a + b, 0)
    return { s, log: -energy / T }
  })
}

const logZ = (W: readonly Vector[]): number => logSumExp(patterns(W).map((p) => p.log))

function divergence(W: readonly Vector[], x: Vector): number {
  const all = logZ(W)
  return patterns(W).reduce((sum, { s, log }) => {
    const own = s.reduce((t, v, i) => t + Math.log(v === 1 ? (x[i] as number) : 1 - (x[i] as number)), 0)
    return sum + Math.exp(own) * (own - log + all)
  }, 0)
}
