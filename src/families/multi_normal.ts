import { covariance, first, multiNormal } from './formulas/matrices.ts'
import { correlated } from './numbers/matrices.ts'
import { at, fill } from './numbers/values.ts'
import type { Aliases } from './parts/aliases.ts'
import type { Density } from './parts/density.ts'
import type { VectorDraw } from './parts/draw.ts'
import type { AxisMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['mu: vector', 'sigma: covariance'],
  support: { vector: 'real' },
  over: 1,
  doc: 'mean mu, covariance sigma',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, multi_normal; minus infinity where sigma is not positive definite',
  logDensity: (m, x, [mu, sigma], context) => multiNormal(m, x, mu, covariance(m, context, 1, sigma, first(context))),
}

export const moments: AxisMoments<typeof signature> = {
  means: ([mu], size) => fill(size, (i) => at(mu, i)),
  variances: ([, sigma], size) => fill(size, (i) => sigma[i * size + i] as number),
}

export const draw: VectorDraw<typeof signature> = {
  /** mu + L z. */
  vector: (stream, [mu, sigma], size) => correlated(stream, sigma, size).map((v, i) => at(mu, i) + v),
}

export const power: Power<typeof signature> = {
  weighs: [1],
  at: (m, [mu, sigma], t) => ({ family: 'multi_normal', args: [mu, m.mul(sigma, t)] }),
}

export const aliases: Aliases = {
  names: ['mvnormal', 'multivariate_normal', 'MvNormal', 'MultivariateNormal', 'MVN'],
  byFactor: 'multi_normal_cholesky',
}
