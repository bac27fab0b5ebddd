import { type EnergyOptions, type Pair, pair } from './pair.ts'

const LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI)

/** Eight schools, centred, over mu, log tau and theta; the energy includes the Jacobian of tau = exp(log tau). */
export const eightSchoolsEnergy: EnergyOptions = {
  fixed: [
    ['y', ['school']],
    ['se', ['school']],
  ],
  moving: [
    ['mu', []],
    ['log_tau', []],
    ['theta', ['school']],
  ],
  energy: (m, input) => {
    const [y, se, mu, logTau, theta] = ['y', 'se', 'mu', 'log_tau', 'theta'].map(input) as [number, number, number, number, number]
    const tau = m.exp(logTau)
    const normal = (x: number, at: number, scale: number): number =>
      m.plus(m.mul(m.k(0.5), m.square(m.div(m.sub(x, at), scale))), m.log(scale), m.k(LOG_ROOT_TWO_PI))
    const halfCauchy = m.sub(m.log1p(m.square(m.div(tau, m.k(5)))), m.k(Math.log(2 / (5 * Math.PI))))
    return m.plus(
      normal(mu, m.k(0), m.k(5)),
      m.sub(halfCauchy, logTau),
      m.sum(['school'], normal(theta, mu, tau)),
      m.sum(['school'], normal(y, theta, se)),
    )
  },
}

export function eightSchools(): Pair {
  const y = Float64Array.of(28, 8, -3, 7, -1, 1, 18, 12)
  const se = Float64Array.of(15, 10, 16, 11, 9, 11, 10, 18)
  const theta = Float64Array.of(9, 7, 2, 6, 3, 4, 8, 7.5)
  const [mu, logTau] = [Float64Array.of(4.5), Float64Array.of(1.2)]
  const [energy, dMu, dLogTau, dTheta] = [new Float64Array(1), new Float64Array(1), new Float64Array(1), new Float64Array(8)]
  const n = y.length
  const precision = se.map((s) => 1 / (s * s))
  const constant = LOG_ROOT_TWO_PI * (2 * n + 1) + Math.log(5) - Math.log(2 / (5 * Math.PI)) + se.reduce((sum, s) => sum + Math.log(s), 0)
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
    eightSchoolsEnergy,
    { school: n },
    {
      inputs: { y, se, mu, log_tau: logTau, theta },
      outputs: { energy, 'gradient:mu': dMu, 'gradient:log_tau': dLogTau, 'gradient:theta': dTheta },
      run,
    },
  )
}
