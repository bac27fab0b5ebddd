import { type Checked, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import { sharedTerms } from '../posterior/shared-terms.ts'
import { inTurn } from './in-turn.ts'
import { placeOf } from './places.ts'
import type { TreatmentPass } from './rule.ts'
import { withPlace } from './with-place.ts'

/**
 * Params and memories at their most likely value by the terms about them that read no state, their prior or the posterior of a
 * store, which go: what is left is E of the states given that value.
 */
export const plugIn: TreatmentPass = (energy, names) =>
  inTurn(
    energy,
    energy.variables.filter((v) => names.includes(v.name)),
    pluggedIn,
  )

function pluggedIn(energy: Energy, variable: EnergyVariable): Checked<Energy> {
  const own = new Set(sharedTerms(energy, variable.name))
  const alone = energy.terms.filter((t) => own.has(t.name))
  const place = placeOf({ ...energy, terms: alone }, variable)
  if ('reason' in place) {
    const hint = `Leave out --plug-in ${variable.name}: it is given, or --integrate ${variable.name}.`
    const message = `"${variable.name}" cannot be plugged in: ${place.reason}.`
    return unmade([diagnostic('AMP613', message, { span: place.span ?? variable.span, hint })])
  }
  const outputs = energy.graph.outputs.filter((o) => !alone.some((t) => o.name === ports.term(t.name)))
  const rest = { ...energy, graph: { ...energy.graph, outputs }, terms: energy.terms.filter((t) => !own.has(t.name)) }
  return made(withPlace(rest, variable, place, 'plug-in'))
}
