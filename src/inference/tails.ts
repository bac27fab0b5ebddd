import type { LogDensity } from './density.ts'

/** A direction in which a density does not fall off: one coordinate, towards plus or minus infinity. */
export interface OpenTail {
  readonly coordinate: number
  readonly sign: 1 | -1
}

/** Two distances, far out as models go and far apart: between them 1 / |q| falls by a factor of a thousand. */
const near = 1e5
const far = 1e8

/** What the log density has to fall by between the two, nats: a little more than 1 / |q| does, which has no integral. */
const leastFall = 1.0001 * Math.log(far / near)

/**
 * Coordinates along which the density, all others held at `q`, has no finite integral as far as its values far out tell:
 * between 1e5 and 1e8 away it falls no faster than 1 / |q|. Of a density that can be normalised almost every such line has
 * a finite integral (Fubini), so one that has none tells that the density cannot be. Looks at up to `most` coordinates,
 * evenly spread.
 */
export function openTails(density: LogDensity, q: Float64Array, most = 64): readonly OpenTail[] {
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
    for (const sign of [1, -1] as const) {
      if (isOpen(valueAt(coordinate, sign * near), valueAt(coordinate, sign * far))) open.push({ coordinate, sign })
    }
  }
  return open
}

/** No density at all far out is a closed tail; a value that is no number, or too large to show such a fall, says nothing. */
function isOpen(here: number, beyond: number): boolean {
  if (Number.isNaN(here) || Number.isNaN(beyond) || beyond === Number.NEGATIVE_INFINITY) return false
  if (Math.abs(here) * Number.EPSILON > leastFall) return false
  return beyond === Number.POSITIVE_INFINITY || here - beyond < leastFall
}
