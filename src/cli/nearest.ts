import { must } from '../base/internal-error.ts'
import type { Bound } from '../bind/bind.ts'
import { nearMemories } from '../compile/memory-rows.ts'
import { offsets, sizeOf, stridesOver } from '../ir/layout.ts'
import type { Retrieval } from '../memory/retrieve.ts'
import type { EnergyVariable } from '../middle/energy.ts'
import { levelsOf } from '../middle/kinds.ts'
import type { ValueType } from '../middle/model.ts'
import type { NearMemory } from '../middle/parts.ts'

/** A state that looks like a row of a memory, and where the memory's rows are: what a retrieval came nearest to. */
export interface Nearest {
  /** `nearest xi`. */
  readonly title: string
  /** `3 (0.98)`: the row with the largest overlap, and the overlap. */
  cell(retrieval: Retrieval): string
}

/**
 * For each state that is like a row of a memory: which row it is most like, by the overlap, the cosine of the angle
 * between them (of bits, as -1 and 1), which of spins is the share of equal ones less that of different ones. Only where
 * rows come first in the memory (`xi[pattern, pixel]`) and no discrete state that is summed out says so already.
 */
export function nearestOf(variables: readonly EnergyVariable[], retrievals: readonly Retrieval[], bound: Bound): readonly Nearest[] {
  const [first] = retrievals
  if (first === undefined) return []
  const told = new Set(Object.values(first.responsibilities.end).map((t) => t.axes.at(-1)))
  const moving = variables.filter((v) => v.role === 'state' && v.type.kind !== 'element' && first.states[v.name] !== undefined)
  // The angle between two rows of numbers says how near they are whatever their types: unit vectors to rows of any length.
  return nearMemories(variables, moving, (memory) => memory.type.kind !== 'element')
    .filter(({ axes, axis, memory }) => axes[0] === axis && !told.has(axis) && bound.values[memory] !== undefined)
    .map((near) => nearest(near, must(variables.find((v) => v.name === near.state)?.type, near.state), bound))
}

function nearest({ state, memory, axes, axis, own }: NearMemory, type: ValueType, bound: Bound): Nearest {
  const scaled = centred(type)
  const stored = must(bound.values[memory], memory).map(scaled)
  const strides = stridesOver(axes, bound.sizes)
  const places = offsets(own, bound.sizes, strides)
  const step = must(strides.get(axis), axis)
  const rows = Array.from({ length: sizeOf(axis, bound.sizes) }, (_, r) =>
    Float64Array.from(places, (at) => stored[at + r * step] as number),
  )
  return {
    title: `nearest ${memory}`,
    cell({ states }) {
      const x = must(states[state], state).data.map(scaled)
      const overlaps = rows.map((row) => overlap(x, row))
      const best = overlaps.reduce((b, v, r) => (v > (overlaps[b] as number) ? r : b), 0)
      return `${bound.labels[axis]?.[best] ?? best + 1} (${(overlaps[best] as number).toFixed(2)})`
    },
  }
}

/** Two values as -1 and 1, others as they are. */
function centred(type: ValueType): (v: number) => number {
  const levels = levelsOf(type)
  if (levels?.kind !== 'values') return (v) => v
  const [low, high] = levels.values
  return (v) => (2 * v - low - high) / (high - low)
}

/** The cosine of the angle between two vectors; that of nothing with anything is 0. */
function overlap(x: Float64Array, y: Float64Array): number {
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * (b[i] as number), 0)
  const norm = Math.sqrt(dot(x, x) * dot(y, y))
  return norm === 0 ? 0 : dot(x, y) / norm
}
