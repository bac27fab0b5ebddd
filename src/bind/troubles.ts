import type { Sizes } from '../ir/graph.ts'
import type { ValueType } from '../middle/model.ts'
import { brokenLine } from './lines.ts'
import { badInMatrix, matrixInWords } from './matrices.ts'

/** What numbers are for, as far as their values go: their axes, in layout order, and their type. */
export interface Shaped {
  readonly axes: readonly string[]
  readonly type: ValueType
}

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
  if (at !== undefined) return { at, said: `is ${data[at]}`, expected: allowed[type.kind]?.words(type, sizes) ?? '', more: bad.length - 1 }
  const line = brokenLine(shaped, data, sizes)
  if (line !== undefined) {
    const { at: from, found, expected, hint } = line
    return { at: from, said: `holds ${found}`, expected, more: 0, whole: true, ...(hint === undefined ? {} : { hint }) }
  }
  const entry = badInMatrix(shaped, data, sizes)
  if (entry === undefined || !('rows' in type)) return undefined
  return { at: entry.at, said: entry.why, expected: matrixInWords(type).replace('part of ', ''), more: 0, whole: true }
}

/** With a capital and a full stop. */
export function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}

/** What values a type allows, said once for checking and once for people. */
export const allowed: {
  readonly [K in ValueType['kind']]?: {
    readonly test: (v: number, type: ValueType, sizes: Sizes) => boolean
    readonly words: (type: ValueType, sizes: Sizes) => string
  }
} = {
  positive: { test: (v) => v > 0, words: () => 'a number above 0' },
  nonnegative: { test: (v) => v >= 0, words: () => 'a number from 0 on' },
  probability: { test: (v) => v >= 0 && v <= 1, words: () => 'a number between 0 and 1' },
  simplex: { test: (v) => v >= 0 && v <= 1, words: () => 'numbers between 0 and 1 that add up to 1' },
  spin: { test: (v) => v === 1 || v === -1, words: () => '-1 or 1' },
  bit: { test: (v) => v === 0 || v === 1, words: () => '0 or 1' },
  count: { test: (v) => v >= 0 && Number.isInteger(v), words: () => 'a whole number from 0 on' },
  element: {
    test: (v, type, sizes) =>
      Number.isInteger(v) && v >= 1 && (type.kind !== 'element' || v <= (sizes[type.axis] ?? Number.POSITIVE_INFINITY)),
    words: (type, sizes) =>
      type.kind === 'element' ? `a whole number from 1 to ${sizes[type.axis] ?? `size(${type.axis})`}, an element of ${type.axis}` : '',
  },
}

/** Positions of the numbers that may not be there; `partial`: some may be missing. */
export function badPlaces(data: Float64Array, type: ValueType, sizes: Sizes, partial: boolean): readonly number[] {
  const rule = allowed[type.kind]
  const bad: number[] = []
  for (let i = 0; i < data.length; i += 1) {
    const v = data[i] as number
    if (Number.isNaN(v) ? !partial : rule !== undefined && !rule.test(v, type, sizes)) bad.push(i)
  }
  return bad
}
