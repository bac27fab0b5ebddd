import { must } from '../../base/internal-error.ts'
import { withBatch } from '../../ir/batch.ts'
import type { Energy } from '../../middle/energy.ts'
import { type LayerProgram, PARTICLE } from '../../middle/evidence-program.ts'
import * as ports from '../../middle/ports.ts'
import type { SamplingProgram } from '../../middle/program.ts'
import { eliminated } from '../marginalise.ts'

/**
 * The states of a program as layers whose elements do not meet within a layer, as those of a (deep) Boltzmann machine: all of a layer can
 * be drawn at once, and the last one summed over. Undefined where something moves smoothly, takes more than two levels, or meets its like; and
 * where there is one layer alone, which factorises. `energy`: with nothing gone, since what is gone depends on T, and so would its changes.
 */
export function layersOf(energy: Energy, { states, discrete }: SamplingProgram): readonly LayerProgram[] | undefined {
  if (states.length > 0 || discrete.length < 2) return undefined
  const inputs = discrete.map((d) => ports.value(d.name))
  const layers = discrete.flatMap((state): readonly LayerProgram[] => {
    if (state.all === undefined || !isApart(energy, state.name)) return []
    return [{ name: state.name, axes: state.axes, change: withBatch(state.all, inputs, PARTICLE, [ports.change]) }]
  })
  return layers.length === discrete.length ? layers : undefined
}

/** Whether the elements of a state do not meet each other: they are summed out site by site, and not along a chain. */
function isApart(energy: Energy, name: string): boolean {
  const variable = must(energy.variables.find((v) => v.name === name), name) // biome-ignore format: one thought
  const { work, kept } = eliminated(energy, [variable], { inPart: new Set(), over: 'sum' })
  return kept.length === 0 && work.conditionals.every((c) => c.chain === undefined)
}
