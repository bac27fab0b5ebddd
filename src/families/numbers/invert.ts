/** The x of [from, to] with cdf(x) = p; `from` is 0 or the start of a support of numbers above it. */
export function invertContinuous(cdf: (x: number) => number, p: number, from = 0, to = Number.POSITIVE_INFINITY): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  return p === 0 ? from : p === 1 ? to : crossing((x) => cdf(x) >= p, from, to)
}

/**
 * Where `past` turns true, by doubling and then bisection to the last digits: geometric while the bracket spans
 * magnitudes, so that 1e-300 is found as fast as 0.3.
 */
export function crossing(past: (x: number) => boolean, from: number, to: number): number {
  let low = from
  let high = to
  if (to === Number.POSITIVE_INFINITY) {
    for (high = Math.max(1, 2 * from); !past(high) && high < 1e308; high *= 2) low = high
  }
  while (high > 1e-307 && high - low > 4e-16 * high) {
    const middle = low === 0 ? high / 16 : high > 4 * low ? Math.sqrt(low) * Math.sqrt(high) : 0.5 * (low + high)
    if (past(middle)) high = middle
    else low = middle
  }
  return high
}

/** The smallest count k with cdf(k) >= p, but for the rounding of the cdf, by doubling and then bisection. */
export function invertDiscrete(cdf: (k: number) => number, p: number, to = Number.POSITIVE_INFINITY): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  if (p === 1) return to
  const enough = (k: number): boolean => cdf(k) >= p * (1 - 1e-14)
  if (enough(0)) return 0
  let low = 0
  let high = 1
  while (high < to && !enough(high)) {
    low = high
    high *= 2
  }
  high = Math.min(high, to)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (enough(middle)) high = middle
    else low = middle
  }
  return high
}

/** P(X <= x) of a family of counts from its values at whole numbers. */
export function atWhole(x: number, cdf: (k: number) => number): number {
  return x < 0 ? 0 : x === Number.POSITIVE_INFINITY ? 1 : cdf(Math.floor(x))
}
