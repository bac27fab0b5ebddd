import type { Graph, Sizes } from '../ir/graph.ts'
import type { Target } from '../middle/executable.ts'
import type { TfjsBackend } from './tfjs/backends.ts'
import { targetOf } from './tfjs/executable.ts'
import { engineName, type Importer, loadTf, type Tf } from './tfjs/load.ts'
import { planTfjs } from './tfjs/planner.ts'
import { printPlan } from './tfjs/print.ts'

export type { TfjsBackend } from './tfjs/backends.ts'
export type { Importer } from './tfjs/load.ts'
export { supportsTfjs } from './tfjs/supports.ts'
export { tfjsTolerance } from './tfjs/tolerance.ts'

export interface OpenedTfjs {
  readonly backend: TfjsBackend
  readonly target: Target
  /** Why faster backends were passed over, a sentence each. */
  readonly passedOver: readonly string[]
  /** How many tensors there are: nothing is left behind where this is the same before and after. */
  tensors(): number
}

/**
 * Opens TensorFlow.js: the backend asked for, or the fastest that loads (see `loadTf`). Computes in float32. Where
 * nothing loads there is no target, and a sentence for every backend that was tried.
 */
export async function openTfjs(
  wanted?: TfjsBackend,
  importer?: Importer,
): Promise<OpenedTfjs | { readonly backend?: undefined; readonly passedOver: readonly string[] }> {
  const opened = await loadTf(wanted, importer)
  if (!('tf' in opened)) return opened
  const { tf, backend, passedOver } = opened
  return { backend, passedOver, target: targetOf(tf as Tf, engineName[backend]), tensors: () => tf.memory().numTensors }
}

/** The steps of TensorFlow.js for a graph, as text. `fixed`: inputs that do not change between runs. */
export function printTfjs(graph: Graph, fixed: ReadonlySet<string> = new Set(), sizes?: Sizes): string {
  return printPlan(planTfjs(graph, { fixed, ...(sizes === undefined ? {} : { sizes }) }))
}
