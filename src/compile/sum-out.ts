import { type Checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { didYouMean } from '../base/suggest.ts'
import type { Energy } from '../middle/energy.ts'
import { discreteStates, marginalise } from './marginalise.ts'

/** What a user wants done with discrete states; all others are summed out where they factorise. */
export interface SumOut {
  /** Not summed out: retrieval minimises over them (hard assignment), sampling draws them one site at a time (Gibbs). */
  readonly keep?: readonly string[]
  /** Summed out before any other; an error (AMP604) where one cannot be. */
  readonly sumOut?: readonly string[]
}

/** Sums discrete states out of the energy, exactly: all that factorise, but as asked. `given`: states that are not to move. */
export function sumOut(energy: Energy, given: ReadonlySet<string>, { keep = [], sumOut = [] }: SumOut = {}): Checked<Energy> {
  const troubles = [...new Set([...keep, ...sumOut])].flatMap((name) => notDiscrete(energy, name))
  troubles.push(...sumOut.filter((name) => keep.includes(name)).map(both))
  if (hasErrors(troubles)) return unmade(troubles)
  const first = marginalise(
    energy,
    sumOut.filter((name) => !given.has(name)),
  )
  if (first.value === undefined) return first
  return marginalise(first.value, 'auto', { observed: new Set([...given, ...keep]) })
}

function notDiscrete(energy: Energy, name: string): readonly Diagnostic[] {
  const names = discreteStates(energy).map((v) => v.name)
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
