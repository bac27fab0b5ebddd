import { erfc } from '../base/special/erf.ts'
import { normalQuantile } from '../base/special/normal-quantile.ts'
import { gaussianKernel, normalLogDensity, normalTails, standard } from './formulas/gaussian.ts'
import { rooted } from './formulas/powers.ts'
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
  doc: 'mean mu, standard deviation sigma',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, normal; Jaynes, Probability Theory, ch. 7',
  logDensity: (m, x, [mu, sigma]) => normalLogDensity(m, x, mu, sigma),
  refuses: [1],
}

export const interior: Interior<typeof signature> = { logDensity: (m, x, [mu, sigma]) => gaussianKernel(m, m.sub(x, mu), sigma) }

export const masses: TailMasses<typeof signature> = {
  tails: (m, x, [mu, sigma]) => normalTails(m, standard(m, x, mu, sigma)),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [mu, sigma]) => 0.5 * erfc((mu - x) / (sigma * Math.SQRT2)),
  quantile: (p, [mu, sigma]) => mu + sigma * normalQuantile(p),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([mu]) => mu,
  variance: ([, sigma]) => sigma * sigma,
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [mu, sigma]) => mu + sigma * stream.normal(),
}

export const power: Power<typeof signature> = {
  weighs: [1],
  at: (m, [mu, sigma], t) => ({ family: 'normal', args: [mu, rooted(m, sigma, t)] }),
}

export const aliases: Aliases = { names: ['gaussian', 'Gaussian', 'Normal', 'N', 'norm', '𝒩'] }
