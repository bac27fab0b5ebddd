import { must } from '../base/internal-error.ts'
import type { Tensor } from '../base/tensor.ts'
import type { Bound } from '../bind/bound.ts'
import { nearMemories } from '../compile/memory-rows.ts'
import type { Retrieval } from '../memory/retrieve.ts'
import type { EnergyVariable } from '../middle/energy.ts'
import type { ValueType } from '../middle/model.ts'
import type { NearMemory } from '../middle/parts.ts'
import { nearestMemories } from '../run/nearest-memories.ts'

/** A state that looks like a row of a memory, and where the memory's rows are: what retrievals came nearest to. */
export interface Nearest {
  /** `nearest xi`. */
  readonly title: string
  /** `3 (0.98)`, one a retrieval: the row with the largest overlap, and the overlap. */
  readonly cells: readonly string[]
}

/**
 * For each state that is like a row of a memory: which row it is most like, by the overlap. Only where rows come first in the memory (`xi[pattern, pixel]`) and no discrete state that is summed out says so already.
 */
export function nearestOf(variables: readonly EnergyVariable[], retrievals: readonly Retrieval[], bound: Bound): readonly Nearest[] {
  const [first] = retrievals
  if (first === undefined) return []
  const summedOut = new Set(Object.values(first.responsibilities.end).map((t) => t.axes.at(-1)))
  const moving = variables.filter((v) => v.type.kind !== 'element' && first.states[v.name] !== undefined)
  // The angle between two rows of numbers says how near they are whatever their types: unit vectors to rows of any length.
  return nearMemories(variables, moving, (memory) => memory.type.kind !== 'element')
    .filter(({ axes, axis, memory }) => axes[0] === axis && !summedOut.has(axis) && bound.values[memory] !== undefined)
    .map((near) => {
      const type = must(variables.find((v) => v.name === near.state)?.type, near.state)
      const found = retrievals.map((r) => must(r.states[near.state], near.state))
      return { title: `nearest ${near.memory}`, cells: cellsOf(near, type, found, bound) }
    })
}

function cellsOf(near: NearMemory, type: ValueType, found: readonly Tensor[], bound: Bound): readonly string[] {
  const rows = nearestMemories(
    near,
    type,
    must(bound.values[near.memory], near.memory),
    found.map((t) => t.data),
    bound.sizes,
  )
  return rows.map(({ row, overlap }) => `${bound.labels[near.axis]?.[row] ?? row + 1} (${overlap.toFixed(2)})`)
}
