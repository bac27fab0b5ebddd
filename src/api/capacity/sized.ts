import type { Energy } from '../../middle/energy.ts'
import type { Loaded } from '../load.ts'

/** The model with sizes for axes that it leaves open. */
export function sized(loaded: Loaded, sizes: Readonly<Record<string, number>>): Loaded {
  const axes = loaded.energy.axes.map((axis): Energy['axes'][number] => {
    const size = Object.hasOwn(sizes, axis.name) ? sizes[axis.name] : undefined
    return size === undefined ? axis : { ...axis, size: { kind: 'fixed', size, from: 'the sizes that are tried' } }
  })
  return { ...loaded, energy: { ...loaded.energy, axes } }
}
