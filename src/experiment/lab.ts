import type { Checked, Diagnostic } from '../base/diagnostic.ts'
import { fold, keyFromSeed, Stream } from '../base/random.ts'
import type { SourceFile } from '../base/source.ts'
import {
  givenOf,
  type Inputs,
  type Loaded,
  load,
  type OpenStore,
  openStore,
  type RetrieveOptions,
  type RetrieveResult,
  retrieve,
  type SampleOptions,
  type SampleResult,
  type StoreContents,
  sample,
  type WriteOptions,
  type Written,
} from '../index.ts'

/** What an experiment works with: the library, seeded random numbers, and a way to say how far it is. */
export interface Lab {
  readonly seed: number
  /** Whether a small run is asked for, of seconds. */
  readonly quick: boolean
  /** Random numbers of their own for each name or number of a part of the work. */
  random(...parts: readonly (string | number)[]): Random
  /** A model by its file, beside the experiment. */
  load(file: string): Promise<Loaded>
  /** One result a cue, computed in float64. */
  retrieve(model: Loaded, inputs: Inputs, options?: RetrieveOptions): Promise<RetrieveResult['retrievals']>
  sample(model: Loaded, inputs: Inputs, options?: SampleOptions): Promise<SampleResult>
  /** The energy at each cue, nats. */
  energies(model: Loaded, inputs: Inputs): Promise<readonly number[]>
  /** A store of the model's memories, kept in memory; data and params that are given are kept with it. */
  store(model: Loaded, inputs?: Inputs): LabStore
  /** How much is done, from 0 to 1, and what comes now. */
  progress(done: number, now: string): void
}

/** A store, which is written and read with the same inputs as a model. */
export interface LabStore {
  write(inputs: Inputs, options?: WriteOptions): Promise<Written>
  retrieve(inputs: Inputs, options?: RetrieveOptions): Promise<RetrieveResult['retrievals']>
  contents(): StoreContents
}

/** Uniform on (0, 1), standard normal, whole from 0 to n - 1. */
export type Random = Pick<Stream, 'uniform' | 'normal' | 'integer'>

export interface LabOptions {
  readonly seed: number
  readonly quick: boolean
  /** The text of a file beside the experiment. */
  readonly read: (file: string) => Checked<SourceFile>
  readonly progress?: (done: number, now: string) => void
}

/** Ends a run whose model or values are wrong: what was said of them, and of which file. */
export class Stopped extends Error {
  readonly diagnostics: readonly Diagnostic[]
  readonly source: SourceFile

  constructor(diagnostics: readonly Diagnostic[], source: SourceFile) {
    super(diagnostics.map((d) => d.message).join(' '))
    this.diagnostics = diagnostics
    this.source = source
  }
}

export function openLab({ seed, quick, read, progress = () => {} }: LabOptions): Lab {
  const values = (model: Loaded, inputs: Inputs) => made(givenOf(inputs), model.source)
  const lab: Lab = {
    seed,
    quick,
    progress,
    random: (...parts) => new Stream(parts.reduce(fold, keyFromSeed(seed))),
    async load(file) {
      const source = made(read(file), { name: file, text: '' })
      return made(load(source), source)
    },
    async retrieve(model, inputs, options) {
      return made(await retrieve(model, values(model, inputs), { backend: 'kernel', seed, ...options }), model.source).retrievals
    },
    async sample(model, inputs, options) {
      return made(await sample(model, values(model, inputs), { seed, ...options }), model.source)
    },
    async energies(model, inputs) {
      return (await lab.retrieve(model, inputs, { maxSteps: 0 })).map((r) => r.energy)
    },
    store: (model, inputs = {}) => labStore(model, made(openStore(model, values(model, inputs), { seed }), model.source), seed),
  }
  return lab
}

function labStore(model: Loaded, store: OpenStore, seed: number): LabStore {
  const values = (inputs: Inputs) => made(givenOf(inputs), model.source)
  return {
    write: async (inputs, options) => made(await store.write(values(inputs), options), model.source),
    async retrieve(inputs, options) {
      const given = made(store.given(values(inputs)), model.source)
      return made(await retrieve(model, given, { backend: 'kernel', seed, ...options }), model.source).retrievals
    },
    contents: () => store.contents(),
  }
}

function made<T>(checked: Checked<T>, source: SourceFile): T {
  if (!checked.ok) throw new Stopped(checked.diagnostics, source)
  return checked.value
}
