import { boundExpressions, isUnbounded, levelsOf } from '../../middle/kinds.ts'
import { type Model, partsOf, type Variable } from '../../middle/model.ts'
import { isAffineIn } from './jacobian.ts'
import { moves } from './motion.ts'
import { tell } from './report.ts'
import type { CheckContext } from './scope.ts'
import { nodesWithin } from './typed.ts'
import { quote } from './words.ts'

/**
 * Warns of a real state that an energy of given values is linear in. Without another term with it the energy falls without
 * bound, one way or the other. With a prior it may still be the energy of other values given this one, as of a Boltzmann
 * machine whose weights are sought: units that are given, and units that are not, meet in it.
 */
export function checkConfined(c: CheckContext, model: Model): void {
  if (moves(model.rules)) return
  const energies = model.terms.flatMap((t) => (t.kind === 'energy' ? [t.value] : []))
  const inDensities = namesIn(c, [
    ...model.terms.flatMap((t) => (t.kind === 'density' ? partsOf(t) : [])),
    ...model.axes.flatMap((a) => a.weights?.args ?? []),
    ...model.variables.flatMap(({ type }) => boundExpressions(type)),
  ])
  const inEnergies = namesIn(c, energies)
  if (!model.variables.some((v) => (v.role === 'data' || v.role === 'memory') && inEnergies.has(v.name))) return
  for (const v of model.variables) {
    const isHeld = inDensities.has(v.name)
    if (!mayFall(v) || !inEnergies.has(v.name) || (isHeld && !meetsUnits(c, model, v.name))) continue
    if (!isAffineIn(c, v.name, energies)) continue
    if (isHeld) {
      tell(c.report, 'AMP232', `the energy of the units does not contain its normaliser, which depends on ${quote(v.name)}`, {
        span: v.nameSpan,
        hint: `without it, the energy does not tell which ${quote(v.name)} makes the given values likely; add the log of the normaliser as an energy, or give ${quote(v.name)} as a param`,
      })
      continue
    }
    tell(c.report, 'AMP231', `the energy is linear in ${quote(v.name)}, so it falls without bound`, {
      span: v.nameSpan,
      hint: `give ${quote(v.name)} a prior or a penalty that grows faster; if ${quote(v.name)} are unknown weights, the log of the normaliser, which depends on ${quote(v.name)}, is missing as well`,
    })
  }
}

/** Whether a term with the state has both: given bits, spins or elements, and states that are such. */
function meetsUnits(c: CheckContext, model: Model, name: string): boolean {
  const units = model.variables.filter(({ type }) => levelsOf(type) !== undefined)
  return model.terms.some((t) => {
    if (t.kind !== 'energy') return false
    const names = namesIn(c, [t.value])
    const has = (role: Variable['role']): boolean => units.some((v) => v.role === role && names.has(v.name))
    return names.has(name) && has('data') && has('state')
  })
}

function mayFall({ role, type, lagrangian }: Variable): boolean {
  return role === 'state' && lagrangian === undefined && isUnbounded(type)
}

function namesIn(c: CheckContext, roots: Parameters<typeof nodesWithin>[0]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const n of nodesWithin(roots, c.lets)) if (n.kind === 'variable') names.add(n.name)
  return names
}
