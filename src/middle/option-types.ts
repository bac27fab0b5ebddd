import type { ValueKind } from './options.ts'
import { treatmentKinds } from './situation.ts'

const types: { readonly [K in ValueKind['kind']]: (row: Extract<ValueKind, { readonly kind: K }>) => string } = {
  number: () => 'number',
  whole: () => 'number',
  word: ({ words }) => oneOf(Object.keys(words)),
  text: () => 'string',
  names: () => 'readonly string[]',
  ladders: () => 'Readonly<Record<string, readonly number[]>>',
  numbers: () => 'readonly number[]',
  treatments: () => `readonly { readonly kind: ${oneOf(treatmentKinds)}; readonly name: string }[]`,
  switch: () => 'boolean',
  handed: ({ type }) => type,
}

/** The type of an option, as TypeScript writes it. */
export function typeOf(row: ValueKind): string {
  return (types[row.kind] as (row: ValueKind) => string)(row)
}

function oneOf(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(' | ')
}
