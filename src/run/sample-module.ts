import type { Inputs } from './inputs.ts'
import { type Create, type Description, kernelTarget, run } from './module.ts'
import { type RunSampleOptions, runSample, type Sampled, type SamplingParts } from './sample.ts'

/** The function that an emitted sampling module exports. */
export function sampleModule(description: Description<SamplingParts>, kernels: Readonly<Record<string, Create>>) {
  const target = kernelTarget(kernels)
  return (inputs: Inputs = {}, options: RunSampleOptions = {}): Sampled =>
    run(description, inputs, (bound) => runSample(description.parts, target, bound, options)).result
}
