import type { Batch, Bound } from '../bind/bound.ts'
import { UNKNOWN } from '../middle/known-part.ts'
import * as ports from '../middle/ports.ts'
import type { Situation } from '../middle/situation.ts'

/** What was given with the inputs that discrete states have of which a part is known. */
export function withKnownParts(bound: Bound, { inPart }: Situation): Bound {
  const parts = [...inPart].flatMap((name): readonly (readonly [string, Batch])[] => {
    const batch = bound.observed[name]
    return batch === undefined ? [] : [[ports.knownPart(name), { ...batch, data: batch.data.map((v) => (Number.isNaN(v) ? UNKNOWN : v)) }]]
  })
  return parts.length === 0 ? bound : { ...bound, observed: { ...bound.observed, ...Object.fromEntries(parts) } }
}
