import type { Sampler } from './sampler.ts'

/**
 * A group of variables and a way to move them given everything else, which it reads where the others keep it. By itself it
 * is a sampler; a `schedule` makes one of several.
 */
export interface Block extends Sampler {
  /** The variables that it moves. */
  readonly moves: readonly string[]
  /**
   * Puts everything where its present point is and looks at it again: another block moved, or is about to read what this
   * one evaluated last, which may be another point.
   */
  refresh(): void
}
