import { targetOf } from '../targets/tfjs/executable.ts'
import { supportsTfjs } from '../targets/tfjs/supports.ts'
import { tfjsTolerance } from '../targets/tfjs/tolerance.ts'
import type { Inputs } from './inputs.ts'
import { type Create, type Description, kernelTarget, run } from './module.ts'
import type { RetrievalParts, Retrieved, RunRetrieveOptions } from './retrieval.ts'
import type { DrawPrior } from './start-draw.ts'
import { borrowing, type Engine, type Packages, startTensorflow, type Tensorflow } from './tensorflow.ts'
import { runRetrieveWide } from './wide.ts'

export interface Options extends RunRetrieveOptions {
  /** Default: WebAssembly, and plain JavaScript where that does not start. */
  readonly backend?: Engine
  /** Gets what one should know of how the cues were retrieved, a sentence each. */
  readonly onNote?: (sentence: string) => void
}

/**
 * The function that an emitted TensorFlow.js module exports.
 *
 * The module carries the program's graph as data, and plans it here: the order of products, what is multiplied out and
 * whether tensors fit at all depend on how many cues and memories there are, which are not known before they are given. It
 * is the planner that runs in process, so the steps are the same. Kernels are there too, for cues that want float64.
 */
export function retrieveTfjsModule(
  description: Description<RetrievalParts>,
  kernels: Readonly<Record<string, Create>>,
  packages: Packages,
  draw?: DrawPrior,
): (inputs?: Inputs, options?: Options) => Promise<readonly Retrieved[]> {
  const started = new Map<Engine | undefined, Promise<Tensorflow>>()
  const narrow = kernelTarget(kernels)
  return async (inputs = {}, { backend, onNote, ...options } = {}) => {
    const tensorflow = await startedOnce(started, packages, backend)
    const { tf, engine, passedOver } = tensorflow
    const wide = { target: targetOf(tf, engine), narrow, tolerance: tfjsTolerance, supports: supportsTfjs }
    const { result } = borrowing(tensorflow, () =>
      run(description, inputs, (bound) => runRetrieveWide(description.parts, wide, bound, options, draw)),
    )
    for (const sentence of [...passedOver, ...result.notes]) onNote?.(sentence)
    return result.retrievals
  }
}

/** What did not start may start later, once the application has said where its files are. */
function startedOnce(started: Map<Engine | undefined, Promise<Tensorflow>>, packages: Packages, backend?: Engine): Promise<Tensorflow> {
  const found = started.get(backend) ?? startTensorflow(packages, backend)
  started.set(backend, found)
  found.catch(() => started.delete(backend))
  return found
}
