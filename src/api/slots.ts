import { must } from '../base/internal-error.ts'
import type { Bound } from '../bind/bound.ts'
import { openedRows, rowAxes } from '../compile/partitions/open-rows.ts'
import { volumeOver } from '../ir/layout.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import { defaults, type OptionsOf } from '../middle/options.ts'
import type { RandomAxis } from '../middle/random-axis.ts'
import type { Loaded } from './load.ts'

/** A model whose random axes have room for elements, and those that were opened so. */
export interface WithSlots {
  readonly loaded: Loaded
  readonly bound: Bound
  readonly random: readonly RandomAxis[]
}

/** Room along each random axis that rows share out the elements of: as many slots as there are rows, but no more than asked for. */
export function withSlots(loaded: Loaded, bound: Bound, { slots: most = defaults.slots }: Pick<OptionsOf<'sample'>, 'slots'>): WithSlots {
  const random = rowAxes(loaded.energy)
  const slots = new Map(
    random.map((axis) => {
      const rows = axis.pickers.map((name) => must(loaded.energy.variables.find((v) => v.name === name), name).axes) // biome-ignore format: one thought
      const things = rows.reduce((sum, axes) => sum + volumeOver(axes, bound.sizes), 0)
      return [axis.axis, Math.max(1, Math.min(most, things))] as const
    }),
  )
  const energy = openedRows(loaded.energy)
  const sizes = madeSizes(energy.axes, { ...bound.sizes, ...Object.fromEntries(slots) })
  return { loaded: { ...loaded, energy }, bound: { ...bound, sizes }, random }
}
