import { must } from '../base/internal-error.ts'
import type { OptionRow, ReadingName, When } from './option-row.ts'
import { options } from './option-rows.ts'
import type { Treatment } from './situation.ts'

export type { OptionRow, ReadingName, ValueKind, When } from './option-row.ts'

type OptionTable = typeof options
export type OptionName = keyof OptionTable

/** Values by name, to be gone through together, one after the other. */
export type Ladders = Readonly<Record<string, readonly number[]>>

/** What is handed over has its type where it is used. */
type ValueOf<Row> = Row extends { kind: 'number' | 'whole' }
  ? number
  : Row extends { kind: 'text' }
    ? string
    : Row extends { kind: 'word'; words: infer Words }
      ? keyof Words
      : Row extends { kind: 'names' }
        ? readonly string[]
        : Row extends { kind: 'numbers' }
          ? readonly number[]
          : Row extends { kind: 'treatments' }
            ? readonly Treatment[]
            : Row extends { kind: 'ladders' }
              ? Ladders
              : boolean

/** The options of a reading that are looked at then, but those that are handed over. */
export type OptionsOf<Reading extends ReadingName, At extends When = When> = {
  readonly [Name in OptionName as OptionTable[Name] extends { kind: 'handed' }
    ? never
    : OptionTable[Name] extends { when: At }
      ? Reading extends OptionTable[Name]['of'][number]
        ? Name
        : never
      : never]?: ValueOf<OptionTable[Name]>
}

/** The options of a reading that the command line has: treatments are all in one, in the order of their flags. */
type FlaggedName<Reading extends ReadingName, At extends When> = {
  readonly [Name in keyof OptionsOf<Reading, At> & OptionName]: OptionTable[Name] extends { treats: string }
    ? never
    : OptionTable[Name] extends { flag: string } | { kind: 'treatments' }
      ? Name
      : never
}[keyof OptionsOf<Reading, At> & OptionName]
/** Switches, and numbers that are nothing in particular where nobody says them. */
type UnsaidName = {
  readonly [Name in OptionName]: OptionTable[Name] extends { kind: 'switch' }
    ? Name
    : OptionTable[Name] extends { kind: 'number' | 'whole' }
      ? OptionTable[Name] extends { default: number }
        ? never
        : Name
      : never
}[OptionName]

/** What the command line makes of its flags: those that have defaults are there, whether they were given or not. */
export type FlaggedOptions<Reading extends ReadingName, At extends When = When> = {
  readonly [Name in Exclude<FlaggedName<Reading, At>, UnsaidName>]: ValueOf<OptionTable[Name]>
} & { readonly [Name in Extract<FlaggedName<Reading, At>, UnsaidName>]?: ValueOf<OptionTable[Name]> }

type OptionDefaults = {
  readonly [Name in OptionName as OptionTable[Name] extends { default: unknown } ? Name : never]: ValueOf<OptionTable[Name]>
}

/** What an option is when nobody says. */
export const defaults = Object.fromEntries(
  Object.entries<OptionRow>(options).flatMap(([name, row]) => ('default' in row ? [[name, row.default]] : [])),
) as unknown as OptionDefaults

export type Flagged = OptionRow & { readonly flag: string }

/** The rows of a reading, in the order of the table. */
export function optionsOf(reading: ReadingName, when?: readonly When[]): readonly (readonly [OptionName, OptionRow])[] {
  const rows = Object.entries<OptionRow>(options) as [OptionName, OptionRow][]
  return rows.filter(([, row]) => row.of.includes(reading) && (when === undefined || when.includes(row.when)))
}

/** Those that the command line has, in the order of the table. */
export function flaggedOptions(reading: ReadingName, when?: readonly When[]): readonly (readonly [OptionName, Flagged])[] {
  return optionsOf(reading, when).filter((entry): entry is [OptionName, Flagged] => entry[1].flag !== undefined)
}

/** Those that say how a model is compiled, of any reading. */
export function compiledFlags(): readonly (readonly [OptionName, Flagged])[] {
  const rows = Object.entries<OptionRow>(options) as [OptionName, OptionRow][]
  return rows.filter((entry): entry is [OptionName, Flagged] => entry[1].flag !== undefined && entry[1].when === 'compiled')
}

/** Those that say which variables move, and what becomes of the others. */
export function situationFlags(): readonly (readonly [OptionName, Flagged])[] {
  return compiledFlags().filter(([name, row]) => name === 'infer' || heldIn(name, row) === 'treatments')
}

/** Where the command line puts the value of a flag: those of treatments share a list, in the order in which they were given. */
export function heldIn(name: OptionName, row: OptionRow): OptionName {
  return row.kind === 'names' && row.treats !== undefined ? 'treatments' : name
}

/** The row by whose name a treatment is asked for. */
export function rowOfTreatment(kind: Treatment['kind']): readonly [OptionName, Flagged] {
  const rows = Object.entries<OptionRow>(options) as [OptionName, OptionRow][]
  const found = rows.find((row): row is [OptionName, Flagged] => row[1].kind === 'names' && row[1].treats === kind)
  return must(found, kind)
}

/** Of all that a command was given, the options of its reading. */
export function flagged<Reading extends ReadingName>(reading: Reading, given: FlaggedOptions<Reading>): FlaggedOptions<Reading> {
  return among(new Set(flaggedOptions(reading).map(([name, row]) => heldIn(name, row))), given)
}

/** What of the options each run looks at. */
export function ofRun<Given extends object>(reading: ReadingName, given: Given): Given {
  return among(new Set(optionsOf(reading, ['run']).map(([name]) => name)), given)
}

function among<Given extends object>(names: ReadonlySet<string>, given: Given): Given {
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name))) as Given
}

/** What was said of the options: what is undefined is not. */
export function stated<Given extends object>(given: Given): Given {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Given
}
