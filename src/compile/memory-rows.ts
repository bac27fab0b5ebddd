import type { EnergyVariable } from '../middle/energy.ts'
import type { NearMemory } from '../middle/parts.ts'
import type { SamplingState } from '../middle/program.ts'

/** For each state the first memory, in declared order, of which it looks like a row; a row `fits` a state of the same type unless said. */
export function nearMemories(
  variables: readonly EnergyVariable[],
  states: readonly Rowlike[],
  fits: (memory: EnergyVariable, state: Rowlike) => boolean = (memory, state) => memory.type.kind === state.type.kind,
): readonly NearMemory[] {
  return states.flatMap((state) => {
    const memory = variables.find((v) => v.role === 'memory' && fits(v, state) && rowsOf(v, state) !== undefined)
    const axis = memory === undefined ? undefined : rowsOf(memory, state)
    return memory === undefined || axis === undefined
      ? []
      : [{ state: state.name, memory: memory.name, axes: memory.axes, own: state.axes, axis }]
  })
}

/** What is known of a state. */
export type Rowlike = Pick<SamplingState, 'name' | 'axes' | 'type'>

function rowsOf(memory: EnergyVariable, state: Rowlike): string | undefined {
  const more = memory.axes.filter((a) => !state.axes.includes(a))
  return more.length === 1 && memory.axes.length === state.axes.length + 1 ? more[0] : undefined
}
