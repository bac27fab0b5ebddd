import { andThen, type Checked, hasErrors, unmade } from '../base/diagnostic.ts'
import type { Energy } from '../middle/energy.ts'
import { keeping, type Situation, situationOf, type Treatment } from '../middle/situation.ts'
import { energyless } from './energyless.ts'
import { marginalise } from './marginalise.ts'
import { unopened } from './random/unopened.ts'
import { inTurn } from './treat/in-turn.ts'
import { readInside } from './treat/inner.ts'
import { treatments } from './treat/table.ts'
import { lateTreatments, treatmentTroubles } from './treat/troubles.ts'

/**
 * The energy with its variables treated: as it was asked for, in that order; then discrete states that are left and not to be
 * kept are summed out where they factorise. What is kept retrieval minimises over (hard assignment), and sampling draws one
 * site at a time (Gibbs).
 */
export function treat(energy: Energy, situation: Situation = situationOf(energy)): Checked<Energy> {
  return andThen(treatAsAsked(energy, situation), (asked) => marginalise(asked, 'auto', keeping(situation, [...readInside(asked)])))
}

/** The same before anything goes by default. What cannot be done is reported for all names at once. */
export function treatAsAsked(energy: Energy, situation: Situation): Checked<Energy> {
  const troubles = [...energyless(energy), ...unopened(energy), ...treatmentTroubles(energy, situation)]
  if (hasErrors(troubles)) return unmade(troubles)
  const passes = inRuns(situation.treatments.filter((t) => situation.moving.has(t.name)))
  return inTurn(energy, passes, (e, { kind, names }) => {
    const late = lateTreatments(e, kind, names)
    return late.length > 0 ? unmade(late) : treatments[kind].pass(e, names, situation)
  })
}

/** Treatments of one kind that follow each other are done together, in the order that is best for them. */
function inRuns(all: readonly Treatment[]): readonly { readonly kind: Treatment['kind']; readonly names: readonly string[] }[] {
  const runs: { kind: Treatment['kind']; names: string[] }[] = []
  for (const { kind, name } of all) {
    const last = runs.at(-1)
    if (last?.kind === kind) last.names.push(name)
    else runs.push({ kind, names: [name] })
  }
  return runs
}
