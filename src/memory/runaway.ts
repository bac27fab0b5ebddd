import { isLogarithm, type Layout, type StateBlock } from './layout.ts'
import { outcome, type RetrievalOutcome, shown, stepsInWords } from './outcome.ts'
import type { StatePoint } from './point.ts'

/**
 * Coordinates of constrained states are logarithms of what the user sees: beyond 150 the value is below 1e-65 or above
 * 1e65, and squares of it are about to leave double precision.
 */
const LOGARITHM = 150
/** Reals count as growing without bound when they are this many times larger than the cue (or 1). */
const FACTOR = 1e15

/** A gain beside the size of the energy that is no rounding. */
const VISIBLE = 1e-9

/** What to do about an energy without a least value. */
export const remedy = 'A term that grows faster would bound it, and so would a sphere (a state of type unit[axis]).'

/** Whether the energy fell without bound on the way here. */
export function runaway(
  layout: Layout,
  here: StatePoint,
  size: number,
  trace: readonly number[],
  step: number,
): RetrievalOutcome | undefined {
  if (!(here.energy < (trace[0] as number))) return undefined
  const gone = layout.blocks.find((block) => fallsAway(here, block, limitOf(block, size)))
  if (gone === undefined) return undefined
  const fall = shown((trace[0] as number) - here.energy)
  const how = isLogarithm(gone.state) ? 'its value runs to the edge of its support.' : `it grows without bound. ${remedy}`
  return outcome('unbounded', `The energy falls without bound (by ${fall} nats in ${stepsInWords(step)}) along ${gone.state.name}: ${how}`)
}

export function magnitude(x: Float64Array): number {
  let most = 0
  for (const value of x) most = Math.max(most, Math.abs(value))
  return most
}

function limitOf(block: StateBlock, size: number): number {
  return isLogarithm(block.state) ? Math.max(LOGARITHM, 2 * size) : FACTOR * (1 + size)
}

/**
 * Whether a coordinate beyond the limit still goes downhill outwards: going as far again would gain what can be seen. At the
 * edge of a support where the energy is level it does not: a probability of 0 is a place like any other.
 */
function fallsAway(here: StatePoint, { offset, length }: StateBlock, limit: number): boolean {
  for (let i = offset; i < offset + length; i += 1) {
    const x = here.x[i] as number
    if (Math.abs(x) > limit && -(here.gradient[i] as number) * x > VISIBLE * Math.max(1, here.scale)) return true
  }
  return false
}
