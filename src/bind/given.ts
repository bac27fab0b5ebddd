import { counted } from '../base/counted.ts'
import { type Checked, type Diagnostic, diagnostic, made, unmade } from '../base/diagnostic.ts'
import { volume } from '../base/tensor.ts'
import { numberHint, shortened } from './number-words.ts'

/** A value from outside, before it is matched to a variable: numbers with a shape, or text labels. */
export interface Given {
  /** The variable it is meant for. */
  readonly name: string
  /** Where it came from, for messages: `patients.csv, column "age"`, `--param beta`. */
  readonly from: string
  /** The file that it came in together with others, which a model need not all use. */
  readonly bundle?: string
  /** The line of the file that each element of the first axis stands on. */
  readonly lines?: ArrayLike<number>
  readonly value: GivenValue
}

export type GivenValue =
  /**
   * Row-major; NaN where a value is missing (`null`, an empty cell, NaN). `columns`: labels of the last dimension, if any.
   * `texts`: as they were written, where numbers do not keep it: TRUE and FALSE, digits that begin with 0.
   * `strays`: where something stood that is no number; it is NaN in `data`, and told when the value meets its variable.
   */
  | {
      readonly kind: 'numbers'
      readonly shape: readonly number[]
      readonly data: Float64Array
      readonly columns?: readonly string[]
      readonly texts?: readonly string[]
      readonly strays?: readonly Stray[]
    }
  /** Texts, row-major, empty where one is missing. Without a shape one per element along one axis. */
  | { readonly kind: 'labels'; readonly labels: readonly string[]; readonly shape?: readonly number[] }

/** What stood among numbers and is none. */
export interface Stray {
  /** Its place, row-major. */
  readonly at: number
  /** The text itself, or in words what it was: `an object`. */
  readonly text: string
  readonly inWords?: true
  /** Something was said of it already. */
  readonly told?: true
  /** Where it stood, if that is known better than the variable's axes say it. */
  readonly place?: string
}

/** AMP506 for the first of what stood among numbers, and how many more there are. */
export function strayTrouble(name: string, strays: readonly Stray[], placeOf: (stray: Stray) => string): readonly Diagnostic[] {
  const [first, ...more] = strays.filter(({ told }) => !told)
  if (first === undefined) return []
  const { text, inWords } = first
  const hint = inWords ? undefined : numberHint(text)
  return [
    diagnostic('AMP506', `"${name}" holds ${inWords ? text : `"${shortened(text)}"`}, which is not a number.${othersWrong(more.length)}`, {
      place: first.place ?? placeOf(first),
      expected: 'a number such as 1.5 or 2e-3, or an empty cell (null in JSON) for a missing value',
      ...(hint === undefined ? {} : { hint }),
    }),
  ]
}

/** Of many cells that are wrong in the same way the first is told, and how many more there are. */
export function othersWrong(more: number): string {
  if (more === 0) return ''
  return more === 1 ? ' One more is wrong, too.' : ` ${more.toLocaleString('en')} more are wrong, too.`
}

export function shapeOf(value: GivenValue): readonly number[] {
  return value.shape ?? (value.kind === 'labels' ? [value.labels.length] : [])
}

export function numbers(shape: readonly number[], data: Float64Array): Extract<GivenValue, { kind: 'numbers' }> {
  return { kind: 'numbers', shape, data }
}

/**
 * Nested arrays to one row-major array; ragged nesting is reported with its path. Foreign values among numbers are marked
 * (`strays`) where `marked` says so, and else reported, too.
 */
export function fromNested(value: unknown, from: string, foreign: 'reported' | 'marked' = 'reported'): Checked<GivenValue> {
  const shape: number[] = []
  for (let at: unknown = value; Array.isArray(at); at = at[0]) {
    shape.push(at.length)
    if (at.length === 0) break
    if (shape.length > deepest) return unmade([tooDeep(from)])
  }
  const plain = plainNumbers(value, shape)
  if (plain !== undefined) return made(numbers(shape, plain))
  const leaves: Leaf[] = []
  const holdsTexts = isTexts(value)
  const strays: Stray[] = []
  const trouble = flatten(value, shape, { path: from, texts: holdsTexts, out: leaves, strays })
  if (trouble !== undefined) return unmade([trouble])
  const [first] = strays
  // A single value has no others beside it that could be reported.
  if (first !== undefined && (foreign === 'reported' || shape.length === 0)) return unmade([foreignValue(first)])
  if (holdsTexts) {
    const labels = leaves.map((leaf) => (typeof leaf === 'string' ? leaf : ''))
    return made({ kind: 'labels', labels, ...(shape.length === 1 ? {} : { shape }) })
  }
  const data = Float64Array.from(leaves, (leaf) => (leaf === null ? Number.NaN : Number(leaf)))
  return made({ kind: 'numbers', shape, data, ...(strays.length === 0 ? logicalTexts(leaves) : { strays }) })
}

/** What is numbers alone, or null, in lists of equal lengths; undefined for anything else, to be gone through with care. */
function plainNumbers(value: unknown, shape: readonly number[]): Float64Array | undefined {
  const rows = innermost(value, shape)
  if (rows === undefined) return undefined
  const data = new Float64Array(volume(shape))
  let next = 0
  for (const row of rows) {
    for (let i = 0; i < row.length; i += 1) {
      const leaf = row[i]
      if (typeof leaf !== 'number' && leaf !== null) return undefined
      data[next] = leaf ?? Number.NaN
      next += 1
    }
  }
  return data
}

/** The lists of leaves, in order, where all lists have the lengths of the first ones. */
function innermost(value: unknown, shape: readonly number[]): readonly (readonly unknown[])[] | undefined {
  if (shape.length === 0) return [[value]]
  let lists: readonly unknown[] = [value]
  for (const [depth, size] of shape.entries()) {
    if (!lists.every((list) => Array.isArray(list) && list.length === size)) return undefined
    if (depth < shape.length - 1) lists = (lists as readonly (readonly unknown[])[]).flatMap((list) => Array.from(list))
  }
  return lists as readonly (readonly unknown[])[]
}

type Leaf = string | number | boolean | null

/** Whether there are texts and nothing else, but for what is missing. */
function isTexts(value: unknown): boolean {
  let found = false
  const stack: unknown[] = [value]
  while (stack.length > 0) {
    const next = stack.pop()
    if (Array.isArray(next)) for (let i = next.length - 1; i >= 0; i -= 1) stack.push(next[i])
    else if (typeof next === 'string') found = true
    else if (next !== null) return false
  }
  return found
}

/** The words of booleans, which name elements where that is wanted. */
function logicalTexts(leaves: readonly Leaf[]): { readonly texts?: readonly string[] } {
  const some = leaves.some((leaf) => typeof leaf === 'boolean') && leaves.every((leaf) => leaf === null || typeof leaf === 'boolean')
  return some ? { texts: leaves.map((leaf) => (leaf === null ? '' : String(leaf))) } : {}
}

/** Lists nest no deeper than this, whatever the data. */
const deepest = 32

function tooDeep(from: string): Diagnostic {
  return diagnostic('AMP507', `${from} nests lists more than ${deepest} deep.`, { place: from, expected: 'a list for each axis' })
}

interface Flattened {
  readonly path: string
  readonly texts: boolean
  readonly out: Leaf[]
  readonly strays: Stray[]
}

/** Depth of nesting is bounded by the shape, which follows the first elements, so the recursion is too. */
function flatten(value: unknown, shape: readonly number[], into: Flattened): Diagnostic | undefined {
  const [size, ...rest] = shape
  const { path, texts, out, strays } = into
  if (size === undefined) {
    const isLeaf = value === null || typeof value === 'number' || typeof value === 'boolean' || (texts && typeof value === 'string')
    // A list is not a wrong cell, but another nesting.
    if (Array.isArray(value)) return foreignValue({ at: out.length, text: describe(value), place: path })
    if (!isLeaf) strays.push({ at: out.length, text: describe(value), inWords: true, place: path })
    out.push(isLeaf ? (value as Leaf) : null)
    return undefined
  }
  if (!Array.isArray(value)) {
    return diagnostic('AMP507', `${path} is ${describe(value)}, where a list of ${size} is expected.`, {
      place: path,
      expected: `a list of ${size}, like the elements before it`,
    })
  }
  if (value.length !== size) {
    return diagnostic('AMP507', `${path} has ${counted(value.length, 'element')}, the lists before it have ${size}.`, {
      place: path,
      expected: `a list of ${size}`,
    })
  }
  for (let i = 0; i < value.length; i += 1) {
    const trouble = flatten(value[i], rest, { ...into, path: `${path}[${i + 1}]` })
    if (trouble !== undefined) return trouble
  }
  return undefined
}

function foreignValue({ text, place = '' }: Stray): Diagnostic {
  return diagnostic('AMP506', `${place} is ${text}, where a number is expected.`, {
    place,
    expected: 'a number, or null for a missing value',
  })
}

/** What a JavaScript value is, in a few words for messages. */
export function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'string') return `the text ${JSON.stringify(value.length > 30 ? `${value.slice(0, 30)}…` : value)}`
  if (typeof value === 'object') return 'an object'
  return String(value)
}
