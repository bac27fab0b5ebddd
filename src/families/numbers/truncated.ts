import { must } from '../../base/internal-error.ts'
import { exp } from '../../base/special/exponential.ts'
import { massesAtEnds } from '../formulas/limits.ts'
import { massesOf } from '../formulas/masses.ts'
import { isWhole } from '../parts/support.ts'
import { distributions } from '../tables/distributions.ts'
import { limits } from '../tables/limits.ts'
import { masses } from '../tables/masses.ts'
import { type FamilyName, signatures } from '../tables/signatures.ts'
import { onNumbers } from './formulas.ts'
import { crossing, invertDiscrete } from './invert.ts'

/** The x in [lower, upper] below which the share `p` of that interval's probability lies; NaN where it holds none. */
export type TruncatedQuantile = (p: number, args: readonly number[], lower: number, upper: number) => number

/**
 * The quantile function of a truncated family. Where the interval holds little of the probability its distribution
 * function is taken from the logs of masses, so that an interval far out in a tail is as good as any.
 */
export function truncatedQuantile(family: FamilyName): TruncatedQuantile {
  const { support } = signatures[family]
  const { cdf, quantile } = must(distributions[family], `distribution function of ${family}`)
  const ofTurns = 'between' in massesFor(family)
  const byMass = quantileByMass(family)
  return (p, args, lower, upper) => {
    // Of angles they are those of one turn, and the range may be another.
    if (!ofTurns) {
      const from = cdf(isWhole(support) ? Math.ceil(lower) - 1 : lower, args)
      const mass = cdf(upper, args) - from
      if (mass > 1e-4) return Math.min(upper, Math.max(lower, quantile(from + mass * p, args)))
    }
    return byMass(p, args, lower, upper)
  }
}

function quantileByMass(family: FamilyName): TruncatedQuantile {
  const whole = isWhole(signatures[family].support)
  const logMass = numericMass(family)
  return (p, args, lower, upper) => {
    const total = logMass(args, lower, upper)
    if (!(total > Number.NEGATIVE_INFINITY)) return Number.NaN
    const share = (from: number, to: number): number => exp(logMass(args, from, to) - total)
    if (whole) {
      const start = Math.max(0, Math.ceil(lower))
      return start + invertDiscrete((k) => share(start, start + k), p, Math.floor(upper) - start)
    }
    // From the end that is there, so that distances from it keep their digits.
    if (lower > Number.NEGATIVE_INFINITY) return Math.min(upper, lower + crossing((d) => share(lower, lower + d) >= p, 0, upper - lower))
    return upper - crossing((d) => share(upper - d, upper) >= 1 - p, 0, upper - lower)
  }
}

/** log P(lower <= X <= upper), by numbers. */
function numericMass(family: FamilyName): (args: readonly number[], lower: number, upper: number) => number {
  const { parameters, support } = signatures[family]
  const whole = massesAtEnds(massesFor(family), limits[family], parameters)
  return (args, lower, upper) => massesOf(onNumbers, support, whole, args).between({ lower, upper })
}

function massesFor(family: FamilyName) {
  return must(masses[family], `masses of ${family}`)
}
