import { type Checked, type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { Energy, EnergyVariable } from './energy.ts'
import { eliminate } from './marginalise/eliminate.ts'
import { close, open } from './marginalise/work.ts'

export interface MarginaliseOptions {
  /** States whose values are given: they are not summed out. */
  readonly observed?: ReadonlySet<string>
}

/**
 * Sums discrete states of finite range (elements, spins, bits) out of the energy, exactly and at the temperature of the
 * new input `temperature`; each leaves a term `marginal NAME` and an output `responsibility:NAME` over its axes and a
 * level axis. One state after the other, the last declared first: with visible units declared before hidden ones, it is
 * the hidden ones that go.
 *
 * `'auto'` sums out what factorises and leaves the rest among the variables, to be sampled or minimised. With names,
 * what does not factorise is an error that says so.
 */
export function marginalise(energy: Energy, names: readonly string[] | 'auto', options: MarginaliseOptions = {}): Checked<Energy> {
  const wanted = discreteStates(energy).filter((v) => (names === 'auto' ? options.observed?.has(v.name) !== true : names.includes(v.name)))
  const diagnostics: Diagnostic[] = []
  let work = open(energy)
  for (const variable of wanted.toReversed()) {
    const next = eliminate(work, variable)
    if (next !== undefined) work = next
    else if (names !== 'auto') diagnostics.push(coupled(variable))
  }
  if (diagnostics.length > 0) return { diagnostics }
  return { value: work.marginalised.length === energy.marginalised.length ? energy : close(work), diagnostics }
}

/** The states that take finitely many values, in declared order. */
export function discreteStates(energy: Energy): readonly EnergyVariable[] {
  return energy.variables.filter((v) => v.role === 'state' && ['element', 'spin', 'bit'].includes(v.type.kind))
}

function coupled({ name, axes, span }: EnergyVariable): Diagnostic {
  const [first] = axes
  const why =
    first === undefined
      ? `"${name}" cannot be summed out exactly: the graph would grow beyond bounds.`
      : `"${name}" cannot be summed out exactly: its elements along "${axes.join('", "')}" meet each other in the energy, so the sum has exponentially many terms.`
  return diagnostic('AMP604', why, { span, hint: `Let "${name}" be sampled or minimised one element at a time, or observe it.` })
}
