import type { TreatmentKind } from './situation.ts'

export type ReadingName = 'retrieve' | 'sample' | 'fit' | 'learn' | 'energy' | 'density' | 'evidence' | 'simulate' | 'sweep'

/** How a model is compiled (of `emit`, too), each run (of emitted modules, too), or how it is run in this process alone. */
export type When = 'compiled' | 'run' | 'process'

/** What moves states in a retrieval. */
export type MotionKind = 'flips' | 'flows' | 'flows in time' | 'steps in time' | 'gradient steps'

interface Common {
  readonly of: readonly ReadingName[]
  readonly when: When
  /** The command line's word for it, and what follows. Options without one are a program's alone. */
  readonly flag?: string
  /** What of a retrieval looks at it; where nothing does, giving it is told to have no effect (AMP727). */
  readonly for?: MotionKind
  /** Which methods of a fit look at it; all, unless said. With others, giving it is told to have no effect (AMP727). */
  readonly methods?: readonly string[]
  /** Which samplers look at it; all, unless said. With others, giving it is told to have no effect (AMP727). */
  readonly samplers?: readonly string[]
  /** It is about axes whose elements a process makes. */
  readonly randomAxes?: true
  /** In help and documentation; of a module that is compiled so, where that is something else. */
  readonly does: string
  readonly inModules?: string
}

/** What the values of an option are. Bounds: `from` is allowed, `above` and `below` are not. */
export type ValueKind =
  | { readonly kind: 'number'; readonly from?: number; readonly above?: number; readonly below?: number; readonly default?: number }
  | { readonly kind: 'whole'; readonly from: number; readonly default?: number }
  /** One of these words, each with what it means. */
  | { readonly kind: 'word'; readonly words: Readonly<Record<string, string>>; readonly default: string }
  /** A name of the user's own, or one of several words that its reading knows. */
  | { readonly kind: 'text'; readonly expected: string; readonly default: string }
  /** `treats`: a short way to ask for this treatment of each; the command line keeps the order in which flags of several kinds come. */
  | { readonly kind: 'names'; readonly treats?: TreatmentKind }
  | { readonly kind: 'treatments' }
  | { readonly kind: 'numbers' }
  /** Values by name, to be gone through together, one after the other. */
  | { readonly kind: 'ladders' }
  | { readonly kind: 'switch' }
  /** Functions and values that only a program can hand over: in words, and as TypeScript writes their type. */
  | { readonly kind: 'handed'; readonly what: string; readonly type: string }

export type OptionRow = Common & ValueKind
