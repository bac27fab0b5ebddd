import type { Inputs } from './inputs.ts'
import { type Create, type Description, kernelTarget, run } from './module.ts'
import type { RetrievalParts, Retrieved, RunRetrieveOptions } from './retrieval.ts'
import { runRetrieve } from './retrieve.ts'
import type { DrawPrior } from './start-draw.ts'

/** The function that an emitted retrieval module exports; `draw` where the model has params to draw from their priors. */
export function retrieveModule(description: Description<RetrievalParts>, kernels: Readonly<Record<string, Create>>, draw?: DrawPrior) {
  const target = kernelTarget(kernels)
  return (inputs: Inputs = {}, options: RunRetrieveOptions = {}): readonly Retrieved[] =>
    run(description, inputs, (bound) => runRetrieve(description.parts, target, bound, options, draw)).result
}
