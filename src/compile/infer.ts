import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { didYouMean } from '../base/suggest.ts'
import type { Energy, EnergyVariable } from '../middle/energy.ts'
import type { Role } from '../middle/model.ts'
import { type Asked, type Situation, situationOf } from '../middle/situation.ts'
import { inferable } from './inferable.ts'
import { rowAxes } from './partitions/open-rows.ts'
import { unopened } from './random/unopened.ts'
import { readings } from './readings.ts'
import { temperatureOf } from './temperature.ts'
import { refusedTreatments, treatmentTroubles } from './treat/troubles.ts'

/** The situation that a reading is asked for; names that it cannot infer (AMP721), or treat so (AMP716), are reported. */
export function askedOf(energy: Energy, reading: keyof typeof readings, asked: Asked): Checked<Situation> {
  const rows = rowAxes(energy)
  const closed = unopened(readings[reading].sharesOut ? { random: energy.random.filter((axis) => !rows.includes(axis)) } : energy)
  if (closed.length > 0) return unmade(closed)
  const situation = situationOf(energy, asked)
  const inferred = [...new Set(asked.infer)].flatMap((name) => {
    return readings[reading].infers.length === 0 ? [infersNothing(reading, name)] : troubles(energy, name)
  })
  const diagnostics = [
    ...inferred,
    ...heats(energy, situation),
    ...refusedTreatments(reading, situation),
    ...treatmentTroubles(energy, situation),
  ]
  return hasErrors(diagnostics) ? unmade(diagnostics) : checked(situation, [])
}

function troubles(energy: Energy, name: string): readonly Diagnostic[] {
  const names = inferable({ terms: energy.statements, variables: energy.variables })
  const variable = energy.variables.find((v) => v.name === name && v.label === undefined)
  if (variable === undefined) {
    const there = names.size === 0 ? 'No param or memory of the model has a prior.' : `What can be inferred: ${[...names].join(', ')}.`
    const hint = didYouMean(name, [...names]) ?? there
    return [diagnostic('AMP721', `"${name}" is not a variable of the model.`, { expected: 'a param or memory with a prior', hint })]
  }
  if (names.has(name)) return energy.choosing.includes(name) ? [chooses(variable)] : []
  const [why, hint] = reasons[variable.role](variable)
  return [diagnostic('AMP721', `"${name}" ${why}.`, { span: variable.span, hint })]
}

function infersNothing(reading: string, name: string): Diagnostic {
  return diagnostic('AMP721', `"${name}" cannot be inferred by ${reading}, which moves states alone.`, {
    hint: `Leave out --infer ${name}, or draw it: sample infers it.`,
  })
}

type Reason = (variable: EnergyVariable) => readonly [why: string, hint: string]

const given: Reason = (v) => [
  'is data, which is given and does not move',
  `To draw what is not known of it, declare it a state: state ${shown(v)}.`,
]

const hasNoPrior: Reason = (v) => [
  `is a ${v.role} without a prior, so nothing says how likely its values are`,
  `Give it one: a statement ${shown(v)} ~ FAMILY(...).`,
]

const reasons: Readonly<Record<Role, Reason>> = {
  param: hasNoPrior,
  memory: hasNoPrior,
  data: given,
  input: given,
  state: ({ name }) => ['is a state, which moves anyway', `Leave out --infer ${name}.`],
}

/** What moves cannot set the temperature, unless an option takes its place. */
function heats(energy: Energy, { moving, temperature }: Situation): readonly Diagnostic[] {
  const stated = temperatureOf(energy).temperature
  if (temperature !== undefined || stated === undefined) return []
  return stated.graph.inputs
    .filter((p) => moving.has(p.name))
    .map(({ name }) =>
      diagnostic('AMP721', `"${name}" sets the temperature, which does not move.`, {
        ...(stated.span && { span: stated.span }),
        hint: `Leave out --infer ${name}, or say the temperature: --temperature 1.`,
      }),
    )
}

function chooses({ name, span }: EnergyVariable): Diagnostic {
  return diagnostic('AMP721', `"${name}" decides which elements a shift leaves out, so the energies of its values do not compare.`, {
    span,
    hint: 'Give the shift a value there, as in y[t = t - 1 else 0], so that no element is left out.',
  })
}

function shown({ name, axes }: EnergyVariable): string {
  return axes.length === 0 ? name : `${name}[${axes.join(', ')}]`
}
