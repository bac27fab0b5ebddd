import { type Lab, numbersOf, signs, smallestRise, type Vector } from 'amp-lang/experiment'
import { differing } from './identities.ts'

type Model = Awaited<ReturnType<Lab['load']>>

const CUES = 200

/** The share of bits of stored patterns that one sweep changes, by how many there are. */
export async function errors(lab: Lab, model: Model) {
  const at = async (N: number, exponent: number): Promise<number> => {
    const random = lab.random('recall', N, exponent)
    const xi = Array.from({ length: Math.round(2 ** (exponent * N)) }, () => signs(random, N))
    const cues = xi.slice(0, CUES)
    const swept = await lab.retrieve(model, { memory: { xi }, cue: { s: cues } }, { update: 'synchronous', maxSteps: 1 })
    return swept.reduce((sum, r, i) => sum + differing(numbersOf(r.states.s), cues[i] as Vector), 0) / (N * cues.length)
  }
  const half: number[] = []
  for (const N of lab.quick ? [16] : [16, 20, 24]) half.push(await at(N, 0.5))
  const rising = [await at(16, 0.5), await at(16, 0.7), await at(16, 0.9)]
  return { half: Math.max(...half), rising: smallestRise(rising) }
}
