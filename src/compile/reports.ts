import { type Checked, checked, type Diagnostic, diagnostic, unmade } from '../base/diagnostic.ts'
import { didYouMean } from '../base/suggest.ts'
import type { Energy } from '../middle/energy.ts'
import type { Report } from '../middle/parts.ts'
import * as ports from '../middle/ports.ts'
import { expressionOf, namesWritten } from './outputs.ts'

/** The lets asked for by name (Stan's transformed parameters and generated quantities). */
export function reportsOf(energy: Energy, names: readonly string[]): Checked<readonly Report[]> {
  const written = namesWritten(energy)
  const strange = names.filter((name) => !written.has(ports.quantity(name)))
  if (strange.length > 0) return unmade(strange.map((name) => unknown(energy, name)))
  const reports = names.map((name): Report => {
    const graph = expressionOf(energy, ports.quantity(name))
    return { name, axes: graph.outputs.flatMap((o) => o.axes), graph }
  })
  return checked(reports, [])
}

function unknown({ written, declared }: Energy, name: string): Diagnostic {
  const lets = written.outputs.flatMap((o) => ports.quantityOf(o.name) ?? [])
  const state = declared.some((v) => v.name === name && v.role === 'state')
  const hint = state
    ? 'States are always reported.'
    : (didYouMean(name, lets) ?? (lets.length === 0 ? 'The model has no let.' : `The lets of the model are ${lets.join(', ')}.`))
  return diagnostic('AMP713', `"${name}" is not a let of the model.`, { expected: 'the name of a let', hint })
}
