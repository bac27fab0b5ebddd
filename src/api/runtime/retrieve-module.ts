import type { Retrieval } from '../../memory/retrieve.ts'
import type { Inputs } from '../inputs.ts'
import { type Create, type Description, kernelTarget, run } from './module.ts'
import { type RetrievalParts, type RunRetrieveOptions, runRetrieve } from './retrieve.ts'

/** The function that an emitted retrieval module exports. */
export function retrieveModule(description: Description<RetrievalParts>, kernels: Readonly<Record<string, Create>>) {
  const target = kernelTarget(kernels)
  return (inputs: Inputs = {}, options: RunRetrieveOptions = {}): readonly Retrieval[] =>
    run(description, inputs, (bound) => runRetrieve(description.parts, target, bound, options)).result
}
