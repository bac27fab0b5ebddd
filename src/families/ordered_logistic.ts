import { InternalError, must } from '../base/internal-error.ts'
import { expm1 } from '../base/special/hyperbolic.ts'
import { log } from '../base/special/logarithm.ts'
import { softplus } from '../base/special/operations.ts'
import type { NodeId } from '../ir/graph.ts'
import type { Maths } from '../ir/maths.ts'
import { elements } from './formulas/powers.ts'
import { drawIndex } from './numbers/categories.ts'
import type { Density } from './parts/density.ts'
import type { ElementDraw } from './parts/draw.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['eta: real [-inf, inf]', 'cutpoints: ordered'],
  support: { levels: 'ordered' },
  over: 0,
  doc: 'latent eta, ordered cutpoints along one axis',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, ordered_logistic: level k lies between cutpoints k - 1 and k',
  logDensity: (m, x, [eta, cutpoints]) => {
    const axis = cutpointAxis(m, x, eta, cutpoints)
    const last = m.builder.size(axis)
    const one = m.k(1)
    const hasLower = m.less(m.k(0), x)
    const hasUpper = m.less(x, last)
    const lower = m.builder.pick(cutpoints, axis, m.max(m.sub(x, one), m.k(0)))
    const upper = m.builder.pick(cutpoints, axis, m.min(x, m.sub(last, one)))
    // sigmoid(eta - lower) - sigmoid(eta - upper) = sigmoid(eta - lower) sigmoid(upper - eta) (1 - exp(lower - upper))
    const below = m.where(hasLower, m.softplus(m.sub(lower, eta)), m.k(0))
    const above = m.where(hasUpper, m.softplus(m.sub(eta, upper)), m.k(0))
    const both = m.mul(hasLower, hasUpper)
    // Nothing lies between cutpoints that are not in order.
    const some = m.less(lower, upper)
    const between = m.where(some, m.log(m.neg(m.expm1(m.where(m.mul(both, some), m.sub(lower, upper), m.k(-1))))), m.k(-Infinity))
    const gap = m.where(both, between, m.k(0))
    return m.sub(gap, m.add(below, above))
  },
}

export const draw: ElementDraw<typeof signature> = {
  element: (stream, [eta, cutpoints], size) => {
    const centre = eta[0] as number
    const logs = Array.from({ length: size }, (_, k) => {
      const [lower, upper] = [cutpoints[k - 1], cutpoints[k]]
      const gap = lower === undefined || upper === undefined ? 0 : log(-expm1(Math.min(0, lower - upper)))
      const [below, above] = [lower === undefined ? 0 : softplus(lower - centre), upper === undefined ? 0 : softplus(centre - upper)]
      return gap - below - above
    })
    return drawIndex(stream, logs)
  },
}

export const power: Power<typeof signature> = {
  weighs: [0, 1],
  everyLevel: true,
  at: (m, args, t, context) => {
    const level = m.builder.index(must(context.element, 'the axis of the elements'))
    return elements(m, density.logDensity(m, level, args, context), t)
  },
}

/** The one axis of the cutpoints that neither the left side nor eta has. */
function cutpointAxis(m: Maths, x: NodeId, eta: NodeId, cutpoints: NodeId): string {
  const others = [...m.builder.axes(x), ...m.builder.axes(eta)]
  const own = m.builder.axes(cutpoints).filter((axis) => !others.includes(axis))
  if (own.length !== 1) throw new InternalError(`cutpoints along [${own}], where one axis of their own is wanted`)
  return own[0] as string
}
