import { cell, HALF_LOG_TWO_PI, normals, type Pair, pair, uniforms } from './pair.ts'

/**
 * Two normal components, over mu1, log(mu2 - mu1), the log scales and the weight's coordinate c: the first weight is
 * the logistic function of sqrt(2) c. One exponential and one logarithm a point.
 */
export function mixture(text: string, rows: number): Pair {
  const e = normals(rows, 1)
  const first = uniforms(rows, 2)
  const y = e.map((x, i) => ((first[i] as number) < 0.4 ? -2 + x : 2.5 + 0.8 * x))
  const [mu, logSigma, c] = [Float64Array.of(-1.8, 1.4), Float64Array.of(0.1, -0.2), cell(-0.2)]
  const [energy, dMu, dLogSigma, dC] = [cell(), new Float64Array(2), new Float64Array(2), cell()]
  // Priors: normal(0, 2), half_normal(2), dirichlet(5); and log 2 / 2 of the weight's volume.
  const priors = 2 * (HALF_LOG_TWO_PI + Math.LN2) + 2 * HALF_LOG_TWO_PI
  const constant = rows * HALF_LOG_TWO_PI + priors + 2 * Math.log(24) - Math.log(362880) - 0.5 * Math.LN2
  const run = (): void => {
    const gap = Math.exp(mu[1] as number)
    const m0 = mu[0] as number
    const m1 = m0 + gap
    const [t0, t1] = [logSigma[0] as number, logSigma[1] as number]
    const [i0, i1] = [Math.exp(-t0), Math.exp(-t1)]
    const [v0, v1] = [1 / (i0 * i0), 1 / (i1 * i1)]
    const odds = -Math.SQRT2 * (c[0] as number)
    const tail = Math.exp(-Math.abs(odds))
    const w0 = (odds > 0 ? tail : 1) / (1 + tail)
    const both = Math.max(odds, 0) + Math.log1p(tail)
    const c0 = -both - t0
    const c1 = odds - both - t1
    let total = 0
    let r0 = 0
    let a0 = 0
    let a1 = 0
    let s0 = 0
    let s1 = 0
    for (let i = 0; i < rows; i++) {
      const yi = y[i] as number
      const z0 = (yi - m0) * i0
      const z1 = (yi - m1) * i1
      const l0 = c0 - 0.5 * z0 * z0
      const l1 = c1 - 0.5 * z1 * z1
      const d = l1 - l0
      const small = Math.exp(-Math.abs(d))
      total -= (d > 0 ? l1 : l0) + Math.log1p(small)
      const p0 = (d > 0 ? small : 1) / (1 + small)
      const p1 = 1 - p0
      r0 += p0
      a0 += p0 * z0
      a1 += p1 * z1
      s0 += p0 * z0 * z0
      s1 += p1 * z1 * z1
    }
    const prior = 0.125 * (m0 * m0 + m1 * m1 + v0 + v1) - (mu[1] as number) - t0 - t1
    // Four of the five of the prior, and one for each weight of the volume.
    energy[0] = constant + total + prior + 5 * (2 * both - odds)
    const [g0, g1] = [0.25 * m0 - a0 * i0, 0.25 * m1 - a1 * i1]
    dMu[0] = g0 + g1
    dMu[1] = g1 * gap - 1
    dLogSigma[0] = r0 - s0 + 0.25 * v0 - 1
    dLogSigma[1] = rows - r0 - s1 + 0.25 * v1 - 1
    dC[0] = Math.SQRT2 * (rows * w0 - r0 + 5 * (2 * w0 - 1))
  }
  return pair(
    `two-component normal mixture, ${rows} points`,
    {
      text,
      reading: 'sampling',
      sizes: { row: rows },
      fixed: { y },
      coordinates: { 'coordinate:mu': mu, 'coordinate:sigma': logSigma, 'coordinate:weight(component)': c },
    },
    { outputs: { energy, 'gradient:mu': dMu, 'gradient:sigma': dLogSigma, 'gradient:weight(component)': dC }, run },
  )
}
