import { checked, unmade } from '../base/diagnostic.ts'
import type { Inputs } from './inputs.ts'
import { type Create, type Description, kernelTarget, run } from './module.ts'
import { type PriorParts, preparePrior } from './prior.ts'
import { runAll, type Sampled } from './sample.ts'
import type { RunSampleOptions } from './sampling.ts'

/** The function that draws everything from the prior, where a module was asked to have it. */
export function priorModule(description: Description<PriorParts>, kernels: Readonly<Record<string, Create>>) {
  const target = kernelTarget(kernels)
  return (inputs: Inputs = {}, options: RunSampleOptions = {}): Sampled =>
    run(description, inputs, (bound) => {
      const { value, diagnostics } = preparePrior(description.parts, target, bound, options)
      return value === undefined ? unmade(diagnostics) : checked(runAll(value, options), diagnostics)
    }).result
}
