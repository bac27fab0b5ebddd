import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { didYouMean } from '../base/suggest.ts'
import type { Model } from '../middle/model.ts'
import type { Report } from '../middle/parts.ts'
import { lowerValue } from './lower.ts'

/** The lets asked for by name (Stan's transformed parameters and generated quantities). */
export function reportsOf(model: Model, names: readonly string[]): Checked<readonly Report[]> {
  const diagnostics: Diagnostic[] = []
  const reports = names.flatMap((name): readonly Report[] => {
    const found = model.lets.find((l) => l.name === name)
    if (found === undefined) {
      diagnostics.push(unknown(model, name))
      return []
    }
    const lowered = lowerValue(model, found.value)
    diagnostics.push(...lowered.diagnostics)
    return lowered.value === undefined ? [] : [{ name, axes: found.value.axes, graph: lowered.value }]
  })
  return hasErrors(diagnostics) ? unmade(diagnostics) : checked(reports, diagnostics)
}

function unknown(model: Model, name: string): Diagnostic {
  const lets = model.lets.map((l) => l.name)
  const state = model.variables.some((v) => v.name === name && v.role === 'state')
  const hint = state
    ? 'States are always reported.'
    : (didYouMean(name, lets) ?? (lets.length === 0 ? 'The model has no let.' : `The lets of the model are ${lets.join(', ')}.`))
  return diagnostic('AMP713', `"${name}" is not a let of the model.`, { expected: 'the name of a let', hint })
}
