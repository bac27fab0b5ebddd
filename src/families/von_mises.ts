import { exp } from '../base/special/exponential.ts'
import { log } from '../base/special/logarithm.ts'
import { logBesselI } from '../base/special/operations.ts'
import { squared } from '../base/special/pow.ts'
import { logVonMisesMass } from '../base/special/von-mises.ts'
import { logScaledBessel } from './formulas/stirling.ts'
import { invertContinuous } from './numbers/invert.ts'
import { drawVonMises } from './numbers/von-mises.ts'
import type { Aliases } from './parts/aliases.ts'
import type { Density } from './parts/density.ts'
import type { Distribution } from './parts/distribution.ts'
import type { NumberDraw } from './parts/draw.ts'
import type { IntervalMasses } from './parts/masses.ts'
import type { NumberMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['mu: real', 'kappa: positive [0, inf)'],
  support: { turn: 6.283185307179586 },
  over: 0,
  doc: 'mean direction mu, concentration kappa',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, von_mises: periodic in x, normalised over any turn; moments are of the turn around mu',
  logDensity: (m, x, [mu, kappa]) => {
    // kappa cos(d) - kappa, for a kappa against which the density is small.
    const drop = m.times(m.k(-2), kappa, m.square(m.sin(m.mul(m.k(0.5), m.sub(x, mu)))))
    return m.sub(m.sub(drop, logScaledBessel(m, kappa)), m.k(log(2 * Math.PI)))
  },
}

export const masses: IntervalMasses<typeof signature> = {
  between: (m, from, to, [mu, kappa]) => m.log_von_mises_mass(m.sub(from, mu), m.sub(to, mu), kappa),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [mu, kappa]) => vonMisesCdf(x - mu, kappa),
  quantile: (p, [mu, kappa]) => mu - Math.PI + invertContinuous((d) => vonMisesCdf(d - Math.PI, kappa), p, 0, 2 * Math.PI),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([mu]) => mu,
  variance: ([, kappa]) => vonMisesVariance(kappa),
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [mu, kappa]) => drawVonMises(stream, mu, kappa),
}

export const power: Power<typeof signature> = {
  weighs: [1],
  at: (m, [mu, kappa], t) => ({ family: 'von_mises', args: [mu, m.div(kappa, t)] }),
}

export const aliases: Aliases = { names: ['VonMises', 'vonmises'] }

/** Of the turn around 0. */
function vonMisesCdf(angle: number, kappa: number): number {
  if (angle <= -Math.PI || angle >= Math.PI) return angle < 0 ? 0 : 1
  return exp(logVonMisesMass(-Math.PI, angle, kappa))
}

/** pi^2 / 3 + 4 sum over j of (-1)^j I_j(kappa) / (j^2 I_0(kappa)), from the Fourier series of x^2. */
function vonMisesVariance(kappa: number): number {
  let sum = 0
  // The ratio I_j / I_0 falls like exp(-j^2 / (2 kappa)), so these terms are below 1e-17 after the last.
  const last = 20 + Math.ceil(9 * Math.sqrt(kappa))
  for (let j = 1; j <= last; j += 1) sum += ((j % 2 === 0 ? 1 : -1) * exp(logBesselI(j, kappa) - logBesselI(0, kappa))) / (j * j)
  return squared(Math.PI) / 3 + 4 * sum
}
