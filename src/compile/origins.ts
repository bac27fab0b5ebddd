import type { Energy } from '../middle/energy.ts'
import type { Default, PriorDraw } from '../middle/parts.ts'
import { situationOf } from '../middle/situation.ts'
import { defaultsOf } from './defaults.ts'
import { priorDrawsOf } from './prior-draws.ts'

/** Where values come from that nobody gives, of what some names read, directly or by what others come from. */
export interface Origins {
  readonly names: ReadonlySet<string>
  readonly defaults: readonly Default[]
  readonly priors: readonly PriorDraw[]
}

export function originsOf(energy: Energy, read: Iterable<string>): Origins {
  const situation = situationOf(energy)
  const { defaults } = defaultsOf(energy, situation)
  const priors = priorDrawsOf(energy, situation)
  const names = new Set(read)
  for (const name of names) {
    const from = defaults.find((d) => d.name === name)?.graph ?? graphOf(priors.find((p) => p.name === name))
    for (const input of from?.inputs ?? []) names.add(input.name)
  }
  return { names, defaults: defaults.filter((d) => names.has(d.name)), priors: priors.filter((p) => names.has(p.name)) }
}

function graphOf(draw: PriorDraw | undefined) {
  return draw !== undefined && 'program' in draw ? draw.program.graph : undefined
}
