import type { Target } from '../compile/executable.ts'
import { kernelKnowing } from '../compile/targets/kernel.ts'
import { reference } from '../compile/targets/reference.ts'
import type { TfjsBackend } from '../compile/targets/tfjs.ts'
import type { Sizes } from '../ir/graph.ts'
import type { Wide } from './runtime/wide.ts'

/** `tfjs` is the fastest backend of TensorFlow.js that loads. */
export type BackendName = 'auto' | 'kernel' | 'reference' | 'tfjs' | TfjsBackend

/** What computes, and a sentence on why. */
export interface Backend {
  readonly name: Exclude<BackendName, 'auto' | 'tfjs'>
  readonly why: string
  readonly target: Target
  /** Present where many cues go at once, in single precision. */
  readonly wide?: Wide
}

/** What there is to compute: `known` are the sizes that the model itself fixes. */
export interface Load {
  readonly cues: number
  readonly numbers: number
  readonly known: Sizes
}

const inProcess = {
  kernel: ({ known }: Load) => ({ name: 'kernel' as const, target: kernelKnowing(known) }),
  reference: () => ({ name: 'reference' as const, target: reference }),
}

/** The kernel for one point at a time in float64; TensorFlow.js where many cues meet many memories at once. */
export async function chooseBackend(wanted: BackendName, load: Load): Promise<Backend> {
  if (wanted === 'kernel' || wanted === 'reference') return { ...inProcess[wanted](load), why: 'It was asked for.' }
  if (wanted === 'auto' && !isWide(load)) {
    const why = load.cues > 1 ? 'Few cues or a small store: loops in float64 are as fast.' : 'One cue at a time, in float64.'
    return { ...inProcess.kernel(load), why }
  }
  const { openTfjs, supportsTfjs, tfjsTolerance } = await import('../compile/targets/tfjs.ts')
  const opened = await openTfjs(wanted === 'auto' || wanted === 'tfjs' ? undefined : wanted)
  if (opened.backend === undefined) return { ...inProcess.kernel(load), why: opened.passedOver.join(' ') }
  const why =
    wanted === 'auto' ? `${load.cues} cues at once against ${load.numbers.toLocaleString('en')} stored numbers.` : 'It was asked for.'
  const { backend, target, passedOver } = opened
  return {
    name: backend,
    why: [why, 'It computes in float32.', ...passedOver].join(' '),
    target,
    wide: { target, narrow: kernelKnowing(load.known), tolerance: tfjsTolerance, supports: supportsTfjs },
  }
}

/**
 * Where a matrix product over all cues pays for loading TensorFlow.js (0.2 s), laying out what is stored (0.2 s for 8e6
 * numbers) and float32. On two cores one look at 256 cues x 7.8e6 numbers took loops 3.6 s and WebAssembly 0.3 s, one
 * retrieval of 8 cues as long on either.
 */
function isWide({ cues, numbers }: Load): boolean {
  return cues >= 16 && cues * numbers >= 1e8
}
