import { whole } from './whole.ts'
import { type WideResult, wide } from './wide.ts'

/** Every measurement of many cues at once, made when asked for. */
export const retrievals: readonly { readonly name: string; measure(): Promise<WideResult> }[] = [
  { name: 'wide retrieval, small', measure: () => wide(64, 1000, 196) },
  { name: 'wide retrieval', measure: () => wide(256, 10_000, 784) },
  { name: 'whole retrieval', measure: () => whole(256, 10_000, 784) },
]
