import { type Checked, checked, type Diagnostic, diagnostic, unmade } from '../base/diagnostic.ts'
import { didYouMean } from '../base/suggest.ts'
import type { Energy } from '../middle/energy.ts'
import type { ReportedLet } from '../middle/parts.ts'
import * as ports from '../middle/ports.ts'
import { type Situation, unknownsOf } from '../middle/situation.ts'
import { expressionOf, namesWritten } from './outputs.ts'

/** The lets asked for by name (Stan's transformed parameters and generated quantities). */
export function reportsOf(energy: Energy, names: readonly string[], situation: Situation): Checked<readonly ReportedLet[]> {
  const written = namesWritten(energy)
  const strange = names.filter((name) => !written.has(ports.quantity(name)))
  if (strange.length > 0) return unmade(strange.map((name) => unknown(energy, situation, name)))
  const reports = names.map((name): ReportedLet => {
    const graph = expressionOf(energy, ports.quantity(name))
    return { name, axes: graph.outputs.flatMap((o) => o.axes), graph }
  })
  return checked(reports, [])
}

/** The same where retrievals end: what was summed out has no value there. */
export function reportsOfEnds(
  energy: Energy,
  names: readonly string[],
  situation: Situation,
  summedOut: readonly { readonly name: string }[],
): Checked<readonly ReportedLet[]> {
  const { value: reports, diagnostics } = reportsOf(energy, names, situation)
  const valueless = (reports ?? []).flatMap(({ name, graph }) => {
    const gone = summedOut.find((s) => graph.inputs.some((p) => p.name === s.name))
    return gone === undefined ? [] : [withoutValue(name, gone.name)]
  })
  return reports === undefined || valueless.length > 0 ? unmade([...diagnostics, ...valueless]) : checked(reports, diagnostics)
}

function withoutValue(name: string, gone: string): Diagnostic {
  return diagnostic('AMP713', `The let "${name}" reads "${gone}", which is summed out and so has no value.`, {
    hint: `Keep it with --keep ${gone}; its chances are reported as they are.`,
  })
}

function unknown({ written }: Energy, situation: Situation, name: string): Diagnostic {
  const lets = written.outputs.flatMap((o) => ports.quantityOf(o.name) ?? [])
  const hint = unknownsOf(situation).has(name)
    ? 'States are always reported.'
    : (didYouMean(name, lets) ?? (lets.length === 0 ? 'The model has no let.' : `The lets of the model are ${lets.join(', ')}.`))
  return diagnostic('AMP713', `"${name}" is not a let of the model.`, { expected: 'the name of a let', hint })
}
