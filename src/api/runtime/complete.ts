import { type Checked, type Diagnostic, diagnostic, hasErrors } from '../../base/diagnostic.ts'
import type { Bound } from '../../compile/bind.ts'
import type { Default } from '../../compile/defaults.ts'
import type { EnergyVariable } from '../../compile/energy.ts'
import type { Target } from '../../compile/executable.ts'
import type { Sizes } from '../../ir/graph.ts'

/** All fixed inputs: what was given, then the defaults; what has neither is missing and told. */
export function complete(
  fixed: readonly EnergyVariable[],
  defaults: readonly Default[],
  bound: Bound,
  target: Target,
): Checked<Map<string, Float64Array>> {
  const diagnostics: Diagnostic[] = []
  const values = new Map<string, Float64Array>(Object.entries(bound.values))
  for (const item of defaults) if (!values.has(item.name)) values.set(item.name, defaultValue(item, bound.sizes, values, target))
  const inputs = new Map<string, Float64Array>()
  for (const variable of fixed) {
    const value = variable.role === 'state' ? bound.observed[variable.name]?.data : values.get(variable.name)
    if (value === undefined) diagnostics.push(missing(variable))
    else inputs.set(variable.name, value)
  }
  return hasErrors(diagnostics) ? { diagnostics } : { value: inputs, diagnostics }
}

/** The value of a default at these sizes. */
export function defaultValue(item: Default, sizes: Sizes, values: ReadonlyMap<string, Float64Array>, target: Target): Float64Array {
  const executable = target(item.graph, sizes)
  for (const [name, buffer] of executable.inputs) {
    const given = values.get(name)
    if (given !== undefined) buffer.set(given)
  }
  executable.run()
  const value = Float64Array.from(executable.outputs.get('value') ?? [])
  executable.dispose()
  return value
}

function missing(variable: EnergyVariable): Diagnostic {
  const axes = variable.axes.length === 0 ? '' : `[${variable.axes.join(', ')}]`
  const how: Record<EnergyVariable['role'], string> = {
    data: `--data FILE (a key or column "${variable.name}") or --data ${variable.name}=FILE`,
    memory: `--memory ${variable.name}=FILE`,
    param: `--param ${variable.name}=VALUE, or a default in the model: param ${variable.name} = 1`,
    state: `--observed ${variable.name}=FILE`,
    input: `--data ${variable.name}=FILE`,
  }
  return diagnostic('AMP501', `The ${variable.role} "${variable.name}${axes}" was not given.`, {
    span: variable.span,
    hint: `Give it with ${how[variable.role]}.`,
  })
}
