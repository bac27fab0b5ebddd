import { cell, HALF_LOG_TWO_PI, normals, type Pair, pair, uniforms } from './pair.ts'

type Recursion = 'scaled' | 'in logs'

/**
 * A hidden Markov chain of two regimes with normal emissions, over the rows of the transition matrix (the first entry of
 * a row is the logistic function of sqrt(2) c), mu1, log(mu2 - mu1) and log sigma. Written twice:
 * - `scaled`: forward-backward in probabilities, rescaled at every step (Rabiner 1989, section V.A), the emissions
 *   relative to the likelier one; one exponential and one logarithm a step. It gives up where a regime that can no
 *   longer be entered falls below 1e-308 and is needed later, which logs get right.
 * - `in logs`: log-sum-exp forward, its weights kept for the way back; two exponentials and two logarithms a step.
 */
export function markov(text: string, steps: number, recursion: Recursion): Pair {
  const noise = normals(steps, 1)
  const coin = uniforms(steps, 2)
  let regime = 0
  const y = noise.map((e, t) => {
    if ((coin[t] as number) < 0.1) regime = 1 - regime
    return (regime === 0 ? -1 : 1.2) + 0.8 * e
  })
  const [move, mu, logSigma] = [Float64Array.of(1.1, -1.3), Float64Array.of(-0.9, 0.7), cell(-0.1)]
  const [energy, dMove, dMu, dSigma] = [cell(), new Float64Array(2), new Float64Array(2), cell()]
  const [f0, f1, w0, w1] = [0, 1, 2, 3].map(() => new Float64Array(steps)) as [Float64Array, Float64Array, Float64Array, Float64Array]
  // Expected transitions, and moments of y in each regime.
  const counts = new Float64Array(4)
  const moments = new Float64Array(6)

  /** Both fill `counts` and `moments` and return the log-likelihood without -steps log(sqrt(2 pi) sigma). */
  const forwardBackward = { scaled, 'in logs': inLogs }[recursion]
  const run = (): void => {
    const m0 = mu[0] as number
    const gap = Math.exp(mu[1] as number)
    const m1 = m0 + gap
    const t = logSigma[0] as number
    const sigma = Math.exp(t)
    const precision = 1 / (sigma * sigma)
    const [x0, x1] = [-Math.SQRT2 * (move[0] as number), -Math.SQRT2 * (move[1] as number)]
    const [b0, b1] = [Math.log1p(Math.exp(x0)), Math.log1p(Math.exp(x1))]
    const [l00, l01, l10, l11] = [-b0, x0 - b0, -b1, x1 - b1]
    const likelihood = forwardBackward(m0, m1, precision, l00, l01, l10, l11)
    const [n00, n01, n10, n11] = counts as unknown as [number, number, number, number]
    const [g0, g1, gy0, gy1, gyy0, gyy1] = moments as unknown as [number, number, number, number, number, number]
    const [p00, p10] = [Math.exp(l00), Math.exp(l10)]
    // Priors: dirichlet(2) on each row (density 6 p q), normal(0, 5) on each mu, half_normal(2).
    const rows = -2 * Math.log(6) - Math.LN2 - 2 * (l00 + l01 + l10 + l11)
    const centres = 0.02 * (m0 * m0 + m1 * m1) + 2 * (HALF_LOG_TWO_PI + Math.log(5)) - (mu[1] as number)
    const scale = 0.125 * sigma * sigma + HALF_LOG_TWO_PI - t
    energy[0] = rows + centres + scale + steps * (HALF_LOG_TWO_PI + t) - likelihood
    const d0 = 0.04 * m0 - (gy0 - m0 * g0) * precision
    const d1 = 0.04 * m1 - (gy1 - m1 * g1) * precision
    dMu[0] = d0 + d1
    dMu[1] = d1 * gap - 1
    const squares = gyy0 - 2 * m0 * gy0 + m0 * m0 * g0 + gyy1 - 2 * m1 * gy1 + m1 * m1 * g1
    dSigma[0] = steps - squares * precision + 0.25 * sigma * sigma - 1
    dMove[0] = Math.SQRT2 * ((n00 + n01 + 4) * p00 - n00 - 2)
    dMove[1] = Math.SQRT2 * ((n10 + n11 + 4) * p10 - n10 - 2)
  }
  return pair(
    `hidden Markov, ${steps} steps (${recursion})`,
    {
      text,
      reading: 'sampling',
      sizes: { t: steps },
      fixed: { y },
      coordinates: { 'coordinate:move': move, 'coordinate:mu': mu, 'coordinate:sigma': logSigma },
    },
    { outputs: { energy, 'gradient:move': dMove, 'gradient:mu': dMu, 'gradient:sigma': dSigma }, run },
  )

  function scaled(m0: number, m1: number, precision: number, l00: number, l01: number, l10: number, l11: number): number {
    const [a00, a01, a10, a11] = [Math.exp(l00), Math.exp(l01), Math.exp(l10), Math.exp(l11)]
    const half = -0.5 * precision
    let total = 0
    let p0 = 0.5
    let p1 = 0.5
    for (let t = 0; t < steps; t++) {
      const yt = y[t] as number
      const e0 = half * (yt - m0) * (yt - m0)
      const e1 = half * (yt - m1) * (yt - m1)
      const d = e1 - e0
      const small = Math.exp(-Math.abs(d))
      const u0 = p0 * (d > 0 ? small : 1)
      const u1 = p1 * (d > 0 ? 1 : small)
      const c = u0 + u1
      total += (d > 0 ? e1 : e0) + Math.log(c)
      const i = 1 / c
      const q0 = u0 * i
      const q1 = u1 * i
      f0[t] = q0
      f1[t] = q1
      w0[t] = (d > 0 ? small : 1) * i
      w1[t] = (d > 0 ? 1 : small) * i
      p0 = q0 * a00 + q1 * a10
      p1 = q0 * a01 + q1 * a11
    }
    let r0 = 1
    let r1 = 1
    let [n00, n01, n10, n11, g0, g1, gy0, gy1, gyy0, gyy1] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    for (let t = steps - 1; t >= 0; t--) {
      const yt = y[t] as number
      const s0 = (f0[t] as number) * r0
      const s1 = (f1[t] as number) * r1
      g0 += s0
      g1 += s1
      gy0 += s0 * yt
      gy1 += s1 * yt
      gyy0 += s0 * yt * yt
      gyy1 += s1 * yt * yt
      if (t === 0) break
      const q0 = f0[t - 1] as number
      const q1 = f1[t - 1] as number
      const v0 = (w0[t] as number) * r0
      const v1 = (w1[t] as number) * r1
      n00 += q0 * a00 * v0
      n01 += q0 * a01 * v1
      n10 += q1 * a10 * v0
      n11 += q1 * a11 * v1
      r0 = a00 * v0 + a01 * v1
      r1 = a10 * v0 + a11 * v1
    }
    counts.set([n00, n01, n10, n11])
    moments.set([g0, g1, gy0, gy1, gyy0, gyy1])
    return total
  }

  function inLogs(m0: number, m1: number, precision: number, l00: number, l01: number, l10: number, l11: number): number {
    const half = -0.5 * precision
    let a0 = 0
    let a1 = 0
    for (let t = 0; t < steps; t++) {
      const yt = y[t] as number
      const e0 = half * (yt - m0) * (yt - m0)
      const e1 = half * (yt - m1) * (yt - m1)
      if (t === 0) {
        a0 = e0 - Math.LN2
        a1 = e1 - Math.LN2
        continue
      }
      const d0 = a1 + l10 - (a0 + l00)
      const d1 = a1 + l11 - (a0 + l01)
      const s0 = Math.exp(-Math.abs(d0))
      const s1 = Math.exp(-Math.abs(d1))
      // The shares of the first regime among those that led to the first and to the second.
      w0[t] = (d0 > 0 ? s0 : 1) / (1 + s0)
      w1[t] = (d1 > 0 ? s1 : 1) / (1 + s1)
      const b0 = Math.max(a0 + l00, a1 + l10) + Math.log1p(s0) + e0
      a1 = Math.max(a0 + l01, a1 + l11) + Math.log1p(s1) + e1
      a0 = b0
    }
    const d = a1 - a0
    const small = Math.exp(-Math.abs(d))
    const total = Math.max(a0, a1) + Math.log1p(small)
    let s0 = (d > 0 ? small : 1) / (1 + small)
    let s1 = 1 - s0
    let [n00, n01, n10, n11, g0, g1, gy0, gy1, gyy0, gyy1] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    for (let t = steps - 1; t >= 0; t--) {
      const yt = y[t] as number
      g0 += s0
      g1 += s1
      gy0 += s0 * yt
      gy1 += s1 * yt
      gyy0 += s0 * yt * yt
      gyy1 += s1 * yt * yt
      if (t === 0) break
      const k00 = s0 * (w0[t] as number)
      const k01 = s1 * (w1[t] as number)
      const k10 = s0 - k00
      const k11 = s1 - k01
      n00 += k00
      n01 += k01
      n10 += k10
      n11 += k11
      s0 = k00 + k01
      s1 = k10 + k11
    }
    counts.set([n00, n01, n10, n11])
    moments.set([g0, g1, gy0, gy1, gyy0, gyy1])
    return total
  }
}
