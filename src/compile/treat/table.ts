import { made } from '../../base/diagnostic.ts'
import { kindOf, levelsOf } from '../../middle/kinds.ts'
import type { TreatmentKind } from '../../middle/situation.ts'
import { movesIfAsked } from '../inferable.ts'
import { marginalise } from '../marginalise.ts'
import { relax } from '../relax.ts'
import { integrate } from './integrate.ts'
import { minimise } from './minimise.ts'
import { plugIn } from './plug-in.ts'
import type { TreatmentRule } from './rule.ts'

const relaxedDensity = 'exp(-F/T) over distributions is not the density of the model'

const overAll = 'log Z is over all of its values, not at one of them'

const ofAll = 'the mean energy and the heat capacity are those of all that moves'

const byBlocks = 'its blocks are densities of variables, which are never at one point'

const discrete = {
  of: 'a state of finitely many values',
  noun: 'discrete state',
  takes: ({ type }) => levelsOf(type) !== undefined,
  eliminates: false,
} as const satisfies Partial<TreatmentRule>

const continuous = {
  of: 'a continuous state, or a param or memory with a prior',
  noun: 'continuous variable',
  takes: ({ type }) => !kindOf(type).discrete,
  eliminates: true,
} as const satisfies Partial<TreatmentRule>

const known = {
  of: 'a param or memory with a prior',
  noun: 'param or memory with a prior',
  takes: ({ type, role }) => !kindOf(type).discrete && movesIfAsked(role),
  eliminates: true,
} as const satisfies Partial<TreatmentRule>

/** What may become of a variable, a row for each kind of treatment. */
export const treatments: Readonly<Record<TreatmentKind, TreatmentRule>> = {
  'sum-out': { ...discrete, done: 'summed out', refusedBy: { sweep: ofAll }, pass: marginalise },
  integrate: { ...continuous, done: 'integrated out', refusedBy: { sweep: ofAll }, pass: integrate },
  'plug-in': { ...known, done: 'plugged in', refusedBy: { evidence: overAll, sweep: ofAll }, pass: plugIn },
  minimise: { ...continuous, done: 'minimised', refusedBy: { fit: byBlocks, evidence: overAll, sweep: ofAll }, pass: minimise },
  relax: {
    ...discrete,
    done: 'relaxed',
    refusedBy: {
      sample: relaxedDensity,
      density: relaxedDensity,
      evidence: relaxedDensity,
      sweep: relaxedDensity,
      fit: 'every discrete state is',
    },
    pass: relax,
  },
  keep: {
    ...discrete,
    done: 'kept',
    refusedBy: { density: 'a density of coordinates cannot move it', fit: byBlocks },
    pass: (energy) => made(energy),
  },
}
