import { type Lab, type LabStore, mutualInformation, type Random, type Vector } from 'amp-lang/experiment'

/** Patterns in the order in which they come, the groups they were drawn from, and the precisions of the model for them. */
export interface PatternStream {
  readonly x: readonly Vector[]
  readonly labels: readonly number[]
  readonly beta: number
  readonly rho: number
}

/** A store after a stream: the memory of each pattern, from 0 in the order in which memories were made. */
export interface Grown {
  readonly store: LabStore
  readonly memoryOf: readonly number[]
  readonly counts: readonly number[]
  readonly information: number
}

/** Five Gaussians of standard deviation 0.55 on a circle of radius 5. */
export function ring(random: Random, size: number): PatternStream {
  const centres = [0, 1, 2, 3, 4].map((k) => [Math.cos((2 * Math.PI * k) / 5), Math.sin((2 * Math.PI * k) / 5)].map((v) => 5 * v))
  return around(random, centres, 0.55, Math.sqrt(12.5), size)
}

/** Three Gaussians of variance 0.3 whose centres are drawn with variance 6. */
export function threeGaussians(random: Random): PatternStream {
  const centres = [0, 1, 2].map(() => [0, 1].map(() => Math.sqrt(6) * random.normal()))
  return around(random, centres, Math.sqrt(0.3), Math.sqrt(6), 100)
}

function around(random: Random, centres: readonly Vector[], sd: number, spread: number, size: number): PatternStream {
  const labels = Array.from({ length: size }, () => random.integer(centres.length))
  const x = labels.map((k) => (centres[k] as Vector).map((m) => m + sd * random.normal()))
  return { x, labels, beta: 1 / (2 * sd * sd), rho: 1 / (2 * spread * spread) }
}

/** Writes a stream pattern by pattern; the memory of a pattern is the one whose count has risen. */
export async function grow(lab: Lab, { x, labels, beta, rho }: PatternStream, alpha: number): Promise<Grown> {
  const store = lab.store(await lab.load('growing_memory.amp'), { param: { alpha, beta, rho } })
  const memoryOf: number[] = []
  let counts: readonly number[] = []
  for (const pattern of x) {
    await store.write({ observed: { x: pattern } })
    const now = (store.contents().elements.cluster ?? []).map((e) => e.count)
    memoryOf.push(now.findIndex((n, k) => n > (counts[k] ?? 0)))
    counts = now
  }
  return { store, memoryOf, counts, information: mutualInformation(labels, memoryOf) }
}
