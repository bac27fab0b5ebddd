import type { Sizes } from '../ir/graph.ts'
import { type EnergyAxis, pairCount } from './energy.ts'

/** Sizes with those of the axes that the compiler made (`cluster:free`, `h:level`): fixed, or following from another's. */
export function madeSizes(axes: readonly EnergyAxis[], sizes: Sizes): Sizes {
  const all: Record<string, number> = Object.assign(Object.create(null), sizes)
  for (let changed = true; changed; ) {
    changed = false
    for (const { name, size } of axes) {
      const value = all[name] === undefined ? sizeOf(size, all) : undefined
      if (value === undefined) continue
      all[name] = value
      changed = true
    }
  }
  return all
}

function sizeOf(size: EnergyAxis['size'], known: Sizes): number | undefined {
  switch (size.kind) {
    case 'fixed':
      return size.size
    case 'same':
      return known[size.as]
    case 'less': {
      const than = known[size.than]
      return than === undefined ? undefined : than - size.by
    }
    case 'product': {
      const sizes = size.of.map((axis) => known[axis])
      return sizes.includes(undefined) ? undefined : sizes.reduce<number>((n, one) => n * (one ?? 0), 1)
    }
    case 'pairs': {
      const of = known[size.of]
      return of === undefined ? undefined : pairCount(of, size.equal)
    }
    default:
      return undefined
  }
}
