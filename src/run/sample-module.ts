import { type Diagnostic, diagnostic, unmade } from '../base/diagnostic.ts'
import type { Inputs } from './inputs.ts'
import { type Create, type Description, kernelTarget, run } from './module.ts'
import { runSample, type Sampled } from './sample.ts'
import type { RunSampleOptions, SamplingParts } from './sampling.ts'

/** The function that an emitted sampling module exports. */
export function sampleModule(description: Description<SamplingParts>, kernels: Readonly<Record<string, Create>>) {
  const target = kernelTarget(kernels)
  return (inputs: Inputs = {}, options: RunSampleOptions = {}): Sampled =>
    run(description, inputs, (bound) => {
      const isThere = options.sampler !== 'tempering' || description.parts.sampler === 'tempering'
      return isThere ? runSample(description.parts, target, bound, options) : unmade([untempered()])
    }).result
}

function untempered(): Diagnostic {
  const hint = 'Compile it with --sampler tempering.'
  return diagnostic('AMP711', 'The sampler tempering cannot draw from this model: the module was compiled without it.', { hint })
}
