import type { Stream } from '../../src/base/random.ts'
import { densityAtEnds, massesAtEnds } from '../../src/families/formulas/limits.ts'
import type { Density } from '../../src/families/parts/density.ts'
import type { Distribution } from '../../src/families/parts/distribution.ts'
import type { Limits } from '../../src/families/parts/limits.ts'
import type { IntervalMasses, TailMasses } from '../../src/families/parts/masses.ts'
import type { AxisMoments, NumberMoments } from '../../src/families/parts/moments.ts'
import type { Parameter } from '../../src/families/parts/signature.ts'
import { densities } from '../../src/families/tables/densities.ts'
import { distributions } from '../../src/families/tables/distributions.ts'
import { draws } from '../../src/families/tables/draws.ts'
import { limits } from '../../src/families/tables/limits.ts'
import { masses } from '../../src/families/tables/masses.ts'
import { arrayMoments, numberMoments } from '../../src/families/tables/moments.ts'
import { type FamilyName, signatures } from '../../src/families/tables/signatures.ts'

/** All parts of one family, those that families of its kind lack left out. */
export interface FamilyRule extends Density, Partial<Distribution>, Partial<NumberMoments>, Partial<AxisMoments>, Partial<TailMasses> {
  readonly limits?: Limits
  readonly logMass?: IntervalMasses['between']
  sample?(stream: Stream, args: readonly number[]): number
  sampleElement?(stream: Stream, args: readonly Float64Array[], levels: number): number
  sampleVector?(stream: Stream, args: readonly Float64Array[], size: number): Float64Array
  sampleMatrix?(stream: Stream, args: readonly Float64Array[], rows: number, columns: number): Float64Array
}

function ruleOf(name: FamilyName): FamilyRule {
  const [mass, draw, own] = [masses[name], draws[name], limits[name]]
  const moments = { ...numberMoments, ...arrayMoments } as { readonly [K in FamilyName]?: NumberMoments | AxisMoments }
  return {
    ...densities[name],
    ...(own && { limits: own }),
    ...(mass && 'tails' in mass ? mass : {}),
    ...(mass && 'between' in mass ? { logMass: mass.between } : {}),
    ...distributions[name],
    ...moments[name],
    ...('number' in draw && { sample: draw.number }),
    ...('element' in draw && { sampleElement: draw.element }),
    ...('vector' in draw && {
      sampleVector: (stream: Stream, args: readonly Float64Array[], size: number) => draw.vector(stream, args, size, 0),
    }),
    ...('matrix' in draw && { sampleMatrix: draw.matrix }),
  }
}

export const familyRules = Object.fromEntries((Object.keys(signatures) as FamilyName[]).map((name) => [name, ruleOf(name)])) as Readonly<
  Record<FamilyName, FamilyRule>
>

/** A family at the ends of its parameters too. */
export function withLimits(rule: FamilyRule, parameters: readonly (Parameter | undefined)[]): FamilyRule {
  const { tails } = rule
  return {
    ...rule,
    ...densityAtEnds(rule, rule.limits, parameters),
    ...(tails && massesAtEnds({ tails }, rule.limits, parameters)),
  }
}
