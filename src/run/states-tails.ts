import { InternalError, must } from '../base/internal-error.ts'
import { sin } from '../base/special/trigonometric.ts'
import type { LogDensity } from '../inference/density/density.ts'
import { count } from '../inference/density/program-density.ts'
import { freeOf, restrict } from '../inference/density/restrict.ts'
import { type CoordinateKind, openTails } from '../inference/density/tails.ts'
import type { Sizes } from '../ir/graph.ts'
import { boundsOf, isUnbounded } from '../middle/kinds.ts'
import type { SamplingState } from '../middle/program.ts'
import type { ChainStart } from './chain-start.ts'

/** `place` counts the coordinates of the state, row-major over its coordinate axes. */
export interface StateTail {
  readonly state: SamplingState
  readonly place: number
  readonly sign: 1 | -1
  /** Where that is not the temperature that was asked for. */
  readonly temperature?: number
}

/** Coordinates of states along which their density (of all coordinates) has no finite integral. */
export function statesTails(
  states: readonly SamplingState[],
  sizes: Sizes,
  density: LogDensity,
  { restriction, initial }: Pick<ChainStart, 'restriction' | 'initial'>,
): readonly StateTail[] {
  const { around = new Float64Array(0) } = initial
  // Off the centre, where a factor may be 0 and hide what it multiplies.
  const q = around.map((v, i) => v + sin(i + 1) / 2)
  const free = freeOf(restriction.held)
  const place = (coordinate: number) => placeOf(states, sizes, must(free[coordinate], 'free coordinate'))
  const open = openTails(restrict(density, restriction), q, (coordinate) => kindOf(place(coordinate).state))
  return open.map(({ coordinate, sign }) => ({ ...place(coordinate), sign }))
}

/** What the coordinates of a state are; undefined where each depends on others, or stands for several elements. */
function kindOf({ type }: SamplingState): CoordinateKind {
  if (boundsOf(type) === undefined) return undefined
  return isUnbounded(type) ? 'line' : 'logarithm'
}

/** The state that a coordinate is of, and which of its coordinates it is. */
function placeOf(states: readonly SamplingState[], sizes: Sizes, coordinate: number): Omit<StateTail, 'sign'> {
  let place = coordinate
  for (const state of states) {
    const length = count(state.coordinateAxes, sizes)
    if (place < length) return { state, place }
    place -= length
  }
  throw new InternalError(`no coordinate ${coordinate}`)
}
