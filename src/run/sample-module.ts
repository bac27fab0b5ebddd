import type { Inputs } from './inputs.ts'
import { type Create, type Description, kernelTarget, run } from './module.ts'
import { runSample, type Sampled } from './sample.ts'
import type { RunSampleOptions, SamplingParts } from './sampling.ts'

/** The function that an emitted sampling module exports. */
export function sampleModule(description: Description<SamplingParts>, kernels: Readonly<Record<string, Create>>) {
  const target = kernelTarget(kernels)
  return (inputs: Inputs = {}, options: RunSampleOptions = {}): Sampled =>
    run(description, inputs, (bound) => runSample(description.parts, target, bound, options)).result
}
