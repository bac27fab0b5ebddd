import type { NodeId } from '../ir/graph.ts'
import type { Maths } from '../ir/maths.ts'
import { everywhere, ownAxis } from './formulas/axes.ts'
import { guarded, isCount, xlogy } from './formulas/guards.ts'
import { drawBinomial } from './numbers/binomial.ts'
import { at, fill } from './numbers/values.ts'
import type { Density } from './parts/density.ts'
import type { VectorDraw } from './parts/draw.ts'
import type { Interior } from './parts/interior.ts'
import type { AxisMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['n: count', 'theta: simplex'],
  support: { vector: 'count', total: 'n' },
  over: 1,
  doc: 'n draws with probabilities theta, counted along the axis',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, multinomial; the counts add up to n',
  logDensity: (m, x, [n, theta], context) => {
    const axis = ownAxis(context)
    const inside = m.mul(everywhere(m, axis, isCount(m, x)), m.equal(m.sum([axis], x), n))
    return guarded(m, { ...context, inside: false }, x, inside, m.k(0), (y) => {
      return m.add(logArrangements(m, axis, y, n), m.sum([axis], xlogy(m, y, theta)))
    })
  },
}

export const interior: Interior<typeof signature> = {
  logDensity: (m, x, [n, theta], context) => {
    const axis = ownAxis(context)
    return m.add(logArrangements(m, axis, x, n), m.sum([axis], m.mul(x, m.log(theta))))
  },
}

/** The log of how many orders of n draws have these counts. */
function logArrangements(m: Maths, axis: string, counts: NodeId, n: NodeId): NodeId {
  return m.sub(m.lgamma(m.add(n, m.k(1))), m.sum([axis], m.lgamma(m.add(counts, m.k(1)))))
}

export const moments: AxisMoments<typeof signature> = {
  means: ([n, theta], size) => fill(size, (i) => (n[0] as number) * at(theta, i)),
  variances: ([n, theta], size) => fill(size, (i) => (n[0] as number) * at(theta, i) * (1 - at(theta, i))),
}

export const draw: VectorDraw<typeof signature> = {
  vector: (stream, [n, theta], size) => {
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
}

export const power: Power<typeof signature> = {
  never: 'the number of arrangements of a multinomial is not divided by T with the rest',
}
