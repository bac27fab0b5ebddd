import { exp } from '../base/special/exponential.ts'
import type { NodeId } from '../ir/graph.ts'
import { everywhere, ownAxis } from './formulas/axes.ts'
import { guarded, xlogy } from './formulas/guards.ts'
import { exponent } from './formulas/powers.ts'
import { drawLogGamma } from './numbers/gamma.ts'
import type { FamilyValues } from './numbers/values.ts'
import { at, fill } from './numbers/values.ts'
import type { Aliases } from './parts/aliases.ts'
import type { Density } from './parts/density.ts'
import type { VectorDraw } from './parts/draw.ts'
import type { Interior } from './parts/interior.ts'
import type { AxisMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['alpha: positive_vector'],
  support: { vector: 'simplex' },
  edges: [{ at: 0, unless: ['alpha', 1] }],
  over: 1,
  doc: 'concentrations alpha along the axis; one number serves for all',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
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
}

export const interior: Interior<typeof signature> = {
  logDensity: (m, x, [alpha], context) => {
    const axis = ownAxis(context)
    const concentration = m.sub(m.lgamma(m.sum([axis], alpha)), m.sum([axis], m.lgamma(alpha)))
    return m.add(concentration, m.sum([axis], m.mul(m.sub(alpha, m.k(1)), m.log(x))))
  },
}

export const moments: AxisMoments<typeof signature> = {
  means: ([alpha], size) => {
    const { total } = shares(alpha, size)
    return fill(size, (i) => at(alpha, i) / total)
  },
  variances: ([alpha], size) => {
    const { total, others } = shares(alpha, size)
    return fill(size, (i) => ((at(alpha, i) / total) * (others(i) / total)) / (total + 1))
  },
}

export const draw: VectorDraw<typeof signature> = {
  vector: (stream, [alpha], size) => {
    const logs = Float64Array.from({ length: size }, (_, i) => drawLogGamma(stream, at(alpha, i)))
    const top = logs.reduce((a, b) => Math.max(a, b))
    const weights = logs.map((v) => exp(v - top))
    const total = weights.reduce((a, b) => a + b, 0)
    return weights.map((w) => w / total)
  },
}

export const power: Power<typeof signature> = {
  weighs: [0],
  at: (m, [alpha], t) => {
    const concentrations = exponent(m, alpha, t)
    return { family: 'dirichlet', args: [concentrations], positive: concentrations }
  },
}

export const aliases: Aliases = { names: ['Dir', 'dir'] }

/** How far from 1 the sum of a given simplex may be: data are rarely written with more than seven digits. */
const simplexTolerance = 1e-6

/** `others` adds up what the others have: the total less one that is nearly all has no digits. */
function shares(alpha: FamilyValues, size: number): { readonly total: number; readonly others: (i: number) => number } {
  const every = fill(size, (i) => at(alpha, i))
  return {
    total: every.reduce((a, b) => a + b, 0),
    others: (i) => every.reduce((sum, a, j) => (i === j ? sum : sum + a), 0),
  }
}
