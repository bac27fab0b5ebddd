import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { Graph } from '../ir/graph.ts'
import type { EnergyVariable } from '../middle/energy.ts'
import type { PriorDraw } from '../middle/parts.ts'
import type { DrawablePrior } from '../middle/program.ts'

/** What was not given; or, where all was given, what depends on what a run does not know beforehand. */
export function troubles(
  missing: readonly EnergyVariable[],
  waiting: ReadonlyMap<string, Graph>,
  priors: readonly PriorDraw[],
): readonly Diagnostic[] {
  const roots = missing.filter((v) => !waiting.has(v.name))
  if (roots.length > 0)
    return roots.map((v) =>
      notGiven(
        v,
        priors.find((p) => p.name === v.name),
      ),
    )
  return missing.map((v) => {
    const reads = (waiting.get(v.name)?.inputs ?? []).map((p) => p.name)
    const why = reads.every((name) => waiting.has(name)) ? 'in a circle' : 'which has no value before the run'
    const on = reads.filter((name) => name !== v.name && (why !== 'in a circle' || waiting.has(name))).map((name) => `"${name}"`)
    return diagnostic(
      'AMP501',
      `The ${v.role} "${v.name}" was not given, and its ${priors.some((p) => p.name === v.name) ? 'prior' : 'default'} depends on ${on.join(' and ')}, ${why}.`,
      {
        span: v.span,
        hint: `Give it with ${how[v.role](v.name)}.`,
      },
    )
  })
}

/** Draws that came out as no number: parameters of the prior out of range, or a type that allows next to nothing of it. */
export function undrawn({ name, program }: DrawablePrior, value: Float64Array, fixed: readonly EnergyVariable[]): readonly Diagnostic[] {
  if (value.every(Number.isFinite)) return []
  const family = program.draws[0]?.family ?? 'its family'
  const span = fixed.find((v) => v.name === name)?.span
  return [
    diagnostic('AMP501', `The param "${name}" was not given, and no finite value could be drawn from its prior.`, {
      ...(span === undefined ? {} : { span }),
      expected: `parameters of ${family} in their range, and a type that allows a good part of its draws`,
      hint: `Give it with ${how.param(name)}.`,
    }),
  ]
}

const how: Readonly<Record<EnergyVariable['role'], (name: string) => string>> = {
  data: (name) => `--data FILE (a key or column "${name}") or --data ${name}=FILE`,
  memory: (name) => `--memory ${name}=FILE`,
  param: (name) => `--param ${name}=VALUE, or a default in the model: param ${name} = 1`,
  state: (name) => `--observed ${name}=FILE`,
  input: (name) => `--data ${name}=FILE`,
}

function notGiven({ name, role, axes, span }: EnergyVariable, prior: PriorDraw | undefined): Diagnostic {
  const shape = axes.length === 0 ? '' : `[${axes.join(', ')}]`
  const why = prior !== undefined && 'reason' in prior ? `, and it cannot be drawn from its prior: ${prior.reason}` : ''
  return diagnostic('AMP501', `The ${role} "${name}${shape}" was not given${why}.`, { span, hint: `Give it with ${how[role](name)}.` })
}
