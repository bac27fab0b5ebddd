import { openDensity, type RunDensityOptions } from './density.ts'
import type { Inputs } from './inputs.ts'
import { type Create, type Description, errorOf, kernelTarget, run } from './module.ts'
import type { SamplingParts } from './sampling.ts'
import type { DrawPrior } from './start-draw.ts'
import type { GivenValues } from './state-values.ts'

/** The function that an emitted module with a density exports; `draw` where the model has params to draw from their priors. */
export function densityModule(description: Description<SamplingParts>, kernels: Readonly<Record<string, Create>>, draw?: DrawPrior) {
  const target = kernelTarget(kernels)
  return {
    logDensity(inputs: Inputs = {}, options: RunDensityOptions = {}) {
      const { result } = run(description, inputs, (bound) => openDensity(description.parts, target, bound, options, draw))
      const { dispose: _, unconstrain, ...density } = result
      return {
        ...density,
        unconstrain(values: GivenValues): Float64Array {
          const { value, diagnostics } = unconstrain(values)
          if (value === undefined) throw errorOf(diagnostics)
          return value
        },
      }
    },
  }
}
