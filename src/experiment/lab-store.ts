import {
  type Checked,
  type ForgetOptions,
  givenOf,
  type Inputs,
  type Loaded,
  openStore,
  type StoreContents,
  type Unwritten,
  type WriteOptions,
  type Written,
} from '../index.ts'
import { type LabReadings, readingsOf } from './lab-readings.ts'

/** Memories that an experiment writes and forgets, kept as long as it runs; it is read as a model is, with its memories. */
export interface LabStore extends LabReadings {
  /** One pattern or many, in order. */
  write(inputs: Inputs, options?: WriteOptions): Promise<Written>
  /** Patterns of a number or label, or those that are shown. */
  forget(inputs: Inputs, options?: ForgetOptions): Unwritten
  /** Takes back the last change. */
  undo(): void
  contents(): StoreContents
  /** The numbers of a memory, and how many along each axis. */
  memory(name: string): { readonly shape: readonly number[]; readonly numbers: readonly number[] }
}

export interface LabStoreOptions {
  /** Under which what rules read is drawn where nobody gives it. */
  readonly seed?: number
}

/** `sure` ends the run where something is wrong. */
export function labStore(
  model: Loaded,
  inputs: Inputs,
  seed: { readonly ofStore: number; readonly ofReadings: number },
  sure: <T>(checked: Checked<T>) => T,
): LabStore {
  const store = sure(openStore(model, sure(givenOf(inputs)), { seed: seed.ofStore }))
  const given = (more: Inputs) => sure(store.given(sure(givenOf(more))))
  return {
    ...readingsOf(model, given, seed.ofReadings, sure),
    write: async (patterns, options) => sure(await store.write(sure(givenOf(patterns)), options)),
    forget: (patterns, options) => sure(store.forget(sure(givenOf(patterns)), options)),
    undo: () => void sure(store.undo()),
    contents: () => store.contents(),
    memory(name) {
      const value = given({}).fixed.find((item) => item.name === name)?.value
      return value?.kind === 'numbers' ? { shape: value.shape, numbers: Array.from(value.data) } : { shape: [], numbers: [] }
    },
  }
}
