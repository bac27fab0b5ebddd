import type { OptionRow, ReadingName, When } from './option-row.ts'
import { options } from './option-rows.ts'

export type { OptionRow, ReadingName, ValueKind, When } from './option-row.ts'

type OptionTable = typeof options
export type OptionName = keyof OptionTable

/** What is handed over has its type where it is used. */
type ValueOf<Row> = Row extends { kind: 'number' | 'whole' }
  ? number
  : Row extends { kind: 'word'; words: infer Words }
    ? keyof Words
    : Row extends { kind: 'names' }
      ? readonly string[]
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

/** The options of a reading that the command line has. */
type FlaggedName<Reading extends ReadingName, At extends When> = {
  readonly [Name in keyof OptionsOf<Reading, At> & OptionName]: OptionTable[Name] extends { flag: string } ? Name : never
}[keyof OptionsOf<Reading, At> & OptionName]
type SwitchName = { readonly [Name in OptionName]: OptionTable[Name] extends { kind: 'switch' } ? Name : never }[OptionName]

/** What the command line makes of its flags: all but switches are there, with their defaults where they were not given. */
export type FlaggedOptions<Reading extends ReadingName, At extends When = When> = {
  readonly [Name in Exclude<FlaggedName<Reading, At>, SwitchName>]: ValueOf<OptionTable[Name]>
} & { readonly [Name in Extract<FlaggedName<Reading, At>, SwitchName>]?: boolean }

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

/** Of all that a command was given, the options of its reading. */
export function flagged<Reading extends ReadingName>(reading: Reading, given: FlaggedOptions<Reading>): FlaggedOptions<Reading> {
  return among(flaggedOptions(reading), given)
}

/** What of the options each run looks at. */
export function ofRun<Given extends object>(reading: ReadingName, given: Given): Given {
  return among(optionsOf(reading, ['run']), given)
}

function among<Given extends object>(rows: readonly (readonly [OptionName, OptionRow])[], given: Given): Given {
  const names = new Set<string>(rows.map(([name]) => name))
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name))) as Given
}

/** What was said of the options: what is undefined is not. */
export function stated<Given extends object>(given: Given): Given {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Given
}
