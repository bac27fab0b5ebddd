import { conditioned } from '../../compile/posterior/condition.ts'
import { conditionedMemories, isStored, naturalOf } from '../../compile/posterior/natural.ts'
import type { Energy } from '../../middle/energy.ts'
import type { Loaded } from '../load.ts'

/** A model whose memories are posteriors, as many as may be of those that have a prior and no rule. The same each time. */
export function withPosteriors(loaded: Loaded): Loaded {
  const before = known.get(loaded.energy)
  if (before !== undefined) return before
  const energy = conditionedMemories(loaded.energy).reduce((e, memory): Energy => {
    const natural = naturalOf(e, memory)
    return isStored(natural) ? conditioned(e, natural) : e
  }, loaded.energy)
  const made = energy === loaded.energy ? loaded : { ...loaded, energy }
  known.set(loaded.energy, made)
  known.set(energy, made)
  return made
}

const known = new WeakMap<Energy, Loaded>()
