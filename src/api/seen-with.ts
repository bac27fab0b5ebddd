import type { GivenByRole } from '../bind/bound.ts'
import { withUnshown } from '../compile/posterior/unshown.ts'
import type { Energy } from '../middle/energy.ts'
import type { ReadingName } from '../middle/options.ts'
import type { Asked } from '../middle/situation.ts'
import type { Loaded } from './load.ts'
import { withPosteriors } from './store/conditioned.ts'

/** The model as it is with what is given: posteriors of a store stand in the place of priors. */
export function seenWith(loaded: Loaded, { posteriors = [] }: Pick<GivenByRole, 'posteriors'>): Loaded {
  return posteriors.length === 0 ? loaded : withPosteriors(loaded)
}

/** What is asked of a reading, and what becomes of memories that nobody gives. */
export function askedWith(energy: Energy, reading: ReadingName, asked: Asked, { fixed }: Pick<GivenByRole, 'fixed'>): Asked {
  return withUnshown(energy, reading, asked, new Set(fixed.map((item) => item.name)))
}
