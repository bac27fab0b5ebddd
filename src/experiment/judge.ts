import type { Claim, ClaimBound, Measured } from './experiment.ts'

export type ClaimVerdict = 'holds' | 'misses' | 'left out'

/** Whether a claim passes its line. What is no number passes none. */
export function judge(claim: Claim, measured: Measured | undefined): ClaimVerdict {
  if (measured === undefined) return 'left out'
  const { value, error } = estimateOf(measured)
  return passes(claim, value, error) ? 'holds' : 'misses'
}

function passes({ bound, source }: Claim, value: number, error: number | undefined): boolean {
  if (!('standardErrors' in bound)) return value >= (bound.least ?? -Infinity) && value <= (bound.most ?? Infinity)
  return source !== undefined && error !== undefined && Math.abs(value - source) <= bound.standardErrors * error
}

/** What was measured, with its standard error where it has one. */
export function estimateOf(measured: Measured): { readonly value: number; readonly error?: number } {
  return typeof measured === 'number' ? { value: measured } : measured
}

/** A pass line in words; `show` writes numbers. */
export function boundInWords(bound: ClaimBound, show: (value: number) => string): string {
  if ('standardErrors' in bound) return `within ${show(bound.standardErrors)} se`
  const { least, most } = bound
  if (least === undefined) return most === undefined ? 'any' : `<= ${show(most)}`
  return most === undefined ? `>= ${show(least)}` : `${show(least)} to ${show(most)}`
}
