import { type Command, InvalidArgumentError, Option } from 'commander'
import { options } from '../middle/option-rows.ts'
import { expectedOf, mayBe } from '../middle/option-values.ts'
import {
  compiledFlags,
  type Flagged,
  flaggedOptions,
  heldIn,
  type OptionName,
  type ReadingName,
  rowOfTreatment,
  situationFlags,
  type ValueKind,
} from '../middle/options.ts'
import { type Treatment, type TreatmentKind, treatmentKinds } from '../middle/situation.ts'
import { ladder } from './ladder.ts'
import { temperatures } from './temperatures.ts'

/** Gives a command the flags of a reading, by the table of options; what it parses has the table's names. */
export function withFlags(command: Command, reading: ReadingName): Command {
  const rows = flaggedOptions(reading)
  for (const [name, row] of rows) command.addOption(flagOf(name, row, row.does))
  // Treatments that it refuses are refused with a reason, not as unknown words.
  const known = new Set(rows.map(([name]) => name))
  const refused = treatmentKinds.map(rowOfTreatment).filter(([name]) => !known.has(name))
  for (const [name, row] of refused) command.addOption(flagOf(name, row, row.does).hideHelp())
  return command
}

/** Gives `amp compile` the flags that say how a model is compiled. */
export function withCompiledFlags(command: Command): Command {
  for (const [name, row] of compiledFlags()) command.addOption(flagOf(name, row, row.inModules ?? row.does))
  return command
}

/** Gives a command one flag of the table, without its default. */
export function withFlag(command: Command, name: OptionName, does: string): Command {
  const { default: _, ...row } = options[name] as Flagged & { readonly default?: unknown }
  return command.addOption(flagOf(name, row as Flagged, does))
}

/** Gives `amp show` the flags that say what the compiler is to do with variables. */
export function withSituationFlags(command: Command): Command {
  for (const [name, row] of situationFlags()) command.addOption(flagOf(name, row, row.does))
  return command
}

/** A flag that may be repeated. */
export const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]

/** A flag that may be repeated, or name several variables at once: `--infer a --infer b`, `--infer a,b`. */
export const collectNames = (value: string, before: readonly string[]): readonly string[] => [...before, ...namesIn(value)]

const collectTreatments =
  (kind: TreatmentKind) =>
  (value: string, before: readonly Treatment[]): readonly Treatment[] => [...before, ...namesIn(value).map((name) => ({ kind, name }))]

function namesIn(value: string): readonly string[] {
  return value.split(',').map((name) => name.trim())
}

/** Names of elements, parted by commas that stand outside brackets: `x[1,2],x[1,3]`. */
export const elementsIn = (value: string): readonly string[] => value.split(/,(?![^[]*\])/).map((name) => name.trim())

type Numeric = Extract<ValueKind, { readonly kind: 'number' | 'whole' }>

/** A flag whose value is a number of this kind. */
export const numberAs = (kind: Numeric) => parsed(kind, (value) => mayBe(kind, value))

/** An option of the table: a number that it may not be is refused where the reading looks at its options (AMP717). */
const optionNumber = (kind: Numeric) => parsed(kind, (value) => !Number.isNaN(value))

function parsed(kind: Numeric, holds: (value: number) => boolean) {
  return (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (!holds(value)) throw new InvalidArgumentError(`expected ${expectedOf(kind)}.`)
    return value
  }
}

function flagOf(name: OptionName, row: Flagged, does: string): Option {
  // Commander would call it after its flag.
  const option = Object.assign(new Option(row.flag, does), { attributeName: () => heldIn(name, row) })
  if (row.kind === 'names' && row.treats === undefined) option.argParser(collectNames).default([])
  if (row.kind === 'names' && row.treats !== undefined) option.argParser(collectTreatments(row.treats)).default([])
  if (row.kind === 'ladders') option.argParser(ladder)
  if (row.kind === 'numbers') option.argParser(temperatures)
  if (row.kind === 'word') option.choices(Object.keys(row.words))
  if (row.kind === 'number' || row.kind === 'whole') option.argParser(optionNumber(row))
  // Commander writes defaults as JSON, which has no infinity.
  return 'default' in row ? option.default(row.default, row.default === Infinity ? 'Infinity' : undefined) : option
}
