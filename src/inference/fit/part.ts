import type { Stream } from '../../base/random.ts'

/** A block of q with its buffers: what coordinate ascent does to it, and what is asked of it in the end. */
export interface FitPart {
  readonly names: readonly string[]
  /** The best q of the block given the means of the others, whose means under it are written; else why there is none. */
  update(elbo: () => number): string | undefined
  /** In nats. */
  entropy(): number
  /** A draw to the values of its variables; the log density of it. */
  draw(stream: Stream): number
  /** Instead of means under q, those at the values: all mass at one point. */
  pin(): void
  /** Mean and standard deviation of each number; of probabilities of levels nothing. */
  moments(): readonly PartMoments[]
}

export interface PartMoments {
  readonly name: string
  readonly mean: Float64Array
  readonly sd: Float64Array
}

/** The buffers that blocks share, by name: means that graphs read, and values that are drawn. */
export interface FitBuffers {
  readonly means: ReadonlyMap<string, Float64Array>
  readonly values: ReadonlyMap<string, Float64Array>
  readonly sums: SumsOverRows
}

/** Sums over rows, which are worked out when they are next read. */
export interface SumsOverRows {
  /** Says that means of rows were written. */
  changed(): void
  /** To be called before a graph runs that reads sums. */
  fresh(): void
}
