import type { Checked } from '../base/diagnostic.ts'
import { type EnergyParts, type EnergyRows, type KeptPoint, keptPoint, openRows, type RunEnergyOptions } from './energy.ts'
import type { Inputs } from './inputs.ts'
import { type Create, type Description, errorOf, kernelTarget, run } from './module.ts'
import type { DrawPrior } from './start-draw.ts'
import type { GivenValues } from './state-values.ts'

/** The functions that an emitted module with an energy exports; `draw` where the model has params to draw from their priors. */
export function energyModule(description: Description<EnergyParts>, kernels: Readonly<Record<string, Create>>, draw?: DrawPrior) {
  const target = kernelTarget(kernels)
  const open = ({ observed, cue, ...inputs }: Inputs, options: RunEnergyOptions): EnergyRows =>
    run(description, { ...inputs, observed: { ...observed, ...cue } }, (bound) => openRows(description.parts, target, bound, options, draw))
      .result
  const energies = (inputs: Inputs = {}, options: RunEnergyOptions = {}): readonly KeptPoint[] => {
    const rows = open(inputs, options)
    return Array.from({ length: rows.count }, (_, i) => keptPoint(rows, made(rows.atRow(i))))
  }
  return {
    energies,
    energyAt: (inputs: Inputs = {}, point: NonNullable<Inputs['cue']> = {}, options: RunEnergyOptions = {}) =>
      energies({ ...inputs, cue: { ...inputs.cue, ...point } }, options)[0],
    openEnergy(inputs: Inputs = {}, options: RunEnergyOptions = {}) {
      const { states, summedOut, defaulted, drawn, temperature, at, eliminated } = open(inputs, options)
      return { states, summedOut, defaulted, drawn, temperature, eliminated, at: (values?: GivenValues) => made(at(values)) }
    },
  }
}

function made<T>(checked: Checked<T>): T {
  if (!checked.ok) throw errorOf(checked.diagnostics)
  return checked.value
}
