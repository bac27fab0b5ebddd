import { exp } from '../base/special/exponential.ts'
import { log } from '../base/special/logarithm.ts'
import type { NodeId } from '../ir/graph.ts'
import type { Formulas } from '../ir/maths.ts'
import { standard } from './formulas/gaussian.ts'
import type { Aliases } from './parts/aliases.ts'
import type { Density } from './parts/density.ts'
import type { Distribution } from './parts/distribution.ts'
import type { NumberDraw } from './parts/draw.ts'
import type { Interior } from './parts/interior.ts'
import type { TailMasses } from './parts/masses.ts'
import type { NumberMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['mu: real', 'sigma: positive'],
  support: { interval: [-Infinity, Infinity] },
  over: 0,
  doc: "location mu, scale sigma (Stan's double_exponential)",
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, double_exponential',
  logDensity: (m, x, [mu, sigma]) => m.neg(m.plus(m.div(m.abs(m.sub(x, mu)), sigma), m.log(sigma), m.k(Math.LN2))),
}

export const interior: Interior<typeof signature> = {
  logDensity: (m, x, [mu, sigma]) => m.neg(m.plus(m.div(m.abs(m.sub(x, mu)), sigma), m.log(sigma), m.k(Math.LN2))),
}

export const masses: TailMasses<typeof signature> = {
  tails: (m, x, [mu, sigma]) => {
    const z = standard(m, x, mu, sigma)
    return { lower: laplaceLogUpper(m, m.neg(z)), upper: laplaceLogUpper(m, z) }
  },
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [mu, sigma]) => (x < mu ? 0.5 * exp((x - mu) / sigma) : 1 - 0.5 * exp((mu - x) / sigma)),
  quantile: (p, [mu, sigma]) => mu + sigma * (p < 0.5 ? log(2 * p) : -log(2 * (1 - p))),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([mu]) => mu,
  variance: ([, sigma]) => 2 * sigma * sigma,
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [mu, sigma]) => mu + sigma * (stream.exponential() - stream.exponential()),
}

export const power: Power<typeof signature> = {
  weighs: [1],
  at: (m, [mu, sigma], t) => ({ family: 'laplace', args: [mu, m.mul(sigma, t)] }),
}

export const aliases: Aliases = { names: ['double_exponential'] }

/** exp(-z) / 2 above the centre, 1 - exp(z) / 2 below. */
function laplaceLogUpper(m: Formulas, z: NodeId): NodeId {
  const below = m.log1p(m.mul(m.k(-0.5), m.exp(m.min(z, m.k(0)))))
  return m.where(m.less(m.k(0), z), m.neg(m.add(z, m.k(Math.LN2))), below)
}
