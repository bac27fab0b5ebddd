/** When warm-up estimates the metric: draws from `first` on are collected, and each of `ends` closes a window. */
export interface Windows {
  readonly first: number
  /** Iterations (from 0) after which the metric is updated and the estimate starts anew; increasing. */
  readonly ends: readonly number[]
}

export interface WindowSizes {
  readonly initial: number
  readonly terminal: number
  readonly base: number
}

export const stanWindows: WindowSizes = { initial: 75, terminal: 50, base: 25 }

/**
 * Stan's schedule: a buffer in which only the step size moves, windows that double from `base`, and a last buffer for
 * the step size. When they do not fit, 15 % / 75 % / 10 % with one window; below 20 iterations no windows at all.
 */
export function windows(warmup: number, sizes: WindowSizes = stanWindows): Windows {
  if (warmup < 20) return { first: warmup, ends: [] }
  if (sizes.initial + sizes.base + sizes.terminal > warmup) {
    return { first: Math.floor(0.15 * warmup), ends: [warmup - Math.floor(0.1 * warmup) - 1] }
  }
  return { first: sizes.initial, ends: doubling(sizes.initial, warmup - sizes.terminal, sizes.base) }
}

/** Ends of windows of doubling size from `first` to `end` (exclusive), the last stretched to fill the rest. */
function doubling(first: number, end: number, base: number): number[] {
  const last = end - 1
  const ends: number[] = []
  for (let size = base, next = first + base - 1; next < last; size *= 2, next += size) {
    // A window whose successor would not fit is stretched over it (the first one is taken as it comes).
    if (ends.length > 0 && next + 2 * size >= end) break
    ends.push(next)
  }
  return [...ends, last]
}
