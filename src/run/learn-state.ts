/** How learning ended, with a sentence for the user. */
export interface LearnOutcome {
  readonly kind: 'steps done' | 'converged' | 'stopped' | 'failed'
  readonly sentence: string
}

/** Of each step the loss a pattern before it, the rate, and the length of the slope before it was clipped. */
export interface LearnTrace {
  readonly loss: Float64Array
  readonly rate: Float64Array
  readonly slope: Float64Array
}

/** Where a run is: all that it needs to go on. Which patterns a step has, and what is drawn in it, follow from its number. */
export interface LearnState {
  readonly step: number
  readonly coordinates: Readonly<Record<string, Float64Array>>
  /** What the optimiser remembers. */
  readonly memory: Readonly<Record<string, Float64Array>>
  readonly trace: LearnTrace
}
