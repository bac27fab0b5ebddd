import { type Diagnostic, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import type { EnergyVariable } from '../../middle/energy.ts'
import { inTurn } from './in-turn.ts'
import { heldInside, outOfReach } from './inner.ts'
import { neuronPlace, placeOf } from './places.ts'
import type { TreatmentPass } from './rule.ts'
import { withPlace } from './with-place.ts'

/**
 * Continuous variables at the place of least energy given everything else: the profile energy. Where the place has a formula it
 * takes their place in all terms, one after the other, the last declared first, each given what is left by those before it; gradients
 * go through the place, where they add up to 0 (envelope theorem). The others an inner loop keeps there, all together. In what order
 * minima are taken does not matter.
 */
export const minimise: TreatmentPass = (energy, names, situation) => {
  const variables = energy.variables.filter((v) => names.includes(v.name)).toReversed()
  let formulas = energy
  const left: EnergyVariable[] = []
  for (const variable of variables) {
    const place = energy.neurons.includes(variable.name) ? neuronPlace(formulas, variable) : placeOf(formulas, variable)
    if ('reason' in place) left.push(variable)
    else formulas = withPlace(formulas, variable, place, 'minimise')
  }
  return inTurn(formulas, left, (e, variable) => {
    const why = outOfReach(e, variable, situation)
    return why === undefined ? made(heldInside(e, variable)) : unmade([refused(variable, why)])
  })
}

function refused({ name, span }: EnergyVariable, reason: string): Diagnostic {
  return diagnostic('AMP613', `"${name}" cannot be minimised beforehand: ${reason}.`, {
    span,
    hint: `Leave out --minimise ${name}: amp retrieve moves it together with the rest, to the same least energy.`,
  })
}
