import { type Lab, type LabStore, rowsOf, type Vector } from 'amp-lang/experiment'

/** A pair of objects: levels from 1, one for each feature. */
export interface Pair {
  readonly a: Vector
  readonly b: Vector
}

/** What is stored and what is asked of one kind of object; row r is of class r modulo 10. */
export interface Objects {
  readonly stored: readonly Vector[]
  readonly asked: readonly Vector[]
}

export const CLASSES = 10

export function objects(lab: Lab, kind: 'digits' | 'letters'): Objects {
  return { stored: rowsOf(lab.values(`${kind}.npy`)), asked: rowsOf(lab.values(`${kind}_asked.npy`)) }
}

/** A table of pairs, by writing them. */
export async function tableOf(lab: Lab, pairs: readonly Pair[], levels = 16): Promise<LabStore> {
  const store = lab.store(await withLevels(lab, 'heteroassociation.amp', levels))
  await store.write({ observed: { a: pairs.map((p) => p.a), b: pairs.map((p) => p.b) } })
  return store
}

/** One of the texts with so many levels. */
export function withLevels(lab: Lab, file: string, levels: number) {
  return lab.load(file, (text) => text.replace(/^(axis\s+\w*level = )\d+/gm, `$1${levels}`))
}

/** The memory of a store as a model is given it. */
export function memoryOf(store: LabStore): { readonly shape: readonly number[]; readonly data: Vector } {
  const { shape, numbers } = store.memory('R')
  return { shape, data: numbers }
}
