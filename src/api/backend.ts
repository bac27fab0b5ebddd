import type { Target } from '../compile/executable.ts'
import { kernel } from '../compile/targets/kernel.ts'
import { reference } from '../compile/targets/reference.ts'

export type BackendName = 'auto' | 'kernel' | 'tfjs' | 'reference'

/** What computes, and a sentence on why. */
export interface Backend {
  readonly name: string
  readonly why: string
  readonly target: Target
}

const inProcess = {
  kernel: { name: 'kernel', target: kernel },
  reference: { name: 'reference', target: reference },
} as const

/** The kernel for one point at a time in float64; TensorFlow.js where many cues meet many memories at once. */
export async function chooseBackend(wanted: BackendName, load: { readonly cues: number; readonly numbers: number }): Promise<Backend> {
  if (wanted === 'kernel' || wanted === 'reference') return { ...inProcess[wanted], why: 'It was asked for.' }
  if (wanted === 'tfjs' || isWide(load)) {
    const { openTfjs } = await import('../compile/targets/tfjs.ts')
    const opened = await openTfjs()
    const why =
      wanted === 'tfjs' ? 'It was asked for.' : `${load.cues} cues at once against ${load.numbers.toLocaleString('en')} stored numbers.`
    return { name: `tfjs (${opened.backend})`, why, target: opened.target }
  }
  return {
    ...inProcess.kernel,
    why: load.cues > 1 ? 'Few cues or a small store: loops in float64 are as fast.' : 'One cue at a time, in float64.',
  }
}

/** Where a matrix product over all cues pays for its set-up and for float32. */
function isWide({ cues, numbers }: { readonly cues: number; readonly numbers: number }): boolean {
  return cues >= 64 && cues * numbers >= 1e8
}
