/** How a piece of sampling ended: plain data, with a sentence for the user where it is not what was asked for. */
export type ChainOutcome =
  | { readonly kind: 'finished' }
  /** Asked to stop: what was drawn until then is kept. */
  | { readonly kind: 'interrupted'; readonly sentence: string }
  | ChainFailure

export interface ChainFailure {
  readonly kind: 'failed'
  readonly sentence: string
  /** The term of the energy that is to blame, and its value in nats, where that is known. */
  readonly term?: string
  readonly value?: number
  /** All coordinates at which that was found. */
  readonly at?: readonly number[]
}
