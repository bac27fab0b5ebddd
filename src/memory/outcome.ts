/** How a retrieval ended, with a sentence for the user. */
export interface RetrievalOutcome {
  readonly kind: OutcomeKind
  readonly sentence: string
}

export type OutcomeKind =
  /** At a fixed point: nothing that may move would move by more than the tolerance. */
  | 'converged'
  /** At rest where the energy has a kink: 0 is among its subgradients, though a slope on one side is not. */
  | 'at a kink'
  /** Still moving when the steps (or the time) ran out. */
  | 'step limit'
  /** The energy falls without bound, or a coordinate grows without bound while it falls. */
  | 'unbounded'
  /** A term of the energy or a gradient stopped being a number. */
  | 'not finite'
  /** Synchronous updates came back to a state they had left. */
  | 'cycle'
  /** Not a fixed point, and yet no step lowers the energy: a flow that does not descend, or steps that lead nowhere. */
  | 'stuck'

/** Whether nothing that may move would go on moving. */
export const isAtRest = ({ kind }: RetrievalOutcome): boolean => kind === 'converged' || kind === 'at a kink'

export const outcome = (kind: OutcomeKind, sentence: string): RetrievalOutcome => ({ kind, sentence })

/** `1 step`, `2 steps`. */
export const stepsInWords = (steps: number): string => `${steps} ${steps === 1 ? 'step' : 'steps'}`

/** A number as it appears in a sentence. */
export const shown = (value: number): string => String(Number(value.toPrecision(4)))

/** No step from here works out: because what lies there is no number, or because nothing is lower (`why`). */
export function blocked(
  next: { readonly fault: string | undefined },
  why: string,
): { readonly kind: 'ended'; readonly outcome: RetrievalOutcome } {
  if (next.fault === undefined) return { kind: 'ended', outcome: outcome('stuck', why) }
  return { kind: 'ended', outcome: outcome('not finite', `However short the step, ${next.fault}.`) }
}
