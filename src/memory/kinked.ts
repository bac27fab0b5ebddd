import { squared } from '../base/special/pow.ts'
import type { KnownKinks } from './kink-layout.ts'
import type { StatePoint } from './point.ts'

/** On a kink that is known, the smallest subgradient: of the smooth part, as much less as the kink can hold. */
export function slopeAtKinks(kinks: KnownKinks, moves: Uint8Array, point: StatePoint, out: Float64Array): void {
  for (const i of kinks.single) {
    if (moves[i] === 1 && isOnKink(point, i)) out[i] = leaning(point, i, shrunk(point.smooth[i] as number, point.weight[i] as number))
  }
  for (const group of kinks.groups) {
    if (!group.every((i) => isOnKink(point, i))) continue
    let square = 0
    for (const i of group) if (moves[i] === 1) square += squared(point.smooth[i] as number)
    const left = square > 0 ? Math.max(0, 1 - (point.weight[group[0] as number] as number) / Math.sqrt(square)) : 0
    for (const i of group) if (moves[i] === 1) out[i] = left * (point.smooth[i] as number)
  }
}

export const isOnKink = (point: StatePoint, i: number): boolean => (point.weight[i] as number) > 0 && point.x[i] === point.centre[i]

/** A number brought closer to 0 by `by`, at most to 0. */
export const shrunk = (v: number, by: number): number => (v > by ? v - by : v < -by ? v + by : 0)

/** 0 where a slope presses against a bound. */
function leaning(point: StatePoint, i: number, g: number): number {
  const x = point.x[i] as number
  return (g > 0 && x <= (point.lower[i] as number)) || (g < 0 && x >= (point.upper[i] as number)) ? 0 : g
}
