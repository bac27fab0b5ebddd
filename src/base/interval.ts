/** Where numbers lie. `zero`: whether one of them may be exactly 0. A constant has `low === high`. */
export interface Interval {
  readonly low: number
  readonly high: number
  readonly zero: boolean
}

export const anywhere: Interval = { low: -Infinity, high: Infinity, zero: true }
export const aboveZero: Interval = { low: 0, high: Infinity, zero: false }
export const fromZero: Interval = { low: 0, high: Infinity, zero: true }
export const fraction: Interval = { low: 0, high: 1, zero: true }

export function between(low: number, high: number): Interval {
  return { low, high, zero: low <= 0 && high >= 0 }
}
