import type { FlipOptions } from './flows/flip.ts'
import type { Noise } from './flows/langevin.ts'
import type { Precision } from './point.ts'

export interface RetrieveOptions {
  /** Joint steps of all states (a sweep over discrete ones counts as one, or as part of one). Default 10000. */
  readonly maxSteps?: number
  /** Relative change of a coordinate, or drive of a neuron relative to 1 + |v|, that counts as rest. Default 1e-8 (1e-4 in single precision). */
  readonly tolerance?: number
  /**
   * - `auto`: neurons in time, everything else by the fixed-point step where its curvature is known for all of it (and
   *   by quasi-Newton steps when that takes long), by quasi-Newton steps otherwise;
   * - `fixed-point`, `gradient`, `quasi-newton`: these, for all states but neurons;
   * - `ode`: all continuous states together in time.
   */
  readonly flow?: 'auto' | 'fixed-point' | 'gradient' | 'quasi-newton' | 'ode'
  /** Coordinates that do not move, by state: 1 (or true) where clamped; over the coordinates, in layout order. */
  readonly clamp?: Readonly<Record<string, ArrayLike<number | boolean>>>
  /**
   * Whether a place of rest is nudged, to tell a minimum from a saddle, and left if it is none: for starts that nobody chose, which
   * may be symmetric. A cue that rests where it is always is. Default false.
   */
  readonly probe?: boolean
  /** For discrete states. Default asynchronous, in order. */
  readonly update?: FlipOptions['update']
  readonly order?: FlipOptions['order']
  readonly seed?: number
  /** Fixed step in time for neurons, one layer after the other; dt = tau gives the discrete update. */
  readonly dt?: number
  /** Where flows in time stop. Default: when at rest. */
  readonly maxTime?: number
  /** Error allowed in one adaptive step in time, relative to 1 + |x|. Default 1e-6. */
  readonly accuracy?: number
  /** The longest adaptive step in time. */
  readonly longestStep?: number
  /** A noisy medium: steps with noise, until the step limit. */
  readonly noise?: Noise
  /** Called at the cue and after every step; the arrays are views that change: copy what is kept. */
  readonly observe?: (moment: Moment) => void
}

export interface Moment {
  readonly step: number
  readonly time: number
  /** Nats. */
  readonly energy: number
  /** Flat coordinates of the continuous states, in the program's order. */
  readonly x: Float64Array
  /** Values of the discrete states, in the program's order. */
  readonly discrete: readonly Float64Array[]
}

export type Resolved = Required<Omit<RetrieveOptions, 'dt' | 'noise' | 'observe'>> & Pick<RetrieveOptions, 'dt' | 'noise' | 'observe'>

export function resolve(options: RetrieveOptions, precision: Precision): Resolved {
  return {
    maxSteps: 10_000,
    tolerance: precision === 'double' ? 1e-8 : 1e-4,
    flow: 'auto',
    clamp: {},
    probe: false,
    update: 'asynchronous',
    order: 'in order',
    seed: 0,
    maxTime: Infinity,
    accuracy: 1e-6,
    longestStep: Infinity,
    ...options,
  }
}
