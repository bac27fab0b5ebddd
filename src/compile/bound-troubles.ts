import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { Energy, EnergyVariable } from '../middle/energy.ts'
import { readByBounds } from './supports/bounds.ts'

/** Where the variables of a reading stand: what moves smoothly, what jumps or was summed out, and what is given. */
export interface Standing {
  readonly continuous: readonly EnergyVariable[]
  readonly discrete: ReadonlySet<string>
  readonly fixed: readonly EnergyVariable[]
}

/**
 * Bounds are no part of the energy: they are held by the coordinates of the state that has them. So they cannot follow a
 * discrete state, whose jumps would change the support, nor rule out values of a state through one that is given.
 */
export function boundTroubles(energy: Energy, { continuous, discrete, fixed }: Standing): readonly Diagnostic[] {
  const smooth = new Set(continuous.map((v) => v.name))
  const first = (v: EnergyVariable, moves: (name: string) => boolean): string | undefined => readByBounds(energy, v).find(moves)
  return [
    ...continuous.flatMap((v) =>
      followsJumps(
        v,
        first(v, (name) => discrete.has(name)),
      ),
    ),
    ...fixed.flatMap((v) =>
      rulesOut(
        v,
        first(v, (name) => discrete.has(name) || smooth.has(name)),
      ),
    ),
  ]
}

function followsJumps({ name, span }: EnergyVariable, jumping: string | undefined): readonly Diagnostic[] {
  if (jumping === undefined) return []
  return [
    diagnostic('AMP601', `The bounds of "${name}" depend on the discrete state "${jumping}", and cannot jump with it yet.`, {
      span,
      hint: `Observe "${jumping}", or give "${name}" bounds that hold for every value of "${jumping}".`,
    }),
  ]
}

function rulesOut({ name, span }: EnergyVariable, moving: string | undefined): readonly Diagnostic[] {
  if (moving === undefined) return []
  return [
    diagnostic('AMP601', `"${name}" is given, and its bounds depend on "${moving}", which is not: they cannot bound "${moving}" yet.`, {
      span,
      hint: `Observe "${moving}" too, or give "${moving}" the bound.`,
    }),
  ]
}
