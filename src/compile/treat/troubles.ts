import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/suggest.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import { type ReadingName, rowOfTreatment } from '../../middle/options.ts'
import { type Situation, statesOf, type Treatment } from '../../middle/situation.ts'
import { inferable } from '../inferable.ts'
import { afterMinimum } from './inner.ts'
import type { TreatmentRule } from './rule.ts'
import { treatments } from './table.ts'

/** What of the treatments asked for makes no sense, each at its name: wrong names, observed ones, two treatments of one. */
export function treatmentTroubles(energy: Energy, situation: Situation): readonly Diagnostic[] {
  const asked = situation.treatments
  return [...asked.flatMap((t) => wrongName(energy, situation, t)), ...asked.flatMap((t, i) => contradiction(t, asked.slice(0, i)))]
}

/** Treatments that have no meaning in a reading. */
export function refusedTreatments(reading: ReadingName, { treatments: asked }: Situation): readonly Diagnostic[] {
  return asked.flatMap(({ kind, name }) => {
    const why = treatments[kind].refusedBy[reading]
    if (why === undefined) return []
    return [diagnostic('AMP716', `"${name}" cannot be ${treatments[kind].done} by ${reading}: ${why}.`, { hint: leaveOut(kind) })]
  })
}

/** What cannot come after minima that are found step by step; two minima may come in any order. */
export function lateTreatments(energy: Energy, kind: Treatment['kind'], names: readonly string[]): readonly Diagnostic[] {
  if (energy.inner.length === 0 || kind === 'minimise' || kind === 'keep') return []
  return afterMinimum(energy, treatments[kind].done, flagOf(kind), names)
}

/** `--sum-out` */
function flagOf(kind: Treatment['kind']): string {
  return rowOfTreatment(kind)[1].flag.split(' ')[0] ?? kind
}

function leaveOut(...kinds: readonly Treatment['kind'][]): string {
  return `Leave out ${kinds.map(flagOf).join(' or ')}.`
}

function wrongName(energy: Energy, situation: Situation, { kind, name }: Treatment): readonly Diagnostic[] {
  const rule = treatments[kind]
  const variable = energy.variables.find((v) => v.name === name && v.label === undefined)
  const names = allowed(energy, situation, rule)
  if (variable !== undefined && !names.includes(name) && rule.eliminates && rule.takes(variable)) return [without(variable, rule)]
  if (variable === undefined || !names.includes(name)) return [notOne(name, rule, names)]
  // What is kept is not looked for, so that it may as well be observed.
  if (kind === 'keep' || !situation.observed.has(name)) return []
  const hint = `${leaveOut(kind)} What is observed is as it is.`
  return [diagnostic('AMP716', `"${name}" is observed, so it cannot be ${rule.done}.`, { span: variable.span, hint })]
}

function allowed(energy: Energy, { moving }: Situation, rule: TreatmentRule): readonly string[] {
  const { statements: terms, variables } = energy
  const weighed = [...inferable({ terms, variables })].filter((name) => rule.eliminates || moving.has(name))
  const may = new Set([...statesOf(energy), ...weighed])
  return variables.filter((v) => may.has(v.name) && rule.takes(v)).map((v) => v.name)
}

/** A param or memory whose values are not weighed by anything. */
function without({ name, role, span }: EnergyVariable, { of }: TreatmentRule): Diagnostic {
  const why = role === 'data' || role === 'input' ? 'is data, which is given and does not move' : `is a ${role} without a prior`
  return diagnostic('AMP716', `"${name}" ${why}.`, { span, expected: of })
}

function notOne(name: string, { noun, of }: TreatmentRule, names: readonly string[]): Diagnostic {
  const there = names.length === 0 ? `The model has no ${noun}.` : `The ${noun}s of the model are ${names.join(', ')}.`
  return diagnostic('AMP716', `"${name}" is not a ${noun} of the model.`, { expected: of, hint: didYouMean(name, names) ?? there })
}

function contradiction({ kind, name }: Treatment, before: readonly Treatment[]): readonly Diagnostic[] {
  const other = before.find((t) => t.name === name && t.kind !== kind)?.kind
  if (other === undefined) return []
  const message = `"${name}" cannot be both ${treatments[other].done} and ${treatments[kind].done}.`
  return [diagnostic('AMP716', message, { hint: leaveOut(other, kind) })]
}
