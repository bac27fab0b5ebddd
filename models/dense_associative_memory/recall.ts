import { type Lab, numbersOf, signs, type Vector } from 'amp-lang/experiment'
import { differing } from './identities.ts'

type Model = Awaited<ReturnType<Lab['load']>>

/** At least so many stored patterns are looked at. */
const CUES = 150

const oddFactorial = (n: number): number => (n <= 1 ? 1 : n * oddFactorial(n - 2))

/** How many patterns are kept without errors, by the paper's formula. */
const capacity = (n: number, N: number): number => N ** (n - 1) / (2 * oddFactorial(2 * n - 3) * Math.log(N))

/** The share of bits of stored patterns that one sweep changes, at the formula's number of patterns and at eight times that. */
export async function errors(lab: Lab, model: Model) {
  const sizes = lab.quick ? [50] : [50, 100]
  const at = async (n: number, times: number): Promise<number> => {
    let [wrong, bits] = [0, 0]
    for (const N of sizes) {
      const random = lab.random('recall', n, N, times)
      const count = Math.round(times * capacity(n, N))
      const networks = Math.ceil(CUES / count)
      for (let k = 0; k < networks; k += 1) {
        const xi = Array.from({ length: count }, () => signs(random, N))
        const cues = xi.slice(0, CUES)
        const swept = await lab.retrieve(model, { memory: { xi }, param: { n }, cue: { s: cues } }, { update: 'synchronous', maxSteps: 1 })
        wrong += swept.reduce((sum, r, i) => sum + differing(numbersOf(r.states.s), cues[i] as Vector), 0)
        bits += N * cues.length
      }
    }
    return wrong / bits
  }
  return {
    ...{ below2: await at(2, 1), below3: await at(3, 1), below4: await at(4, 1) },
    ...{ beyond2: await at(2, 8), beyond3: await at(3, 8), beyond4: await at(4, 8) },
  }
}
