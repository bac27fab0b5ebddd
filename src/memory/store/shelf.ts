import type { Diagnostic } from '../../base/diagnostic.ts'
import type { PatternContent, StoreDocument, StorePart, StoreParts, StorePath } from './document.ts'

/** Where a store lies: in memory, or on disk. All that is known of stores is above it and is the same for both. */
export interface Shelf {
  /** Undefined where no store was begun. As it is now: what is read after it in one go is as it was then. */
  head(): StoreHead | undefined
  value(path: StorePath): StoreParts[StorePart] | undefined
  /** Every value of a part, patterns in the order of their numbers. */
  values<P extends StorePart>(part: P): Iterable<readonly [StorePath, StoreParts[P]]>
  /** The last block that begins at or before a number. */
  blockBefore(number: number): StoreParts['patterns'] | undefined
  content(id: string): PatternContent
  /** Puts the numbers of patterns aside, for a change to refer to, under a new name or one that it has elsewhere. Nobody sees them before. */
  stage(content: PatternContent, id?: string): string
  /** Takes back what was put aside and is not wanted. */
  unstage(ids: readonly string[]): void
  journal(): Iterable<JournalEntry>
  /**
   * All of an update or nothing, with nobody else writing meanwhile. Once it returns, no end of the process loses it.
   * Returns whether there was an update.
   */
  transact(work: (view: ShelfView) => ShelfUpdate | undefined): boolean
  close(): void
}

/** What a change looks at. */
export interface ShelfView {
  readonly head: StoreHead | undefined
  /** The last entry of the journal. */
  last(): JournalEntry | undefined
  /** A document that has at least the values at these paths, and pages for them. */
  part(paths: readonly StorePath[]): StoreDocument
}

export interface ShelfUpdate {
  readonly head: StoreHead
  /** Which values of the document are new or gone. */
  readonly paths: readonly StorePath[]
  readonly document: StoreDocument
  readonly journal: { readonly push: readonly JournalEntry[] } | 'pop' | 'keep'
  /** Contents that nothing refers to any more. */
  readonly dropped: readonly string[]
}

export interface StoreHead {
  readonly about: StoreAbout
  /** The number of the next pattern: none is given twice. */
  readonly next: number
  /** How many changes the journal holds. */
  readonly changes: number
  /** Counts every change and every undoing. */
  readonly version: number
}

/** What a store was begun with. Plain data. */
export interface StoreAbout {
  readonly model: { readonly name: string; readonly text: string }
  /** The version of amp, and the time where it is told. */
  readonly amp: string
  readonly begun?: string
  /** Under which what rules read is drawn where nobody gives it. */
  readonly seed: number
  /** Data and params, which need not be given again. */
  readonly given: readonly KeptGiven[]
}

/** Numbers with a shape, or texts. */
export interface KeptGiven {
  readonly name: string
  readonly shape: readonly number[]
  readonly data?: Float64Array
  readonly texts?: readonly string[]
}

/** One change: what was done, and the patches that did it and that undo it. */
export interface JournalEntry {
  readonly number: number
  readonly action: 'begin' | 'write' | 'forget' | 'decay' | 'discount'
  readonly label?: string
  /** The patterns that it wrote or forgot. */
  readonly first?: number
  readonly count: number
  /** How far posteriors went back toward their priors, from 0 to 1. */
  readonly by?: number
  readonly time?: string
  readonly patches: readonly StorePatch[]
  readonly inverse: readonly StorePatch[]
}

/** One step from a document to another: a patch as immer makes it. Values are whole: a block, a label, a piece of a memory. */
export interface StorePatch {
  readonly op: 'add' | 'replace' | 'remove'
  readonly path: readonly (string | number)[]
  readonly value?: unknown
}

/**
 * What a shelf throws where its disk fails it: full, read-only, damaged. Nothing of the update is kept then. What opens stores
 * catches it and returns the diagnostic. Known by its name, since the shelf on disk comes in a file of its own.
 */
export class ShelfTrouble extends Error {
  override readonly name = 'ShelfTrouble'
  readonly diagnostic: Diagnostic
  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message)
    this.diagnostic = diagnostic
  }
}

export function isShelfTrouble(error: unknown): error is ShelfTrouble {
  return error instanceof Error && error.name === 'ShelfTrouble' && 'diagnostic' in error
}

/** What the work returns, or the trouble of its shelf. */
export function troubled<T>(work: () => T, instead: (trouble: Diagnostic) => T): T {
  try {
    return work()
  } catch (error) {
    if (isShelfTrouble(error)) return instead(error.diagnostic)
    throw error
  }
}
