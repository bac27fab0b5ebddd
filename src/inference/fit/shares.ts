import type { FitPart } from './part.ts'

/** How sites of a discrete state share out its levels under q, to be changed otherwise than by its best update. */
export interface LevelShares extends FitPart {
  readonly sites: number
  readonly levels: number
  of(site: number, level: number): number
  /** What all sites together take of each level. */
  counts(): Float64Array
  /** All of a site to one level; to none, so that it counts for nothing. */
  put(site: number, level: number | undefined): void
  /** A share of a site, whatever its others are. */
  give(site: number, level: number, share: number): void
  /** Adds what all sites take of one level to another. */
  pour(from: number, to: number): void
  /** The same shares under other numbers: level `order[k]` becomes level k. */
  reorder(order: readonly number[]): void
  /** Works out the energies of all levels, which `assign` reads. */
  weigh(): void
  /** The best q of one site. */
  choose(site: number): void
  /** The best q of one site over these levels alone. */
  assign(site: number, among: readonly number[]): void
}
