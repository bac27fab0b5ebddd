import type { Ladders, ValueKind } from './options.ts'
import { type Treatment, treatmentKinds } from './situation.ts'

/** What the values of one kind of options are. */
interface OptionRule<Row> {
  /** In words, for who gave another. */
  expected(row: Row): string
  holds(value: unknown, row: Row): boolean
}

type OptionKind = ValueKind['kind']

const rules: { readonly [K in OptionKind]: OptionRule<Extract<ValueKind, { readonly kind: K }>> } = {
  number: {
    expected({ from, above, below }) {
      if (above !== undefined) return below === undefined ? `a number above ${above}` : `a number between ${above} and ${below}`
      return from === undefined ? 'a number' : `a number from ${from} on`
    },
    holds(value, row) {
      if (typeof value !== 'number' || Number.isNaN(value)) return false
      const { from, above, below } = row
      if (!Number.isFinite(value)) return value === row.default
      return (from === undefined || value >= from) && (above === undefined || value > above) && (below === undefined || value < below)
    },
  },
  whole: {
    expected: ({ from }) => `a whole number from ${from} on`,
    holds: (value, { from }) => Number.isSafeInteger(value) && (value as number) >= from,
  },
  word: {
    expected: ({ words }) => Object.keys(words).join(', '),
    holds: (value, { words }) => typeof value === 'string' && Object.hasOwn(words, value),
  },
  text: { expected: ({ expected }) => expected, holds: (value) => typeof value === 'string' && value !== '' },
  names: {
    expected: () => 'a list of names',
    holds: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
  },
  numbers: {
    expected: () => 'a list of numbers',
    holds: (value) => Array.isArray(value) && value.every((v) => typeof v === 'number' && Number.isFinite(v)),
  },
  treatments: {
    expected: () => `a list of { kind, name }, of the kinds ${treatmentKinds.join(', ')}`,
    holds: (value) => Array.isArray(value) && value.every(isTreatment),
  },
  ladders: {
    expected: () => 'for each name a list of numbers',
    holds: (value) => isLadders(value) && Object.keys(value).length > 0,
  },
  switch: { expected: () => 'true or false', holds: (value) => typeof value === 'boolean' },
  handed: { expected: ({ what }) => what, holds: () => true },
}

function isTreatment(value: unknown): boolean {
  const { kind, name } = (value ?? {}) as Partial<Treatment>
  return typeof name === 'string' && (treatmentKinds as readonly unknown[]).includes(kind)
}

function isLadders(value: unknown): value is Ladders {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every((list) => Array.isArray(list) && list.length > 0 && list.every(Number.isFinite))
}

function ruleOf(row: ValueKind): OptionRule<ValueKind> {
  return rules[row.kind] as OptionRule<ValueKind>
}

/** What an option may be, in words. */
export function expectedOf(row: ValueKind): string {
  return ruleOf(row).expected(row)
}

/** Whether an option may be this. */
export function mayBe(row: ValueKind, value: unknown): boolean {
  return ruleOf(row).holds(value, row)
}
