import { type Lab, signs, type Vector } from 'amp-lang/experiment'
import { choice, flipped } from './corruption.ts'
import { from, isVertex } from './weights.ts'

/** Which vertices are kept, and completed, by band, load, overlap and corruption. */
export async function recall(lab: Lab) {
  const model = await lab.load('rectified_memory.amp')
  const random = lab.random('recall')
  let rises = 0
  const some = (P: number, K: number): readonly Vector[] => Array.from({ length: P }, () => signs(random, K))
  const kept = async (patterns: readonly Vector[], cues: readonly Vector[], mu: number, wanted = cues): Promise<number> => {
    const ends = await from(lab, model, patterns, cues, mu)
    rises = Math.max(rises, ...ends.map((e) => e.rises))
    return ends.filter((e, k) => isVertex(e, wanted[k] as Vector)).length / ends.length
  }
  lab.progress(0.2, 'the band of mu')
  const four = some(4, 40)
  const band = []
  for (const mu of [1.1, 1.5, 1.9]) band.push(await kept(four, four, mu))
  const [tooLittle, tooMuch] = [await kept(four, four, 0.9), await kept(four, four, 2.1)]
  const loads = []
  for (const K of lab.quick ? [25] : [25, 50, 100]) {
    lab.progress(0.4, `capacity at K = ${K}`)
    const patterns = some(0.8 * K, K)
    loads.push(await kept(patterns, patterns, 1.5))
  }
  lab.progress(0.7, 'completion')
  const K = lab.quick ? 50 : 100
  const ten = some(K / 10, K)
  const tried = Array.from({ length: lab.quick ? 5 : 20 }, (_, t) => ten[t % ten.length] as Vector)
  const corrupted = tried.map((x) => flipped(x, choice(random, K / 5, K)))
  const completed = await kept(ten, corrupted, 1.5, tried)
  lab.progress(0.9, 'overlapping pairs')
  const pairs = []
  for (const share of [0.5, 0.7, 0.9]) {
    const [a = [], ...others] = some(4, K)
    const pair = [a, flipped(a, choice(random, Math.round((1 - share) * K), K))]
    pairs.push(await kept([...pair, ...others], pair, 1.5))
  }
  return { kept: Math.min(...band), tooLittle, tooMuch, capacity: Math.min(...loads), completed, overlapping: Math.min(...pairs), rises }
}
