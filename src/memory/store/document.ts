/**
 * What a store holds besides the numbers of its patterns, as plain data: values by part, page and key. Pages keep a change
 * small: it copies the page that it touches, and its patch is the one value that is new.
 */
export type StoreDocument = { readonly [P in keyof StoreParts]: Readonly<Record<string, Readonly<Record<string, StoreParts[P]>>>> }

export interface StoreParts {
  /** Patterns that were written together, by the number of the first. */
  readonly patterns: PatternBlock
  /** Patterns that were forgotten, by their numbers. */
  readonly gone: true
  /** Numbers of the patterns of a label. */
  readonly labels: PatternRange
  /** Memories of constant size: a page each, with so many numbers a value (`PIECE`). */
  readonly numbers: Float64Array
  /** Sizes of axes that no write changes, and what their elements are called. */
  readonly sizes: number
  readonly names: readonly string[]
  /** What rules read besides patterns and memories. */
  readonly constants: ConstantFact
}

/** By what a value is known again: its numbers to the bit, one number itself, and the seed under which it was drawn, if it was. */
export interface ConstantFact {
  readonly shape: readonly number[]
  readonly digest: string
  readonly number?: number
  readonly seed?: number
}

export interface PatternRange {
  readonly first: number
  readonly count: number
}

/** Patterns `first`, `first + 1`, ...; `content` is where their numbers are. */
export interface PatternBlock extends PatternRange {
  /** Absent where patterns leave no numbers of their own. */
  readonly content?: string
}

/** The numbers of a block, one pattern after the other: what it appended, and what it was written from where that is kept. */
export interface PatternContent {
  readonly rows: Readonly<Record<string, Float64Array>>
  readonly written: Readonly<Record<string, Float64Array>>
}

export type StorePart = keyof StoreParts

/** Where a value stands: part, page, key. */
export type StorePath = readonly [StorePart, string, string]

export const emptyDocument: StoreDocument = { patterns: {}, gone: {}, labels: {}, numbers: {}, sizes: {}, names: {}, constants: {} }

/** So many numbers of a memory of constant size are replaced together. */
export const PIECE = 512

/** So many numbers fit on one page of patterns. */
const PAGE = 1024

export const patternPath = (part: 'patterns' | 'gone', number: number): StorePath => [
  part,
  String(Math.floor(number / PAGE)),
  String(number),
]
export const labelPath = (label: string): StorePath => ['labels', String(hashed(label) % 256), label]
export const piecePath = (memory: string, piece: number): StorePath => ['numbers', memory, String(piece)]
export const plainPath = (part: 'sizes' | 'names' | 'constants', name: string): StorePath => [part, 'all', name]

/** FNV-1a, over UTF-16 units. */
function hashed(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** The value at a path, if there is one. */
export function valueAt(document: StoreDocument, [part, page, key]: StorePath): StoreParts[StorePart] | undefined {
  const values = document[part][page]
  return values !== undefined && Object.hasOwn(values, key) ? values[key] : undefined
}

/** Where the numbers of the blocks at some paths are. */
export function contentsAt(document: StoreDocument, paths: readonly StorePath[]): readonly string[] {
  return paths.flatMap((path) => {
    const block = path[0] === 'patterns' ? (valueAt(document, path) as PatternBlock | undefined) : undefined
    return block?.content ?? []
  })
}

/** The same with a page wherever a path leads, so that patches are about values alone. */
export function withPages(document: StoreDocument, paths: readonly StorePath[]): StoreDocument {
  const added: { [P in StorePart]?: Record<string, Record<string, never>> } = {}
  for (const [part, page] of paths) if (document[part][page] === undefined) added[part] = { ...added[part], [page]: {} }
  const parts = Object.entries(added) as readonly (readonly [StorePart, Record<string, Record<string, never>>])[]
  if (parts.length === 0) return document
  return { ...document, ...Object.fromEntries(parts.map(([part, pages]) => [part, { ...document[part], ...pages }])) }
}

/** Every value of a part in the order of its keys, page by page. */
export function* valuesOf<P extends StorePart>(document: StoreDocument, part: P): Generator<readonly [StorePath, StoreParts[P]]> {
  for (const [page, values] of Object.entries(document[part]))
    for (const [key, value] of Object.entries(values)) yield [[part, page, key], value as StoreParts[P]]
}
