import type { Check } from '../../middle/check.ts'
import type { Energy } from '../../middle/energy.ts'

/** The checks that can be made when these states are observed whole, and those of each state by itself. */
export function checksFor(energy: Energy, observed: ReadonlySet<string>): readonly Check[] {
  const known = energy.variables.filter((v) => v.role !== 'state' || observed.has(v.name)).map((v) => v.name)
  return checksAmong(energy, new Set(known), true)
}

/** The checks of what is among these variables; `own`: and those of a variable by itself, of which a part may be known. */
export function checksAmong({ checks }: Energy, known: ReadonlySet<string>, own = false): readonly Check[] {
  return checks.filter(({ reads, variable }) => reads.every((name) => known.has(name) || (own && name === variable)))
}
