import { defaults, type OptionsOf } from '../middle/options.ts'
import type { LangevinNoise } from './flows/langevin.ts'
import type { Precision } from './point.ts'

/** The rows of `middle/option-rows.ts`, and what a program hands over besides. */
export interface RelaxOptions extends Omit<OptionsOf<'retrieve', 'run'>, 'temperature'> {
  /** Coordinates that do not move, by state: 1 (or true) where clamped; over the coordinates, in layout order. */
  readonly clamp?: Readonly<Record<string, ArrayLike<number | boolean>>>
  readonly noise?: LangevinNoise
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

export type Resolved = Required<Omit<RelaxOptions, Unset>> & Pick<RelaxOptions, Unset>

/** Options that are nothing unless they are given. */
type Unset = 'dt' | 'step' | 'noise' | 'observe'

export function resolve(options: RelaxOptions, precision: Precision): Resolved {
  const { maxSteps, flow, update, order, seed, maxTime, accuracy, longestStep } = defaults
  const tolerance = precision === 'double' ? defaults.tolerance : SINGLE
  return { maxSteps, tolerance, flow, clamp: {}, probe: false, update, order, seed, maxTime, accuracy, longestStep, ...options }
}

/** Rest in single precision, in which steps of less are rounding. */
const SINGLE = 1e-4
