import { must } from '../base/internal-error.ts'
import { givenFactor } from './formulas/factors.ts'
import { first, multiNormal } from './formulas/matrices.ts'
import { normals, times } from './numbers/matrices.ts'
import { at, fill } from './numbers/values.ts'
import type { Density } from './parts/density.ts'
import type { VectorDraw } from './parts/draw.ts'
import type { AxisMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['mu: vector', 'L: cholesky'],
  support: { vector: 'real' },
  over: 1,
  doc: "mean mu, covariance L L', given by its factor L",
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Stan functions reference, multi_normal_cholesky; minus infinity where L is not lower triangular with a positive diagonal',
  logDensity: (m, x, [mu, L], context) => {
    const factor = givenFactor(m, L, first(context), must(context.own?.[1], 'the other axis of a factor'))
    return multiNormal(m, x, mu, factor)
  },
}

export const moments: AxisMoments<typeof signature> = {
  means: ([mu], size) => fill(size, (i) => at(mu, i)),
  variances: ([, lower], size) => fill(size, (i) => lower.subarray(i * size, (i + 1) * size).reduce((sum, v) => sum + v * v, 0)),
}

export const draw: VectorDraw<typeof signature> = {
  /** mu + L z, for L given. */
  vector: (stream, [mu, lower], size) => times(lower, normals(stream, size)).map((v, i) => at(mu, i) + v),
}

export const power: Power<typeof signature> = {
  weighs: [1],
  at: (m, [mu, L], t) => ({ family: 'multi_normal_cholesky', args: [mu, m.mul(L, m.sqrt(t))] }),
}
