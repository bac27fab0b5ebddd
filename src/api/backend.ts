import type { Target } from '../compile/executable.ts'
import { kernel } from '../compile/targets/kernel.ts'
import { reference } from '../compile/targets/reference.ts'
import type { TfjsBackend } from '../compile/targets/tfjs.ts'

/** `tfjs` is the fastest backend of TensorFlow.js that loads. */
export type BackendName = 'auto' | 'kernel' | 'reference' | 'tfjs' | TfjsBackend

/** What computes, and a sentence on why. */
export interface Backend {
  readonly name: string
  readonly why: string
  readonly target: Target
  readonly precision: 'double' | 'single'
}

const inProcess = {
  kernel: { name: 'kernel', target: kernel, precision: 'double' },
  reference: { name: 'reference', target: reference, precision: 'double' },
} as const

/** The kernel for one point at a time in float64; TensorFlow.js where many cues meet many memories at once. */
export async function chooseBackend(wanted: BackendName, load: { readonly cues: number; readonly numbers: number }): Promise<Backend> {
  if (wanted === 'kernel' || wanted === 'reference') return { ...inProcess[wanted], why: 'It was asked for.' }
  if (wanted === 'auto' && !isWide(load)) {
    const why = load.cues > 1 ? 'Few cues or a small store: loops in float64 are as fast.' : 'One cue at a time, in float64.'
    return { ...inProcess.kernel, why }
  }
  const { openTfjs } = await import('../compile/targets/tfjs.ts')
  const opened = await openTfjs(wanted === 'auto' || wanted === 'tfjs' ? undefined : wanted)
  if (opened.backend === undefined) return { ...inProcess.kernel, why: opened.passedOver.join(' ') }
  const why =
    wanted === 'auto' ? `${load.cues} cues at once against ${load.numbers.toLocaleString('en')} stored numbers.` : 'It was asked for.'
  return { name: opened.backend, why: `${why} It computes in float32.`, target: opened.target, precision: 'single' }
}

/** Where a matrix product over all cues pays for loading TensorFlow.js (half a second) and for float32. */
function isWide({ cues, numbers }: { readonly cues: number; readonly numbers: number }): boolean {
  return cues >= 16 && cues * numbers >= 2e7
}
