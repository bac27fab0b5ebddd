import { must } from '../base/internal-error.ts'
import { GraphBuilder } from '../ir/builder.ts'
import { evaluate } from '../ir/evaluate.ts'
import { maths } from '../ir/maths.ts'
import { crossing, invertDiscrete } from './distribution.ts'
import { withLimits } from './limits.ts'
import { isWhole, massesOf } from './masses.ts'
import type { FamilyRule } from './rule.ts'
import { type FamilyName, signatures } from './tables/signatures.ts'

/** The x in [lower, upper] below which the share `p` of that interval's probability lies; NaN where it holds none. */
export type TruncatedQuantile = (p: number, args: readonly number[], lower: number, upper: number) => number

/**
 * The quantile function of a truncated family. Where the interval holds little of the probability its distribution
 * function is taken from the logs of masses, so that an interval far out in a tail is as good as any.
 */
export function truncatedQuantile(family: FamilyName, rule: FamilyRule): TruncatedQuantile {
  const { cdf, quantile, logMass } = rule
  const byMass = quantileByMass(family, rule)
  return (p, args, lower, upper) => {
    // Of angles they are those of one turn, and the range may be another.
    if (cdf !== undefined && quantile !== undefined && logMass === undefined) {
      const from = cdf(isWhole(family) ? Math.ceil(lower) - 1 : lower, args)
      const mass = cdf(upper, args) - from
      if (mass > 1e-4) return Math.min(upper, Math.max(lower, quantile(from + mass * p, args)))
    }
    return byMass(p, args, lower, upper)
  }
}

function quantileByMass(family: FamilyName, rule: FamilyRule): TruncatedQuantile {
  const logMass = numericMass(family, rule)
  return (p, args, lower, upper) => {
    const total = logMass(args, lower, upper)
    if (!(total > Number.NEGATIVE_INFINITY)) return Number.NaN
    const share = (from: number, to: number): number => Math.exp(logMass(args, from, to) - total)
    if (isWhole(family)) {
      const start = Math.max(0, Math.ceil(lower))
      return start + invertDiscrete((k) => share(start, start + k), p, Math.floor(upper) - start)
    }
    // From the end that is there, so that distances from it keep their digits.
    if (lower > Number.NEGATIVE_INFINITY) return Math.min(upper, lower + crossing((d) => share(lower, lower + d) >= p, 0, upper - lower))
    return upper - crossing((d) => share(upper - d, upper) >= 1 - p, 0, upper - lower)
  }
}

/** log P(lower <= X <= upper), by numbers. */
function numericMass(family: FamilyName, rule: FamilyRule): (args: readonly number[], lower: number, upper: number) => number {
  let graph: ReturnType<GraphBuilder['finish']> | undefined
  const whole = withLimits(rule, signatures[family].parameters)
  const write = (parameters: number): ReturnType<GraphBuilder['finish']> => {
    const builder = new GraphBuilder()
    const args = Array.from({ length: parameters }, (_, i) => builder.input(`a${i}`, []))
    const ends = { lower: builder.input('lower', []), upper: builder.input('upper', []) }
    builder.output('mass', must(massesOf(maths(builder), family, whole, args), `masses of ${family}`).between(ends))
    return builder.finish()
  }
  return (args, lower, upper) => {
    graph ??= write(args.length)
    const inputs = Object.fromEntries([...args.map((a, i) => [`a${i}`, a] as const), ['lower', lower] as const, ['upper', upper] as const])
    const values = Object.fromEntries(graph.inputs.map(({ name }) => [name, Float64Array.of(inputs[name] as number)]))
    return must(evaluate(graph, {}, values).mass, 'mass')[0] as number
  }
}
