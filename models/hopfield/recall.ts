import { dot, type Lab, signs, type Vector } from 'amp-lang/experiment'
import { endOf } from './identities.ts'

type Model = Awaited<ReturnType<Lab['load']>>

/** Patterns a neuron. */
export const LOADS = { low: 0.1, middle: 0.12, above: 0.16, high: 0.2 } as const

const NEURONS = 1000

/** The mean overlap of stored patterns with where they lead. */
export async function overlaps(lab: Lab, model: Model) {
  const [networks, cues] = lab.quick ? [1, 4] : [8, 8]
  const at = async (load: keyof typeof LOADS): Promise<number> => {
    const found: number[] = []
    for (let k = 0; k < networks; k += 1) {
      const random = lab.random('recall', load, k)
      const xi = Array.from({ length: LOADS[load] * NEURONS }, () => signs(random, NEURONS))
      const ends = await lab.retrieve(model, { memory: { xi }, cue: { s: xi.slice(0, cues) } })
      found.push(...ends.map((r, i) => dot(endOf(r), xi[i] as Vector) / NEURONS))
    }
    return found.reduce((a, b) => a + b, 0) / found.length
  }
  // Just above the capacity a few cues are all recalled, or none.
  const above = lab.quick ? undefined : await at('above')
  return { low: await at('low'), middle: await at('middle'), above, high: await at('high') }
}
