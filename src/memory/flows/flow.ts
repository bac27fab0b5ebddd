import type { RetrievalOutcome } from '../outcome.ts'
import type { StatePoint } from '../point.ts'

/**
 * A way to go downhill over the continuous states. `step` starts at `here` (looked at already) and asks about other
 * points by yielding them: whoever drives it fills them in, one at a time or many cues at once.
 */
export interface Flow {
  readonly name: FlowName
  step(here: StatePoint, next: StatePoint): Generator<StatePoint, Stride, void>
}

/** Steps made for energies of some kinds, which may find that another kind of step has to go on. */
export type FirstFlow = 'fixed-point' | 'mirror' | 'exact' | 'proximal'
export type FlowName = FirstFlow | `${FirstFlow}, then quasi-newton` | 'gradient' | 'quasi-newton' | 'ode' | 'layers' | 'langevin'

export type Stride =
  /** `next` is the new place, looked at. `time` is what passed, for flows in time. */
  | { readonly kind: 'moved'; readonly time?: number }
  /** `here` is a fixed point of the flow; `kink` says where one holds it there, if so. */
  | { readonly kind: 'settled'; readonly kink?: string }
  | { readonly kind: 'ended'; readonly outcome: RetrievalOutcome }

export const moved: Stride = { kind: 'moved' }
export const settled: Stride = { kind: 'settled' }

export type Attempt = Stride | { readonly kind: 'declined' }
export const declined: Attempt = { kind: 'declined' }

/** What moves some states until another flow moves all of them together. */
export interface FirstSteps {
  readonly name: FirstFlow | 'quasi-newton'
  step(here: StatePoint, next: StatePoint): Generator<StatePoint, Attempt, void>
}
