import { fold, type Key, keyFromSeed } from '../base/random.ts'
import { defaults, type OptionsOf } from '../middle/options.ts'
import type { LangevinNoise } from './flows/langevin.ts'
import type { Precision } from './point.ts'

/** The rows of `middle/option-rows/`, and what a program hands over besides. */
export interface RelaxOptions extends Omit<OptionsOf<'retrieve', 'run'>, 'temperature' | 'starts' | 'anneal' | 'initRadius'> {
  /** Which of several starts it is: what is drawn on the way differs between them. Default 0. */
  readonly start?: number
  /** Coordinates that do not move, by state: 1 (or true) where clamped; over the coordinates, in layout order. */
  readonly clamp?: Readonly<Record<string, ArrayLike<number | boolean>>>
  readonly noise?: LangevinNoise
  readonly observe?: (moment: ObservedMoment) => void
}

export interface ObservedMoment {
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

/** What is drawn on the way is drawn with. */
export function keyOf({ seed, start }: Pick<Resolved, 'seed' | 'start'>): Key {
  return start === 0 ? keyFromSeed(seed) : fold(keyFromSeed(seed), `start ${start}`)
}

export function resolve(options: RelaxOptions, precision: Precision): Resolved {
  const { maxSteps, flow, update, order, seed, maxTime, accuracy, longestStep, trace } = defaults
  const tolerance = precision === 'double' ? defaults.tolerance : SINGLE
  return {
    maxSteps,
    tolerance,
    flow,
    clamp: {},
    probe: false,
    update,
    order,
    seed,
    maxTime,
    accuracy,
    longestStep,
    trace,
    start: 0,
    ...options,
  }
}

/** Rest in single precision, in which steps of less are rounding. */
const SINGLE = 1e-4
