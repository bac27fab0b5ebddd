import { must } from '../../base/internal-error.ts'
import { growingOf } from '../../compile/writing.ts'
import type { Sizes } from '../../ir/graph.ts'
import type { ConstantFact } from '../../memory/store/document.ts'
import { patternCount, sizesIn } from '../../memory/store/patterns.ts'
import type { Shelf } from '../../memory/store/shelf.ts'
import type { OpenedAxis } from '../../middle/random-axis.ts'
import type { Loaded } from '../load.ts'
import { factsIn } from './constants.ts'
import { type ElementFact, elementFacts } from './grown.ts'

/** What a store holds, in short. */
export interface StoreContents {
  readonly model: string
  /** The version of amp that began it, and when, where that was told. */
  readonly amp: string
  readonly begun?: string
  /** Under which what rules read is drawn where nobody gives it. */
  readonly seed: number
  readonly patterns: number
  readonly changes: number
  readonly memories: readonly {
    readonly name: string
    readonly axes: readonly string[]
    readonly sizes: readonly number[] | undefined
    readonly grows?: string
    /** It has a prior: the store keeps its posterior. */
    readonly posterior?: true
  }[]
  /** By axis that grows as patterns need it: its elements, in the order in which they were opened. */
  readonly elements: Readonly<Record<string, readonly ElementFact[]>>
  /** Data and params that it keeps. */
  readonly kept: readonly string[]
  /** What else rules read: no other value of it is taken. */
  readonly constants: Readonly<Record<string, ConstantFact>>
}

export function contentsOf(loaded: Loaded, shelf: Shelf): StoreContents {
  const { about, changes } = must(shelf.head(), 'head of the store')
  const patterns = patternCount(shelf)
  const memories = memoryShapes(loaded, shelf, patterns)
  const { model, amp, begun, seed } = about
  return {
    model: model.name,
    amp,
    ...(begun === undefined ? {} : { begun }),
    seed,
    patterns,
    changes,
    memories,
    elements: elementFacts(loaded.energy, shelf),
    kept: about.given.map((k) => k.name),
    constants: factsIn(shelf),
  }
}

function memoryShapes({ energy }: Loaded, shelf: Shelf, patterns: number): StoreContents['memories'] {
  const growing = growingOf(energy)
  const sizes = sizesIn(shelf)
  const posteriors = new Set(energy.posteriors.map((p) => p.name))
  const counts = energy.opened.map((o) => o.count)
  const apart = new Set([...counts, ...energy.posteriors.flatMap((p) => p.parameters)])
  const own = energy.declared
    .filter((v) => v.role === 'memory' && v.label === undefined && !apart.has(v.name))
    .map(({ name, axes }) => {
      const grows = growing[name]
      const known = axes.map((axis) => (axis === grows ? patterns : sizes[axis]))
      const shape = known.every((n) => n !== undefined) ? known : undefined
      const isPosterior = posteriors.has(name) ? { posterior: true as const } : {}
      return { name, axes, sizes: shape, ...(grows === undefined ? {} : { grows }), ...isPosterior }
    })
  return [...own, ...energy.opened.flatMap((o) => slotShapes(energy, o, sizes))]
}

/** What elements have, which is known by natural parameters. */
function slotShapes({ eliminated }: Loaded['energy'], { axis, slots }: OpenedAxis, sizes: Sizes): StoreContents['memories'] {
  return slots.map((name) => {
    const axes = [
      axis,
      ...must(
        eliminated.find((e) => e.name === name),
        name,
      ).axes,
    ]
    const known = axes.map((a) => (a === axis ? (sizes[a] ?? 1) - 1 : sizes[a]))
    return { name, axes, sizes: known.every((n) => n !== undefined) ? known : undefined, grows: axis, posterior: true }
  })
}
