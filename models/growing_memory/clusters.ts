import { dot, estimate, type Figure, type Lab, minus, mutualInformation, type Vector } from 'amp-lang/experiment'
import { type Grown, grow, type PatternStream, ring, threeGaussians } from './streams.ts'

const mean = (values: Vector): number => values.reduce((a, b) => a + b, 0) / values.length
const ALPHAS = [0.1, 1, 5] as const

/** What a memory makes of streams of patterns, against the groups they were drawn from. */
export async function clusters(lab: Lab) {
  const [rings, mixtures] = lab.quick ? [1, 1] : [10, 100]
  const onRing: { stream: PatternStream; grown: Grown }[] = []
  for (let i = 0; i < rings; i += 1) {
    lab.progress(0.1 + (0.4 * i) / rings, `ring ${i + 1} of ${rings}`)
    const stream = ring(lab.random('ring', i), 300)
    onRing.push({ stream, grown: await grow(lab, stream, 1) })
  }
  const byAlpha: Grown[][] = ALPHAS.map(() => [])
  let renewed = 0
  for (let i = 0; i < mixtures; i += 1) {
    lab.progress(0.5 + (0.4 * i) / mixtures, `mixture ${i + 1} of ${mixtures}`)
    const stream = threeGaussians(lab.random('mixture', i))
    for (const [a, alpha] of ALPHAS.entries()) {
      const grown = await grow(lab, stream, alpha)
      byAlpha[a]?.push(grown)
      renewed += await renewedBy(grown, stream)
    }
  }
  const sizes = byAlpha.map((all) => mean(all.map((g) => g.counts.length))) as [number, number, number]
  return {
    ringInformation: mean(onRing.map((r) => r.grown.information)),
    ringMemories: mean(onRing.map((r) => r.grown.counts.length)),
    // One mixture cannot tell a mean.
    mixtureInformation: lab.quick ? undefined : estimate((byAlpha[0] as Grown[]).map((g) => g.information)),
    mixtureMemories: lab.quick ? undefined : sizes[0],
    moreByAlpha: lab.quick ? undefined : Math.min(sizes[1] - sizes[0], sizes[2] - sizes[1]),
    renewed,
    means: await meansGap(lab),
    figure: figureOf(onRing[0] as (typeof onRing)[number]),
  }
}

/** How many patterns of a stream would be new when they come again, of those whose memory has five patterns or more. */
async function renewedBy({ store, memoryOf, counts }: Grown, { x }: PatternStream): Promise<number> {
  const again = x.filter((_, i) => (counts[memoryOf[i] as number] as number) >= 5)
  const found = await store.retrieve({ observed: { x: again } }, { maxSteps: 0 })
  return found.filter((r) => r.likeliest.z?.data[0] === counts.length + 1).length
}

/** Least agreement (NMI) with DP-means, of threshold 4, where the noise is small against the distances. */
async function meansGap(lab: Lab): Promise<number> {
  const [threshold, variance] = [4, 0.004]
  const agreed = []
  for (let i = 0; i < (lab.quick ? 1 : 10); i += 1) {
    const { x, rho } = threeGaussians(lab.random('means', i))
    const beta = 1 / (2 * variance)
    const alpha = (1 + beta / rho) * Math.exp(-threshold * beta)
    const { memoryOf } = await grow(lab, { x, labels: x.map(() => 0), beta, rho }, alpha)
    agreed.push(mutualInformation(memoryOf, dpMeans(x, threshold)))
  }
  return Math.min(...agreed)
}

/** Online DP-means: a pattern opens a cluster where the sum of squares would rise by more than the threshold. */
function dpMeans(x: readonly Vector[], threshold: number): readonly number[] {
  const found: { mean: Vector; count: number }[] = []
  return x.map((v) => {
    const rises = found.map(({ mean: m, count }) => (count / (count + 1)) * dot(minus(v, m), minus(v, m)))
    const least = Math.min(...rises)
    const k = least > threshold || found.length === 0 ? found.length : rises.indexOf(least)
    const { mean: m, count } = found[k] ?? { mean: v, count: 0 }
    found[k] = { mean: m.map((u, d) => u + ((v[d] as number) - u) / (count + 1)), count: count + 1 }
    return k
  })
}

function figureOf({ stream, grown: { memoryOf, counts } }: { readonly stream: PatternStream; readonly grown: Grown }): Figure {
  const series = counts.map((n, k) => ({
    name: `memory ${k + 1}: ${n} ${n === 1 ? 'pattern' : 'patterns'}`,
    marks: 'dots' as const,
    points: stream.x.flatMap(([a = 0, b = 0], i) => (memoryOf[i] === k ? [{ x: a, y: b }] : [])),
  }))
  let made = 0
  const rising = memoryOf.map((k, i) => {
    made = Math.max(made, k + 1)
    return { x: i + 1, y: made }
  })
  return {
    title: 'Memories appear as patterns need them',
    panels: [
      { title: '300 patterns around a ring, by memory', x: { label: 'x[1]' }, y: { label: 'x[2]' }, series },
      {
        title: 'Memories made',
        x: { label: 'pattern', scale: 'log' },
        y: { label: 'memories' },
        series: [{ name: 'memories', marks: 'line', points: rising }],
      },
    ],
  }
}
