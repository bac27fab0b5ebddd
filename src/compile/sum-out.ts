import { type Checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { didYouMean } from '../base/suggest.ts'
import type { Energy } from '../middle/energy.ts'
import { type Situation, situationOf, treated, unknownsOf } from '../middle/situation.ts'
import { discreteMoving, marginalise } from './marginalise.ts'

/**
 * Sums discrete states out of the energy, exactly: all that factorise, but as they are to be treated. What is kept
 * retrieval minimises over (hard assignment), and sampling draws one site at a time (Gibbs).
 */
export function sumOut(energy: Energy, situation: Situation = situationOf(energy)): Checked<Energy> {
  const [keep, first] = [treated(situation, 'keep'), treated(situation, 'sum-out')]
  const troubles = [...new Set([...keep, ...first])].flatMap((name) => notDiscrete(energy, situation, name))
  troubles.push(...first.filter((name) => keep.includes(name)).map(both))
  if (hasErrors(troubles)) return unmade(troubles)
  const asked = marginalise(energy, first, situation)
  return asked.value === undefined ? asked : marginalise(asked.value, 'auto', situation)
}

function notDiscrete(energy: Energy, situation: Situation, name: string): readonly Diagnostic[] {
  const names = discreteMoving(energy, { moving: unknownsOf(situation) }).map((v) => v.name)
  if (names.includes(name)) return []
  const there = names.length === 0 ? 'The model has no discrete state.' : `The discrete states of the model are ${names.join(', ')}.`
  return [
    diagnostic('AMP716', `"${name}" is not a discrete state of the model.`, {
      expected: 'a state of finitely many values',
      hint: didYouMean(name, names) ?? there,
    }),
  ]
}

function both(name: string): Diagnostic {
  return diagnostic('AMP716', `"${name}" cannot be both kept and summed out.`, { hint: 'Leave out --keep or --sum-out.' })
}
