import type { Flow } from './flows/flow.ts'
import type { Layout } from './layout.ts'
import type { Resolved } from './options.ts'
import type { PathRecorder } from './path.ts'
import type { StatePoint } from './point.ts'

/** The sweeps over the discrete states of a program. */
export interface Flips {
  readonly values: readonly Float64Array[]
  /**
   * One sweep over every discrete state: how many sites changed, each for a gain of more than `least` nats. `told`: by how much
   * each flip changes the energy, where they flip one after the other.
   */
  sweep(least: number, told?: (change: number) => void): number
  /** Draws every value that may move afresh. */
  redraw(): void
}

export interface Relaxation {
  readonly layout: Layout
  readonly flows: readonly Flow[]
  readonly flips: Flips | undefined
  /** Brings a cue to where states may be (on their sphere, within their bounds); true when that moved it. */
  readonly admit: (point: StatePoint) => boolean
  /** Writes a place close to a point. */
  readonly nudge: (here: StatePoint, x: Float64Array) => void
  readonly options: Resolved
  /** Where the way is written down, if it is. */
  readonly path: PathRecorder | undefined
}
