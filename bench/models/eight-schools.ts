import { cell, HALF_LOG_TWO_PI, type Pair, pair } from './pair.ts'

/** Over mu, log tau and theta; the energy includes the Jacobian of tau = exp(log tau). */
export function eightSchools(text: string): Pair {
  const y = Float64Array.of(28, 8, -3, 7, -1, 1, 18, 12)
  const se = Float64Array.of(15, 10, 16, 11, 9, 11, 10, 18)
  const theta = Float64Array.of(9, 7, 2, 6, 3, 4, 8, 7.5)
  const [mu, logTau] = [cell(4.5), cell(1.2)]
  const [energy, dMu, dLogTau, dTheta] = [cell(), cell(), cell(), new Float64Array(8)]
  const n = y.length
  const precision = se.map((s) => 1 / (s * s))
  const scales = se.reduce((sum, s) => sum + Math.log(s), 0)
  const constant = HALF_LOG_TWO_PI * (2 * n + 1) + Math.log(5) - Math.log(2 / (5 * Math.PI)) + scales
  const run = (): void => {
    const m = mu[0] as number
    const t = logTau[0] as number
    const tau = Math.exp(t)
    const inverse = 1 / (tau * tau)
    let squares = 0
    let misfit = 0
    let pull = 0
    for (let i = 0; i < n; i++) {
      const th = theta[i] as number
      const a = th - m
      const b = (y[i] as number) - th
      const pa = a * inverse
      const pb = b * (precision[i] as number)
      squares += a * a
      misfit += b * pb
      pull += pa
      dTheta[i] = pa - pb
    }
    const r = (tau / 5) ** 2
    energy[0] = constant + (0.5 * m * m) / 25 + Math.log1p(r) - t + n * t + 0.5 * squares * inverse + 0.5 * misfit
    dMu[0] = m / 25 - pull
    dLogTau[0] = (2 * r) / (1 + r) - 1 + n - squares * inverse
  }
  return pair(
    'eight schools, centred',
    {
      text,
      reading: 'sampling',
      sizes: { school: n },
      fixed: { y, se },
      coordinates: { 'coordinate:mu': mu, 'coordinate:tau': logTau, 'coordinate:theta': theta },
    },
    { outputs: { energy, 'gradient:mu': dMu, 'gradient:tau': dLogTau, 'gradient:theta': dTheta }, run },
  )
}
