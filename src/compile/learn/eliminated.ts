import { type Checked, type Diagnostic, diagnostic, unmade } from '../../base/diagnostic.ts'
import type { Energy } from '../../middle/energy.ts'
import { levelsOf } from '../../middle/kinds.ts'
import type { Situation, Treatment } from '../../middle/situation.ts'
import { discreteMoving, marginalise } from '../marginalise.ts'
import { treat } from '../treat.ts'

/**
 * Everything that moves summed or integrated out, exactly: as asked, then what is continuous integrated out and what is discrete summed
 * out. What cannot be is said.
 */
export function allEliminated(energy: Energy, situation: Situation): Checked<Energy> {
  const named = new Set(situation.treatments.map((t) => t.name))
  const more = energy.variables
    .filter((v) => situation.moving.has(v.name) && levelsOf(v.type) === undefined && !named.has(v.name))
    .map((v): Treatment => ({ kind: 'integrate', name: v.name }))
  const treatments = [...situation.treatments.filter((t) => t.kind !== 'keep'), ...more]
  const treated = treat(energy, { ...situation, treatments })
  if (treated.value === undefined) return treated
  const left = treated.value.variables.filter((v) => situation.moving.has(v.name))
  if (left.length === 0) return treated
  const discrete = discreteMoving(treated.value, situation).map((v) => v.name)
  const summed = marginalise(treated.value, discrete, situation)
  return unmade(summed.diagnostics.length > 0 ? summed.diagnostics : left.map(({ name, span }) => stays(name, span)))
}

function stays(name: string, span: Energy['variables'][number]['span']): Diagnostic {
  return diagnostic('AMP633', `"${name}" cannot be eliminated exactly.`, { span })
}
