import type { ConditionalDraw } from '../../middle/conditional-draw.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import { conditionalOf, hasForm } from './conditional.ts'
import { conditionalDraw } from './draws.ts'
import type { Conditional } from './found.ts'
import { jointGaussians } from './joint.ts'

/**
 * How these variables are drawn from exp(-E/T) given everything else, those that have a form which can be: what is Gaussian
 * together at once, the rest one after the other.
 */
export function exactDraws(energy: Energy, variables: readonly EnergyVariable[]): readonly ConditionalDraw[] {
  const forms = variables.map((v) => conditionalOf(energy, v)).filter(hasForm)
  const together = forms.filter(isWholeGaussian)
  const groups = jointGaussians(
    energy,
    together.map((f) => f.variable),
  ).filter((g) => g.variables.length > 1)
  const grouped = new Set(groups.flatMap((g) => g.variables.map((v) => v.name)))
  const alone = forms.filter((f) => !grouped.has(f.variable.name)).map((f) => conditionalDraw(energy, f))
  return [...groups, ...alone.flatMap((d) => ('reason' in d ? [] : [d]))]
}

/** The one draw of all these variables together, if there is one: then it depends on nothing that moves. */
export function oneExactDraw(energy: Energy, variables: readonly EnergyVariable[]): ConditionalDraw | undefined {
  if (energy.graph.nodes.length * variables.length > mostWork) return undefined
  for (const v of variables) {
    const form = conditionalOf(energy, v)
    if (!hasForm(form) || (variables.length > 1 && !isWholeGaussian(form))) return undefined
  }
  const [draw, ...more] = exactDraws(energy, variables)
  return more.length === 0 ? draw : undefined
}

/** Nodes looked at in all, where it is only to see whether there is a better way. */
const mostWork = 50_000

function isWholeGaussian({ form, truncated }: Conditional): boolean {
  return form === 'gaussian' && !truncated
}
