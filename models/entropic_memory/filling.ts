import { type Lab, type LabStore, numbersOf, type Vector } from 'amp-lang/experiment'
import { answered } from './recall.ts'
import { type Objects, type Pair, tableOf } from './tables.ts'

/** A table as it fills: entropy in bits, and the share of cues that it refuses by threshold. */
export interface Filled {
  readonly pairs: number
  readonly store: LabStore
  readonly entropy: number
  readonly refused: Readonly<Record<Threshold, number>>
}

export const thresholds = { none: 0, quarter: 0.25, half: 0.5 } as const
export type Threshold = keyof typeof thresholds

export async function filled(lab: Lab, sizes: readonly number[], from: Objects, to: Objects, asked: readonly Vector[]) {
  const found: Filled[] = []
  for (const [i, size] of sizes.entries()) {
    lab.progress(0.05 + (0.15 * i) / sizes.length, `${size} pairs`)
    const store = await tableOf(lab, pairsOf(from, to, size))
    const share = async (iota: number) => 1 - (await answered(store, iota, asked)).length / asked.length
    const refused = { none: await share(thresholds.none), quarter: await share(thresholds.quarter), half: await share(thresholds.half) }
    const [one] = await store.retrieve({ observed: { a: asked.slice(0, 1) } }, { maxSteps: 0, report: ['entropy'] })
    found.push({ pairs: size, store, entropy: numbersOf(one?.reported.entropy)[0] as number, refused })
  }
  return found
}

/** The first pairs of a digit and its letter. */
export const pairsOf = (from: Objects, to: Objects, count: number): readonly Pair[] =>
  from.stored.slice(0, count).map((a, i) => ({ a, b: to.stored[i] as Vector }))

/** How many stored pairs a table does not know. */
export async function unknownOf(store: LabStore, pairs: readonly Pair[]): Promise<number> {
  const energies = store.points({ observed: { a: pairs.map((p) => p.a), b: pairs.map((p) => p.b) } }).map((p) => p.energy)
  return energies.filter((e) => !Number.isFinite(e)).length
}
