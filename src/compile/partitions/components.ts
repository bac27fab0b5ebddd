import { without } from '../../ir/builder.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import { ownAxes } from '../../middle/kinds.ts'
import { type IntegratedComponent, type IntegratedForm, integratedForms } from '../../middle/partition-program.ts'
import * as ports from '../../middle/ports.ts'
import { conditionalOf, hasForm } from '../conditionals/conditional.ts'
import { isMatrixForm } from '../conditionals/forms.ts'
import type { Conditional } from '../conditionals/found.ts'
import { normalMatrices } from './normal-matrices.ts'
import { normalScales } from './normal-scales.ts'

/** Why parameters cannot be integrated out, as the end of a sentence. */
export interface NotIntegrated {
  readonly reason: string
}

/** How the parameters of an element of a random axis are integrated out, all of them. */
export function componentsOf(
  energy: Energy,
  axis: string,
  variables: readonly EnergyVariable[],
): readonly IntegratedComponent[] | NotIntegrated {
  const names = new Set(variables.map((v) => v.name))
  const found: IntegratedComponent[] = []
  const gone = new Set<string>()
  for (const variable of variables) {
    if (gone.has(variable.name)) continue
    const single = singleComponent(energy, axis, variable, names)
    const component = 'reason' in single ? pairWith(energy, axis, variable, variables.filter((v) => !gone.has(v.name))) : single // biome-ignore format: one thought
    if (component === undefined) return single as NotIntegrated
    found.push(component)
    for (const { name } of component.variables) gone.add(name)
  }
  return found
}

/** A variable and another, as means and their scale. */
function pairWith(
  energy: Energy,
  axis: string,
  variable: EnergyVariable,
  variables: readonly EnergyVariable[],
): IntegratedComponent | undefined {
  for (const other of variables) {
    if (other === variable) continue
    for (const [mean, scale] of [
      [variable, other],
      [other, variable],
    ] as const) {
      // biome-ignore format: one thought
      const pair = normalScales(energy, axis, mean, scale) ?? normalMatrices(energy, axis, mean, scale)
      if (pair !== undefined) return pair
    }
  }
  return undefined
}

function singleComponent(
  energy: Energy,
  axis: string,
  variable: EnergyVariable,
  names: ReadonlySet<string>,
): IntegratedComponent | NotIntegrated {
  const { name, axes, type } = variable
  const found = conditionalOf(energy, variable)
  if (!hasForm(found)) return { reason: `"${name}" has no conditional form: ${found.reason}` }
  const form = formOf(found)
  if (form === undefined || found.truncated) return { reason: `the density of "${name}" given everything else is cut off by bounds` }
  const other = found.dependsOn.find((n) => n !== name && names.has(n))
  if (other !== undefined) return { reason: `"${name}" depends on "${other}", which each element has, too` }
  if (!found.apart.includes(axis)) return { reason: `elements of "${axis}" meet in "${name}"` }
  const others = new Map(found.mixing.map((x) => [x.axis, x.other]))
  const members = form === 'gaussian_vectors' ? axes.filter((a) => others.has(a)) : [...ownAxes(type)]
  const groups = without(axes, [axis, ...members])
  const order = [...groups, ...members]
  const second = members.map((a) => others.get(a) ?? a)
  const statistics = integratedForms[form].map((statistic) => ({
    port: ports.coefficient(name, statistic),
    order: form === 'gaussian_vectors' && statistic === 'precision' ? [...order, ...second] : isOfGroups(form, statistic) ? groups : order,
  }))
  return { form, graph: found.graph, groups, members, statistics, variables: [{ name, axes, order }], made: found.axes }
}

/** A matrix has one determinant. */
function isOfGroups(form: IntegratedForm, statistic: string): boolean {
  return isMatrixForm(form) && statistic === 'log x'
}

/** A form by the name it has where it is integrated out: of those, elements meet in a Gaussian alone. */
function formOf({ form, mixing }: Conditional): IntegratedForm | undefined {
  if (mixing.length > 0) return 'gaussian_vectors'
  return Object.hasOwn(integratedForms, form) ? (form as IntegratedForm) : undefined
}
