import { type Lab, type LabStore, minus, numbersOf, type Vector } from 'amp-lang/experiment'
import { CLASSES, memoryOf, type Objects } from './tables.ts'

/** How a method answers cues: the share of answers of the right class, and their mean distance from the cue, projected back. */
export interface Answers {
  readonly right: number
  readonly distance: number
}

export type Method = 'random' | 'sample' | 'search'

/** A table asked for the partners of objects. */
export interface Recalled extends Readonly<Record<Method, Answers>> {
  /** The share of cues that are refused. */
  readonly refused: number
  /** The largest rise of distance from random to sample to search, over all cues. */
  readonly rise: number
}

/** So many different draws are tested, of at most so many. */
const [TESTED, DRAWN] = [127, 508]

/** Asks a table with a threshold `iota` for the partners of objects by the three methods; answers are judged by `others`. */
export async function recalled(lab: Lab, store: LabStore, iota: number, asked: readonly Vector[], others: Objects): Promise<Recalled> {
  const places = await answered(store, iota, asked)
  const drawn: { readonly k: number; readonly b: Vector }[] = []
  for (const [k, place] of places.entries())
    for (const b of await draws(store, iota, asked[place] as Vector, lab.quick ? 15 : TESTED)) drawn.push({ k, b })
  const memory = { R: memoryOf(store) }
  const test = await lab.load('search_and_test.amp')
  const tested = async (candidates: typeof drawn, maxSteps?: number): Promise<readonly Tested[]> => {
    const a = candidates.map(({ k }) => asked[places[k] as number] as Vector)
    const inputs = { memory, param: { iota }, observed: { a }, cue: { b: candidates.map(({ b }) => b) } }
    const found = await lab.retrieve(test, inputs, { report: ['distance'], ...(maxSteps === undefined ? {} : { maxSteps }) })
    return found.map(({ energy, reported, states }) => {
      return { energy, distance: numbersOf(reported.distance)[0] as number, answer: numbersOf(states.b) }
    })
  }
  const all = await tested(drawn, 0)
  const mine = places.map((_, k) => all.filter((_, i) => drawn[i]?.k === k))
  const random = mine.map((own) => own[0] as Tested)
  const sample = mine.map((own) => own.reduce((best, one) => (one.energy < best.energy ? one : best)))
  const search = await tested(sample.map(({ answer }, k) => ({ k, b: answer })))
  const isRight = ({ answer }: Tested, k: number): boolean => classOf(answer, others.stored) === (places[k] as number) % CLASSES
  const of = (ends: readonly Tested[]): Answers => ({
    right: mean(ends.map((end, k) => (isRight(end, k) ? 1 : 0))),
    distance: mean(ends.map((end) => end.distance)),
  })
  const steps = [[random, sample], [sample, search]] as const // biome-ignore format: one row
  const rises = steps.flatMap(([from, to]) => from.map((before, k) => (to[k] as Tested).energy - before.energy))
  return { refused: 1 - places.length / asked.length, random: of(random), sample: of(sample), search: of(search), rise: Math.max(...rises) }
}

interface Tested {
  readonly energy: number
  readonly distance: number
  readonly answer: Vector
}

/** The places of the cues that a table has an answer to: those of finite energy. */
export async function answered(store: LabStore, iota: number, asked: readonly Vector[]): Promise<readonly number[]> {
  const found = await store.retrieve({ observed: { a: asked }, param: { iota } }, { maxSteps: 0 })
  return found.flatMap(({ energy }, k) => (Number.isFinite(energy) ? [k] : []))
}

/** Different draws of the partner of a cue, in order. */
export async function draws(store: LabStore, iota: number, a: Vector, most = TESTED): Promise<readonly Vector[]> {
  const { draws: drawn } = await store.sample({ observed: { a }, param: { iota } }, { chains: 1, draws: Math.min(DRAWN, 4 * most) })
  const [own, values] = [drawn.names.flatMap((name, i) => (name.startsWith('b[') ? [i] : [])), drawn.chains[0]?.values ?? []]
  const different = new Map<string, Vector>()
  for (let at = 0; at < values.length && different.size < most; at += drawn.names.length) {
    const draw = own.map((i) => values[at + i] as number)
    different.set(draw.join(), different.get(draw.join()) ?? draw)
  }
  return [...different.values()]
}

/** The class of most of the five nearest objects; of equally many, that of the nearest. */
export function classOf(object: Vector, stored: readonly Vector[]): number {
  const near = stored
    .map((other, row) => ({ kind: row % CLASSES, apart: minus(object, other).reduce((sum, d) => sum + d * d, 0) }))
    .sort((x, y) => x.apart - y.apart)
    .slice(0, 5)
  const votes = near.map(({ kind }) => near.filter((n) => n.kind === kind).length)
  return near[votes.indexOf(Math.max(...votes))]?.kind ?? -1
}

export const mean = (values: Vector): number => values.reduce((a, b) => a + b, 0) / values.length
