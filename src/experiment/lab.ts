import { type Checked, checked, type Diagnostic, diagnostic, unmade } from '../base/diagnostic.ts'
import { fold, keyFromSeed, Stream } from '../base/random.ts'
import type { SourceFile } from '../base/source.ts'
import { givenOf, type Inputs, type Loaded, load } from '../index.ts'
import { type LabReadings, readingsOf } from './lab-readings.ts'
import { type LabStore, type LabStoreOptions, labStore } from './lab-store.ts'

/** What an experiment works with: the library, seeded random numbers, and a way to say how far it is. */
export interface Lab {
  readonly seed: number
  /** Whether a small run is asked for, of seconds. */
  readonly quick: boolean
  /** Random numbers of their own for each name or number of a part of the work. */
  random(...parts: readonly (string | number)[]): Random
  /** A model by its file, beside the experiment; or by what is made of its text. */
  load(file: string, edit?: (text: string) => string): Promise<Loaded>
  /** The numbers in a file beside the experiment: .npy, .csv or .json. */
  values(file: string): LabValues
  /** Values by name in a .json beside the experiment, as `amp learn --out` writes params. */
  params(file: string): LabParams
  /** The readings of a model, by the names that they have alone. */
  retrieve(model: Loaded, ...asked: Parameters<LabReadings['retrieve']>): ReturnType<LabReadings['retrieve']>
  capacity(model: Loaded, ...asked: Parameters<LabReadings['capacity']>): ReturnType<LabReadings['capacity']>
  sample(model: Loaded, ...asked: Parameters<LabReadings['sample']>): ReturnType<LabReadings['sample']>
  learn(model: Loaded, ...asked: Parameters<LabReadings['learn']>): ReturnType<LabReadings['learn']>
  simulate(model: Loaded, ...asked: Parameters<LabReadings['simulate']>): ReturnType<LabReadings['simulate']>
  sweep(model: Loaded, ...asked: Parameters<LabReadings['sweep']>): ReturnType<LabReadings['sweep']>
  energies(model: Loaded, ...asked: Parameters<LabReadings['energies']>): ReturnType<LabReadings['energies']>
  points(model: Loaded, ...asked: Parameters<LabReadings['points']>): ReturnType<LabReadings['points']>
  /** Begins a store in memory, with what is given to it. */
  store(model: Loaded, inputs?: Inputs, options?: LabStoreOptions): LabStore
  /** How much is done, from 0 to 1, and what comes now. */
  progress(done: number, now: string): void
}

/** Uniform on (0, 1), standard normal, whole from 0 to n - 1. */
export type Random = Pick<Stream, 'uniform' | 'normal' | 'integer'>

/** Numbers as a model is given them, row by row. */
export interface LabValues {
  readonly shape: readonly number[]
  readonly data: Float64Array
}

export type LabParams = NonNullable<Inputs['param']>

export interface LabOptions {
  readonly seed: number
  readonly quick: boolean
  /** The text of a file beside the experiment. */
  readonly read: (file: string) => Checked<SourceFile>
  /** The numbers in a file beside the experiment. */
  readonly values: (file: string) => Checked<LabValues>
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

export function openLab({ seed, quick, read, values, progress = () => {} }: LabOptions): Lab {
  const of = (model: Loaded): LabReadings => {
    const sure = <T>(checked: Checked<T>): T => made(checked, model.source)
    return readingsOf(model, (inputs) => sure(givenOf(inputs)), seed, sure)
  }
  return {
    seed,
    quick,
    progress,
    random: (...parts) => new Stream(parts.reduce(fold, keyFromSeed(seed))),
    async load(file, edit = (text) => text) {
      const { name, text } = made(read(file), { name: file, text: '' })
      const source = { name, text: edit(text) }
      return made(load(source), source)
    },
    values: (file) => made(values(file), { name: file, text: '' }),
    params(file) {
      const source = made(read(file), { name: file, text: '' })
      return made(byName(source), source)
    },
    retrieve: (model, ...asked) => of(model).retrieve(...asked),
    capacity: (model, ...asked) => of(model).capacity(...asked),
    sample: (model, ...asked) => of(model).sample(...asked),
    learn: (model, ...asked) => of(model).learn(...asked),
    simulate: (model, ...asked) => of(model).simulate(...asked),
    sweep: (model, ...asked) => of(model).sweep(...asked),
    energies: (model, ...asked) => of(model).energies(...asked),
    points: (model, ...asked) => of(model).points(...asked),
    store(model, inputs = {}, options = {}) {
      const seeds = { ofStore: options.seed ?? seed, ofReadings: seed }
      return labStore(model, inputs, seeds, (checked) => made(checked, model.source))
    },
  }
}

function byName({ name, text }: SourceFile): Checked<LabParams> {
  const wrong = (why: string) => unmade([diagnostic('AMP704', `${name} ${why}.`, { place: name })])
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return checked(parsed as LabParams, [])
    return wrong('is no object with a name for each value')
  } catch {
    return wrong('is not JSON')
  }
}

function made<T>(checked: Checked<T>, source: SourceFile): T {
  if (!checked.ok) throw new Stopped(checked.diagnostics, source)
  return checked.value
}
