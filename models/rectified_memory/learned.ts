import { type Lab, numbersOf, signs, type Vector } from 'amp-lang/experiment'
import { isVertex, projection, vertex } from './weights.ts'

/** Sweeps over all patterns, after which what is left of J's error is small beside 1 at half as many patterns as pairs. */
const SWEEPS = 100

/** Weights that are learned pattern by pattern: how near they come to the projection, and which vertices they keep. */
export async function learned(lab: Lab) {
  lab.progress(0.85, 'learned weights')
  const model = await lab.load('learned.amp')
  const random = lab.random('learned')
  const kept: number[] = []
  let [away, first] = [0, 1]
  for (const K of lab.quick ? [20] : [25, 50, 100]) {
    const patterns = Array.from({ length: Math.round(K / 2) }, () => signs(random, K))
    const store = lab.store(model, { cue: { plus: new Array(K).fill(0) } })
    const ones = patterns.map((x) => vertex(x, 1))
    const shown = { observed: { plus: ones.map((v) => v.plus), minus: ones.map((v) => v.minus) } }
    const share = async (): Promise<number> => {
      const cue = { plus: ones.map((v) => v.plus.map((r) => r / 10 + 0.005)), minus: ones.map((v) => v.minus.map((r) => r / 10 + 0.005)) }
      const ends = await store.retrieve({ cue }, { probe: false })
      const is = ends.filter((e, p) =>
        isVertex({ plus: numbersOf(e.states.plus), minus: numbersOf(e.states.minus), energy: e.energy, rises: 0 }, patterns[p] as Vector),
      )
      return is.length / ends.length
    }
    await store.write(shown)
    if (K <= 25) first = await share()
    for (let sweep = 1; sweep < SWEEPS; sweep += 1) await store.write(shown)
    kept.push(await share())
    const J = store.memory('J').numbers
    const wanted = projection(patterns).flat()
    away = Math.max(away, ...wanted.map((v, i) => Math.abs(v - (J[i] as number))))
  }
  return { learnedKept: Math.min(...kept), learnedAway: away, onceKept: first }
}
