import { type Lab, largestRise, numbersOf, type Vector } from 'amp-lang/experiment'
import { changed, type Design, exactFamily, excitation, inhibition, randomFamily, unitsRight } from './network.ts'

/** Recall from corrupted memories by mirror steps, by the balance of excitation and inhibition. */
export async function recall(lab: Lab) {
  const model = await lab.load('firing_rate.amp')
  const random = lab.random('recall')
  let rises = 0
  const ends = async (design: Design, memories: readonly Vector[], cues: readonly Vector[]) => {
    const found = await lab.retrieve(model, { memory: { xi: memories }, param: { ...design }, cue: { x: cues } }, { probe: false })
    rises = Math.max(rises, ...found.map((r) => largestRise(r.trace)))
    return found.map((r) => numbersOf(r.states.x))
  }
  const shares = (design: Design, at: readonly Vector[], memories: readonly Vector[]): readonly number[] =>
    at.map((x, k) => unitsRight(design, x, memories[k] as Vector))
  const recalled = (all: readonly number[]): number => all.filter((s) => s > 0.99).length / all.length
  const mean = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0) / all.length

  lab.progress(0.3, 'balance')
  const exact = exactFamily(1000)
  // 30 % of the silent neurons.
  const tooMany = exact.map((xi) => changed(random, xi, 0, 240))
  const inhibited = await ends(inhibition, exact, tooMany)
  const excited = await ends(excitation, exact, tooMany)
  const size = lab.quick ? 250 : 500
  const ten = randomFamily(random, 10, size)
  const [withInhibition, withExcitation] = [await ends(inhibition, ten, ten), await ends(excitation, ten, ten)]

  lab.progress(0.5, 'load')
  const memories = randomFamily(random, 0.05 * size, size)
  const tried = memories.slice(0, lab.quick ? 4 : 10)
  // 30 % of the active ones are exchanged for others.
  const cues = tried.map((xi) => changed(random, xi, (0.3 * size) / 5, (0.3 * size) / 5))
  return {
    rises,
    balanced: recalled(shares(inhibition, inhibited, exact)),
    runaway: mean(excited.flat()),
    random: recalled(shares(inhibition, withInhibition, ten)),
    randomRunaway: recalled(shares(excitation, withExcitation, ten)),
    few: recalled(shares(inhibition, await ends(inhibition, memories, cues), tried)),
  }
}
