import { dot, type Lab, numbersOf, scaled, type Vector } from 'amp-lang/experiment'
import { columns, correlated, frame } from './frames.ts'

type Model = Awaited<ReturnType<Lab['load']>>

/** Ten patterns of one template by the projection rule and by Hebb's rule: unstable bits, and recall with every tenth bit turned. */
export async function recall(lab: Lab, model: Model) {
  const size = lab.quick ? 64 : 256
  const random = lab.random('recall')
  const patterns = correlated(random, 10, size, 0.15)
  const [projection, hebb] = [frame(patterns), patterns.map((p) => scaled(p, 1 / Math.sqrt(size)))].map((W) => ({ W: columns(W) }))
  const from = async (memory: { W: readonly Vector[] } | undefined, s: readonly Vector[], maxSteps: number) =>
    lab.retrieve(
      model,
      { memory: memory ?? {}, cue: { s } },
      { integrate: ['lambda'], update: maxSteps === 1 ? 'synchronous' : 'asynchronous', maxSteps },
    )
  const unstable = async (memory: typeof projection): Promise<number> => {
    const after = await from(memory, patterns, 1)
    const turned = after.map((r, k) => numbersOf(r.states.s).filter((v, i) => v !== (patterns[k] as Vector)[i]).length)
    return turned.reduce((a, b) => a + b, 0) / (size * patterns.length)
  }
  const cues = patterns.map((p) => p.map((v) => (random.uniform() < 0.1 ? -v : v)))
  const recalled = await from(projection, cues, 10_000)
  return {
    unstable: await unstable(projection),
    hebb: await unstable(hebb),
    overlap: Math.min(...recalled.map((r, k) => dot(numbersOf(r.states.s), patterns[k] as Vector) / size)),
  }
}
