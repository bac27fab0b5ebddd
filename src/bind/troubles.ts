import type { Sizes } from '../ir/graph.ts'
import { kindOf } from '../middle/kinds.ts'
import type { ValueType } from '../middle/model.ts'
import { brokenLine } from './lines.ts'
import { badInMatrix } from './matrices.ts'
import type { Shaped } from './shaped.ts'

/** What is wrong with numbers: where the first of those stands, and how it is said after `"x" `. */
export interface Trouble {
  readonly at: number
  readonly said: string
  readonly expected: string
  readonly hint?: string
  /** It is said of all numbers, not of the first. */
  readonly whole?: true
  /** How many more numbers are wrong in the same way. */
  readonly more: number
}

/** The first way in which numbers are not of a type. Missing numbers (NaN) are passed over. */
export function typeTrouble(shaped: Shaped, data: Float64Array, sizes: Sizes): Trouble | undefined {
  const { type } = shaped
  const bad = badPlaces(data, type, sizes, true)
  const [at] = bad
  if (at !== undefined) return { at, said: `is ${data[at]}`, expected: kindOf(type).words(type, sizes), more: bad.length - 1 }
  const line = brokenLine(shaped, data, sizes)
  if (line !== undefined) {
    const { at: from, found, expected, hint } = line
    return { at: from, said: `holds ${found}`, expected, more: 0, whole: true, ...(hint === undefined ? {} : { hint }) }
  }
  const entry = badInMatrix(shaped, data, sizes)
  if (entry === undefined) return undefined
  return { at: entry.at, said: entry.why, expected: kindOf(type).words(type, sizes).replace('part of ', ''), more: 0, whole: true }
}

/** With a capital and a full stop. */
export function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}

/** Positions of the numbers that may not be there; `partial`: some may be missing. */
export function badPlaces(data: Float64Array, type: ValueType, sizes: Sizes, partial: boolean): readonly number[] {
  const rule = kindOf(type)
  const bad: number[] = []
  for (let i = 0; i < data.length; i += 1) {
    const v = data[i] as number
    if (Number.isNaN(v) ? !partial : !rule.allows(v, type, sizes)) bad.push(i)
  }
  return bad
}
