import { must } from '../../base/internal-error.ts'
import type { GivenByRole } from '../../bind/bound.ts'
import { numbers } from '../../bind/given.ts'
import type { Loaded } from '../load.ts'
import type { MovingNumbers } from './coordinates.ts'

/** Values of states as a point. */
export function flat({ moving }: MovingNumbers, states: Readonly<Record<string, { readonly data: ArrayLike<number> }>>): Float64Array {
  return Float64Array.from(moving, ({ state, element }) => states[state]?.data[element] ?? Number.NaN)
}

/** Rows of the first memory that have the shape of the one state that moves. */
export function memoriesOf(
  { energy }: Loaded,
  { fixed }: GivenByRole,
  { states, moving }: MovingNumbers,
): { readonly name: string | undefined; readonly rows: readonly Float64Array[] } {
  const [state, second] = states
  if (state === undefined || second !== undefined) return { name: undefined, rows: [] }
  for (const { name, axes, role } of energy.variables) {
    const own = axes.filter((a) => !state.axes.includes(a))
    const given = fixed.find((item) => item.name === name)?.value
    if (role !== 'memory' || own.length !== 1 || axes.length !== state.axes.length + 1 || own[0] !== axes[0] || given?.kind !== 'numbers')
      continue
    const width = state.shape.reduce((a, b) => a * b, 1)
    const rows = Array.from({ length: given.data.length / width }, (_, k) =>
      Float64Array.from(moving, ({ element }) => must(given.data[k * width + element], 'pattern')),
    )
    return { name, rows }
  }
  return { name: undefined, rows: [] }
}

/** The values at which the states start, one row a place. */
export function startedAt(given: GivenByRole, { states, moving, observed }: MovingNumbers, points: readonly Float64Array[]): GivenByRole {
  const cues = states.map(({ name, shape }) => {
    const width = shape.reduce((a, b) => a * b, 1)
    const data = new Float64Array(width * points.length)
    for (const [k, point] of points.entries()) {
      data.set(observed[name] ?? [], k * width)
      for (const [i, { state, element }] of moving.entries()) if (state === name) data[k * width + element] = must(point[i], 'number')
    }
    return { name, from: `start of ${name}`, value: numbers([points.length, ...shape], data) }
  })
  return { ...given, cues }
}
