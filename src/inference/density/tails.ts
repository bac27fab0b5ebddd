import { log } from '../../base/special/logarithm.ts'
import type { LogDensity } from './density.ts'

/** A direction in which a density does not fall off: one coordinate, towards plus or minus infinity. */
export interface OpenTail {
  readonly coordinate: number
  readonly sign: 1 | -1
}

/**
 * Where the tails of a coordinate are looked at, by what it is. A number itself: so far out that even wide densities fall,
 * and faster than 1 / |q|, which has no integral. The logarithm (or logit) of one: where its exponential is still a number;
 * densities fall exponentially there, be it as slowly as gamma(0.001, 0.001).
 */
const tails = {
  line: { near: 1e10, far: 1e15, fall: 1.0001 * log(1e5) },
  logarithm: { near: 50, far: 300, fall: 0.01 },
} as const

/** What a coordinate is; undefined if its tails are not to be looked at. */
export type CoordinateKind = keyof typeof tails | undefined

/**
 * Coordinates along which the density, all others held at `q`, has no finite integral as far as its values far out tell:
 * between two places there it does not fall as it would have to. Of a density that can be normalised almost every such
 * line has a finite integral (Fubini), so one that has none tells that the density cannot be. Looks at up to `most`
 * coordinates, evenly spread.
 */
export function openTails(
  density: LogDensity,
  q: Float64Array,
  kindOf: (coordinate: number) => CoordinateKind = () => 'line',
  most = 64,
): readonly OpenTail[] {
  const at = Float64Array.from(q)
  const gradient = new Float64Array(density.dimension)
  const valueAt = (i: number, offset: number): number => {
    at[i] = (q[i] as number) + offset
    const value = density.evaluate(at, gradient)
    at[i] = q[i] as number
    return value
  }
  const every = Math.max(1, Math.ceil(density.dimension / most))
  const open: OpenTail[] = []
  for (let coordinate = 0; coordinate < density.dimension; coordinate += every) {
    const kind = kindOf(coordinate)
    if (kind === undefined) continue
    const { near, far, fall } = tails[kind]
    for (const sign of [1, -1] as const) {
      if (fallsLess(valueAt(coordinate, sign * near), valueAt(coordinate, sign * far), fall)) open.push({ coordinate, sign })
    }
  }
  return open
}

/** Whether it surely falls by less than `fall`. What is not finite, or lost in the rounding of large numbers, says nothing. */
function fallsLess(here: number, beyond: number, fall: number): boolean {
  const rounding = 8 * Number.EPSILON * Math.max(Math.abs(here), Math.abs(beyond))
  return Number.isFinite(rounding) && here - beyond + rounding < fall
}
