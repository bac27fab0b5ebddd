import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import type { Bound, GivenByRole } from '../../bind/bound.ts'
import { plainTemperature } from '../../compile/temperature.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import { type OptionsOf, stated } from '../../middle/options.ts'
import { observing, type Situation, situationOf, statesOf, type Treatment } from '../../middle/situation.ts'

/** What may have a row for each pattern: states and data; params that are learned start where they are given. */
export function rowsAndStarts(energy: Energy, given: GivenByRole, params: readonly EnergyVariable[]): GivenByRole {
  const isData = rolled(energy, 'data')
  const starts = new Set(params.map((v) => v.name))
  const { fixed } = given
  return {
    ...given,
    fixed: fixed.filter((item) => !isData(item.name) && !starts.has(item.name)),
    observed: [...given.observed, ...fixed.filter((item) => isData(item.name))],
    cues: [...given.cues, ...fixed.filter((item) => starts.has(item.name))],
  }
}

/** What starts and rows may be given for. */
export function takesRows(energy: Energy, params: readonly EnergyVariable[]): ReadonlySet<string> {
  const data = energy.variables.filter((v) => v.role === 'data')
  return new Set([...statesOf(energy), ...[...data, ...params].map((v) => v.name)])
}

function rolled(energy: Energy, role: EnergyVariable['role']): (name: string) => boolean {
  const names = new Set(energy.variables.flatMap((v) => (v.role === role && v.label === undefined ? [v.name] : [])))
  return (name) => names.has(name)
}

/** Data that are given for each pattern. */
export function perPattern(energy: Energy, { observed }: Bound): readonly string[] {
  return energy.variables.flatMap((v) => (v.role === 'data' && (observed[v.name]?.count ?? 1) > 1 ? [v.name] : []))
}

/** What of the values cannot be learned from: numbers that are missing, a start for each pattern. */
export function unlearnable(energy: Energy, { observed, cues }: Bound, params: readonly EnergyVariable[]): readonly Diagnostic[] {
  const holes = energy.variables.flatMap((v) => (observed[v.name]?.data.some(Number.isNaN) ? [hole(v)] : []))
  const many = params.flatMap((v) => ((cues[v.name]?.count ?? 1) > 1 ? [severalStarts(v)] : []))
  return [...holes, ...many]
}

function hole({ name, role, span }: EnergyVariable): Diagnostic {
  if (role === 'data') return diagnostic('AMP508', `"${name}" has numbers that are missing.`, { span, expected: 'a number everywhere' })
  const expected = `all of "${name}" or nothing, since patterns are learned from whole`
  return diagnostic('AMP511', `Some elements of "${name}" are observed and some are not.`, { span, expected })
}

function severalStarts({ name, axes, span }: EnergyVariable): Diagnostic {
  const expected = axes.length === 0 ? 'a number' : `one array over [${axes.join(', ')}]`
  return diagnostic('AMP502', `"${name}" is learned, and several values are given for where it starts.`, { span, expected })
}

/** States that are not observed are hidden, and move; params stand still. */
export function hiddenIn(energy: Energy, params: readonly EnergyVariable[], { observed }: Bound, options: OptionsOf<'learn'>): Situation {
  const learned = new Set(params.map((v) => v.name))
  const asked = situationOf(energy, { ...plainTemperature(energy), ...stated(options) })
  const moving = new Set([...asked.moving].filter((name) => !learned.has(name)))
  return observing({ ...asked, moving }, Object.keys(observed))
}

/** Treatments of what is the same for all patterns, which would make one loss of all of them together. */
export function coupling(energy: Energy, { treatments }: Pick<Situation, 'treatments'>): readonly Diagnostic[] {
  const states = statesOf(energy)
  return treatments.flatMap(({ kind, name }: Treatment) => {
    const v = energy.variables.find((one) => one.name === name)
    if (v === undefined || states.has(name) || kind === 'keep') return []
    const why = `"${name}" is the same for all patterns, so that without it they depend on each other.`
    return [diagnostic('AMP634', why, { span: v.span, hint: `Learn it (--params ${name}), or give its value.` })]
  })
}
