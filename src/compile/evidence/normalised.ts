import type { Energy, EnergyVariable, WrittenStatement } from '../../middle/energy.ts'
import type { Situation } from '../../middle/situation.ts'
import { generativeProgram, shiftedAlong } from '../ancestral.ts'

/** A part of E that is no normalised density, and why, as the end of a sentence about it. */
export interface NotNormalised {
  /** A term, or a variable; undefined where it is no one of them. */
  readonly name: string | undefined
  readonly why: string
}

/**
 * What keeps exp(-E) from being the density of all that the statements draw, data included: then log Z at T = 1 is no log evidence. None
 * where it is one.
 */
export function notNormalised(energy: Energy, { moving }: Situation): readonly NotNormalised[] {
  const terms = energy.statements.flatMap((s) => unnormalisedTerm(energy, s))
  const bare = energy.declared.filter((v) => moving.has(v.name)).flatMap((v) => withoutDensity(energy, v))
  const found = [...terms, ...bare]
  return found.length > 0 ? found : otherwise(energy, moving)
}

function unnormalisedTerm({ statements }: Energy, s: WrittenStatement): readonly NotNormalised[] {
  if (s.kind === 'energy') return [{ name: s.name, why: 'is an energy' }]
  if (s.variable === undefined) return [{ name: s.name, why: 'is a density of an expression, not of a variable' }]
  const first = statements.find((o) => o.kind === 'density' && o.variable === s.variable)
  return first === s ? [] : [{ name: s.name, why: `is a second density of "${s.variable}"` }]
}

function withoutDensity({ statements, implied }: Energy, { name }: EnergyVariable): readonly NotNormalised[] {
  const drawn = [...statements, ...implied].some((s) => s.kind === 'density' && s.variable === name)
  return drawn ? [] : [{ name, why: 'moves and has no density of its own' }]
}

/** Types that cut densities off, and circles. A shift leaves out elements that a statement is not about, which are given. */
function otherwise(energy: Energy, moving: ReadonlySet<string>): readonly NotNormalised[] {
  const drawn = energy.statements.flatMap((s) => (s.kind === 'density' && s.variable !== undefined ? [s.variable] : []))
  const names = new Set([...drawn, ...energy.declared.filter((v) => moving.has(v.name)).map((v) => v.name)])
  const program = generativeProgram(energy, names)
  if (!('reason' in program) || [...names].some((name) => program.reason === shiftedAlong(name))) return []
  return [{ name: undefined, why: program.reason }]
}
