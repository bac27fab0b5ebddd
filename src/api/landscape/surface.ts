import { must } from '../../base/internal-error.ts'
import type { OpenEnergy } from '../../run/energy.ts'
import type { MovingNumbers } from './coordinates.ts'
import { type Plane, type PlanePoint, pointOn } from './plane.ts'
import type { SlopeAt } from './rest.ts'

/** The energy, at places of the plane and at points among all numbers that move; infinite where there is none. */
export interface OnPlane {
  energy(at: PlanePoint): number
  energyOf(point: Float64Array): number
  readonly slope: SlopeAt
  slopeOn(at: Float64Array): Float64Array | undefined
}

export function openPlane(rows: OpenEnergy, { moving, observed }: MovingNumbers, plane: Plane): OnPlane {
  const values: Record<string, Float64Array> = Object.fromEntries(Object.entries(observed).map(([name, data]) => [name, data.slice()]))
  const point = new Float64Array(moving.length)
  const all = new Float64Array(moving.length)
  const on = new Float64Array(2)
  const atPoint = (x: Float64Array): ReturnType<OpenEnergy['at']>['value'] => {
    for (const [i, { state, element, lower, upper }] of moving.entries()) {
      const v = must(x[i], 'number')
      if (!(v >= lower && v <= upper)) return undefined
      must(values[state], 'state')[element] = v
    }
    return rows.at(values).value
  }
  const slope: SlopeAt = (x) => {
    const found = atPoint(x)
    if (found === undefined || !Number.isFinite(found.energy)) return undefined
    for (const [i, { state, element }] of moving.entries()) all[i] = found.gradient[state]?.data[element] ?? Number.NaN
    return all.every(Number.isFinite) ? all : undefined
  }
  return {
    energy: (at) => atPoint(pointOn(plane, at, point))?.energy ?? Number.POSITIVE_INFINITY,
    energyOf: (x) => atPoint(x)?.energy ?? Number.POSITIVE_INFINITY,
    slope,
    slopeOn: (at) => {
      const g = slope(pointOn(plane, [must(at[0], 'u'), must(at[1], 'v')], point))
      if (g === undefined) return undefined
      on[0] = g.reduce((sum, x, i) => sum + x * must(plane.first[i], 'first'), 0)
      on[1] = g.reduce((sum, x, i) => sum + x * must(plane.second[i], 'second'), 0)
      return on
    },
  }
}
