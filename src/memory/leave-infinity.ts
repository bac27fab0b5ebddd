import { rounding, type StatePoint } from './point.ts'
import type { Flips, Relaxation } from './relaxation.ts'

/** So many fresh draws of the discrete states are tried, and so many sweeps after each. */
const DRAWS = 200
const SWEEPS = 8

/**
 * Leaves a start of infinite energy, which says nothing of which way is down: to a flip that makes the energy finite, else to
 * values drawn afresh for the discrete states that may move. True where that led somewhere.
 */
export function* leaveInfinity(work: Relaxation, here: StatePoint): Generator<StatePoint, boolean, void> {
  const { flips } = work
  if (flips === undefined || !isInfinite(here)) return false
  for (let draw = 0; draw < DRAWS; draw += 1) {
    yield* sweepDown(flips, here)
    if (!isInfinite(here)) return true
    flips.redraw()
    yield here
    if (!isInfinite(here)) return true
  }
  return false
}

function* sweepDown(flips: Flips, here: StatePoint): Generator<StatePoint, void, void> {
  for (let k = 0; k < SWEEPS && isInfinite(here); k += 1) {
    if (flips.sweep(rounding(here)) === 0) return
    yield here
  }
}

/** Where several terms are infinite their changes may be no numbers. */
function isInfinite({ energy, fault }: StatePoint): boolean {
  return energy === Infinity && fault === undefined
}
