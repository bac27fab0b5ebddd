/** How a simulation ended. */
export type SimulationOutcome =
  | { readonly kind: 'ended'; readonly time: number; readonly sentence: string }
  /** The solution leaves every bound, or a rate is no number. */
  | { readonly kind: 'not finite'; readonly time: number; readonly sentence: string }
  /** No step is short enough for the errors that are allowed. */
  | { readonly kind: 'stuck'; readonly time: number; readonly sentence: string }
  | { readonly kind: 'endless jumps'; readonly time: number; readonly sentence: string }
  /** Some value is none of its type. */
  | { readonly kind: 'outside'; readonly time: number; readonly sentence: string }

export const endings = {
  ended: (t: number): SimulationOutcome => ({ kind: 'ended', time: t, sentence: `It ended at t = ${shown(t)}.` }),
  notFinite: (t: number, name: string): SimulationOutcome => ({
    kind: 'not finite',
    time: t,
    sentence: `It stopped at t = ${shown(t)}, where "${name}" is not finite any more.`,
  }),
  stuck: (t: number): SimulationOutcome => ({
    kind: 'stuck',
    time: t,
    sentence: `It stopped at t = ${shown(t)}: no step is short enough for the errors allowed (--accuracy). The flow may jump there, or leave every bound.`,
  }),
  endless: (t: number, count: number): SimulationOutcome => ({
    kind: 'endless jumps',
    time: t,
    sentence: `It stopped at t = ${shown(t)}, where jumps do not end: ${count} have happened, the last ones closer and closer to each other or all at once.`,
  }),
}

export function shown(value: number): string {
  return String(Number(value.toPrecision(6)))
}
