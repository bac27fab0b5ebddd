import { meanLength } from '../base/special/bessel-ratio.ts'
import { log } from '../base/special/logarithm.ts'
import { ownAxis } from './formulas/axes.ts'
import { at, fill } from './numbers/values.ts'
import { drawVonMisesFisher } from './numbers/von-mises-fisher.ts'
import type { Density } from './parts/density.ts'
import type { VectorDraw } from './parts/draw.ts'
import type { Limit, Limits } from './parts/limits.ts'
import type { AxisMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['mu: unit_vector', 'kappa: positive [0, inf)'],
  support: { vector: 'unit' },
  over: 1,
  doc: 'mean direction mu on the unit sphere along the axis, concentration kappa',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Mardia and Jupp, Directional Statistics (2000), 9.3.4; linear in x, which is a unit vector by its type',
  logDensity: (m, x, [mu, kappa], context) => {
    const axis = ownAxis(context)
    const half = m.mul(m.k(0.5), m.builder.size(axis))
    const order = m.sub(half, m.k(1))
    const constant = m.sub(m.mul(order, m.log(kappa)), m.mul(half, m.k(log(2 * Math.PI))))
    const attraction = m.mul(kappa, m.sum([axis], m.mul(mu, x)))
    return m.add(attraction, m.sub(constant, m.log_bessel_i(order, kappa)))
  },
}

/** Without concentration: one over the area of the sphere, 2 pi^(d/2) / Gamma(d/2). */
const everyDirection: Limit = {
  logDensity: (m, x, [mu = 0, kappa = 0], context) => {
    const axis = ownAxis(context)
    const half = m.mul(m.k(0.5), m.builder.size(axis))
    const logArea = m.sub(m.add(m.k(Math.LN2), m.mul(half, m.k(log(Math.PI)))), m.lgamma(half))
    return m.sub(m.mul(kappa, m.sum([axis], m.mul(mu, x))), logArea)
  },
}

export const limits: Limits = { 1: { low: everyDirection } }

/** x = t mu + the rest, which points everywhere alike across mu. */
export const moments: AxisMoments<typeof signature> = {
  means: ([mu, [kappa = Number.NaN]], size) => {
    const { length } = meanLength(size, kappa)
    return fill(size, (i) => length * at(mu, i))
  },
  variances: ([mu, [kappa = Number.NaN]], size) => {
    const { across, along } = meanLength(size, kappa)
    return fill(size, (i) => {
      const m = at(mu, i)
      return across * (1 - m) * (1 + m) + along * m * m
    })
  },
}

export const draw: VectorDraw<typeof signature> = {
  vector: (stream, [mu, kappa]) => drawVonMisesFisher(stream, mu, kappa[0] as number),
}

export const power: Power<typeof signature> = {
  weighs: [1],
  at: (m, [mu, kappa], t) => ({ family: 'von_mises_fisher', args: [mu, m.div(kappa, t)] }),
}
