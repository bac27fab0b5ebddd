import { must } from '../base/internal-error.ts'
import type { NodeId } from '../ir/graph.ts'
import type { Maths } from '../ir/maths.ts'
import { drawBinomial, drawLogGamma, drawVonMisesFisher } from './draws.ts'
import { guarded, isCount, xlogy } from './guards.ts'
import type { Limit } from './limits.ts'
import { ofDirichlet, ofMultinomial, ofVonMisesFisher } from './moments.ts'
import { type FamilyContext, type FamilyRule, family } from './rule.ts'

function ownAxis(context: FamilyContext): string {
  return must(context.over[0], 'the axis of the family')
}

/** 1 where the condition holds all along the axis. */
function everywhere(m: Maths, axis: string, condition: NodeId): NodeId {
  return m.equal(m.sum([axis], condition), m.builder.size(axis))
}

const at = (values: Float64Array, i: number): number => (values.length === 1 ? values[0] : values[i]) as number

/** How far from 1 the sum of a given simplex may be: data are rarely written with more than seven digits. */
const simplexTolerance = 1e-6

export const dirichlet = family(1, {
  source: 'Stan functions reference, dirichlet: a density of all coordinates but the last',
  logDensity: (m, x, [alpha], context) => {
    const axis = ownAxis(context)
    const one = m.k(1)
    const sumsToOne = m.less_equal(m.abs(m.sub(m.sum([axis], x), one)), m.k(simplexTolerance))
    const inside = m.mul(everywhere(m, axis, m.less_equal(m.k(0), x)), sumsToOne)
    const concentration = m.sub(m.lgamma(m.sum([axis], alpha)), m.sum([axis], m.lgamma(alpha)))
    const logSum = (y: NodeId): NodeId => m.sum([axis], xlogy(m, m.sub(alpha, one), y))
    return guarded(m, context, x, inside, m.reciprocal(m.builder.size(axis)), (y) => m.add(concentration, logSum(y)))
  },
  sampleVector: (stream, [alpha], size) => {
    const logs = Float64Array.from({ length: size }, (_, i) => drawLogGamma(stream, at(alpha, i)))
    const top = logs.reduce((a, b) => Math.max(a, b))
    const weights = logs.map((v) => Math.exp(v - top))
    const total = weights.reduce((a, b) => a + b, 0)
    return weights.map((w) => w / total)
  },
  ...ofDirichlet,
})

export const multinomial = family(2, {
  source: 'Stan functions reference, multinomial; the counts add up to n',
  logDensity: (m, x, [n, theta], context) => {
    const axis = ownAxis(context)
    const inside = m.mul(everywhere(m, axis, isCount(m, x)), m.equal(m.sum([axis], x), n))
    return guarded(m, { ...context, inside: false }, x, inside, m.k(0), (y) => {
      const arrangements = m.sub(m.lgamma(m.add(n, m.k(1))), m.sum([axis], m.lgamma(m.add(y, m.k(1)))))
      return m.add(arrangements, m.sum([axis], xlogy(m, y, theta)))
    })
  },
  sampleVector: (stream, [n, theta], size) => {
    const out = new Float64Array(size)
    let left = n[0] as number
    let mass = 1
    // What rounding leaves over goes to the last that can be drawn at all.
    let last = size - 1
    while (last > 0 && at(theta, last) === 0) last -= 1
    for (let i = 0; i <= last && left > 0; i += 1) {
      const p = at(theta, i)
      out[i] = i === last ? left : drawBinomial(stream, left, Math.min(1, p / mass))
      left -= out[i] as number
      mass -= p
    }
    return out
  },
  ...ofMultinomial,
})

/** Without concentration: one over the area of the sphere, 2 pi^(d/2) / Gamma(d/2). */
const everyDirection: Limit = {
  logDensity: (m, x, [mu = 0, kappa = 0], context) => {
    const axis = ownAxis(context)
    const half = m.mul(m.k(0.5), m.builder.size(axis))
    const logArea = m.sub(m.add(m.k(Math.LN2), m.mul(half, m.k(Math.log(Math.PI)))), m.lgamma(half))
    return m.sub(m.mul(kappa, m.sum([axis], m.mul(mu, x))), logArea)
  },
}

export const von_mises_fisher = family(2, {
  source: 'Mardia and Jupp, Directional Statistics (2000), 9.3.4; linear in x, which is a unit vector by its type',
  limits: { 1: { low: everyDirection } },
  logDensity: (m, x, [mu, kappa], context) => {
    const axis = ownAxis(context)
    const half = m.mul(m.k(0.5), m.builder.size(axis))
    const order = m.sub(half, m.k(1))
    const constant = m.sub(m.mul(order, m.log(kappa)), m.mul(half, m.k(Math.log(2 * Math.PI))))
    const attraction = m.mul(kappa, m.sum([axis], m.mul(mu, x)))
    return m.add(attraction, m.sub(constant, m.log_bessel_i(order, kappa)))
  },
  sampleVector: (stream, [mu, kappa]) => drawVonMisesFisher(stream, mu, kappa[0] as number),
  ...ofVonMisesFisher,
})

export const vectorFamilies = { dirichlet, multinomial, von_mises_fisher } satisfies Record<string, FamilyRule>
