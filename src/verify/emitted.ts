import { emit } from '../api/emit.ts'
import type { Loaded } from '../api/load.ts'
import { InternalError } from '../base/internal-error.ts'
import type { Retrieval } from '../memory/retrieve.ts'
import type { Inputs } from '../run/inputs.ts'
import type { RunRetrieveOptions } from '../run/retrieval.ts'
import type { Sampled } from '../run/sample.ts'
import type { RunSampleOptions } from '../run/sampling.ts'

/** The functions that a model's emitted modules export, or why there are none. */
export interface EmittedReadings {
  readonly retrieve: ((inputs: Inputs, options: RunRetrieveOptions) => readonly Retrieval[]) | { readonly why: string }
  readonly sample: ((inputs: Inputs, options: RunSampleOptions) => Sampled) | { readonly why: string }
}

export async function emittedReadings(loaded: Loaded, observed: ReadonlySet<string>): Promise<EmittedReadings> {
  const [retrieve, sample] = [await load(loaded, 'retrieve', observed), await load(loaded, 'sample', observed)]
  return { retrieve: retrieve as EmittedReadings['retrieve'], sample: sample as EmittedReadings['sample'] }
}

/** Emits, and loads the text as a module of its own. */
async function load(loaded: Loaded, reading: 'retrieve' | 'sample', observed: ReadonlySet<string>): Promise<unknown> {
  const emitted = await emit(loaded, reading, { observed })
  if (emitted.value === undefined) return { why: 'the model does not have that reading' }
  try {
    const module = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(emitted.value.module)}`)
    return module[reading]
  } catch (error) {
    // A failure of the law, with the first case to show for it.
    const why = error instanceof Error ? error.message.slice(0, 200) : String(error)
    return () => {
      throw new InternalError(`the emitted module does not load: ${why}`)
    }
  }
}
