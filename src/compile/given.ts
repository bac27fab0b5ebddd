import { type Checked, type Diagnostic, diagnostic } from '../base/diagnostic.ts'

/** A value from outside, before it is matched to a variable: numbers with a shape, or text labels. */
export interface Given {
  /** The variable it is meant for. */
  readonly name: string
  /** Where it came from, for messages: `patients.csv, column "age"`, `--param beta`. */
  readonly from: string
  /** The file that it came in together with others, which a model need not all use. */
  readonly bundle?: string
  /** The line of the file that each element of the first axis stands on. */
  readonly lines?: readonly number[]
  readonly value: GivenValue
}

export type GivenValue =
  /** Row-major; NaN where a value is missing (`null`, an empty cell, NaN). `columns`: labels of the last dimension, if any. */
  | { readonly kind: 'numbers'; readonly shape: readonly number[]; readonly data: Float64Array; readonly columns?: readonly string[] }
  /** One text per element along one axis. */
  | { readonly kind: 'labels'; readonly labels: readonly string[] }

export function numbers(shape: readonly number[], data: Float64Array): GivenValue {
  return { kind: 'numbers', shape, data }
}

/** Nested arrays to one row-major array; ragged nesting and foreign values are told with their path. */
export function fromNested(value: unknown, from: string): Checked<GivenValue> {
  if (Array.isArray(value) && value.length > 0 && value.every((v) => typeof v === 'string')) {
    return { value: { kind: 'labels', labels: value }, diagnostics: [] }
  }
  const shape: number[] = []
  for (let at: unknown = value; Array.isArray(at); at = at[0]) {
    shape.push(at.length)
    if (at.length === 0) break
    if (shape.length > deepest) return { diagnostics: [tooDeep(from)] }
  }
  const flat: number[] = []
  const trouble = flatten(value, shape, from, flat)
  if (trouble !== undefined) return { diagnostics: [trouble] }
  return { value: { kind: 'numbers', shape, data: Float64Array.from(flat) }, diagnostics: [] }
}

/** Lists nest no deeper than this, whatever the data. */
const deepest = 32

function tooDeep(from: string): Diagnostic {
  return diagnostic('AMP507', `${from} nests lists more than ${deepest} deep.`, { place: from, expected: 'a list for each axis' })
}

/** Depth of nesting is bounded by the shape, which follows the first elements, so the recursion is too. */
function flatten(value: unknown, shape: readonly number[], path: string, out: number[]): Diagnostic | undefined {
  const [size, ...rest] = shape
  if (size === undefined) {
    if (typeof value === 'number') out.push(value)
    else if (value === null) out.push(Number.NaN)
    else if (typeof value === 'boolean') out.push(value ? 1 : 0)
    else
      return diagnostic('AMP506', `${path} is ${describe(value)}, where a number is wanted.`, {
        place: path,
        expected: 'a number, or null for a missing value',
      })
    return undefined
  }
  if (!Array.isArray(value)) {
    return diagnostic('AMP507', `${path} is ${describe(value)}, where a list of ${size} is wanted.`, {
      place: path,
      expected: `a list of ${size}, like the elements before it`,
    })
  }
  if (value.length !== size) {
    return diagnostic('AMP507', `${path} has ${value.length} element${value.length === 1 ? '' : 's'}, the lists before it have ${size}.`, {
      place: path,
      expected: `a list of ${size}`,
    })
  }
  for (let i = 0; i < value.length; i += 1) {
    const trouble = flatten(value[i], rest, `${path}[${i + 1}]`, out)
    if (trouble !== undefined) return trouble
  }
  return undefined
}

/** What a JavaScript value is, in a few words for messages. */
export function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'string') return `the text ${JSON.stringify(value.length > 30 ? `${value.slice(0, 30)}…` : value)}`
  if (typeof value === 'object') return 'an object'
  return String(value)
}
