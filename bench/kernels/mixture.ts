import { type EnergyOptions, normals, type Pair, pair, uniforms } from './pair.ts'

const LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI)

/** Normal mixture with the assignments summed out, over the means, log scales and unnormalised log weights. */
export const mixtureEnergy: EnergyOptions = {
  fixed: [['y', ['row']]],
  moving: [
    ['mu', ['component']],
    ['log_sigma', ['component']],
    ['logit', ['component']],
  ],
  energy: (m, input) => {
    const [y, mu, logSigma, logit] = ['y', 'mu', 'log_sigma', 'logit'].map(input) as [number, number, number, number]
    const sigma = m.exp(logSigma)
    const density = m.neg(m.plus(m.mul(m.k(0.5), m.square(m.div(m.sub(y, mu), sigma))), m.log(sigma), m.k(LOG_ROOT_TWO_PI)))
    const weight = m.sub(logit, m.logsumexp(['component'], logit))
    return m.neg(m.sum(['row'], m.logsumexp(['component'], m.add(weight, density))))
  },
}

/** The hand-written loop is for two components: one exponential and one logarithm a point. */
export function mixture(rows: number): Pair {
  const e = normals(rows, 1)
  const first = uniforms(rows, 2)
  const y = e.map((x, i) => ((first[i] as number) < 0.4 ? -2 + x : 2.5 + 0.8 * x))
  const [mu, logSigma, logit] = [Float64Array.of(-1.8, 2.4), Float64Array.of(0.1, -0.2), Float64Array.of(-0.2, 0.3)]
  const [energy, dMu, dLogSigma, dLogit] = [new Float64Array(1), new Float64Array(2), new Float64Array(2), new Float64Array(2)]
  const run = (): void => {
    const [m0, m1, t0, t1] = [mu[0] as number, mu[1] as number, logSigma[0] as number, logSigma[1] as number]
    const [i0, i1] = [Math.exp(-t0), Math.exp(-t1)]
    const odds = (logit[1] as number) - (logit[0] as number)
    const tail = Math.exp(-Math.abs(odds))
    const weight0 = (odds > 0 ? tail : 1) / (1 + tail)
    const both = Math.max(odds, 0) + Math.log1p(tail)
    const c0 = -both - t0 - LOG_ROOT_TWO_PI
    const c1 = odds - both - t1 - LOG_ROOT_TWO_PI
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
    energy[0] = total
    dMu[0] = -a0 * i0
    dMu[1] = -a1 * i1
    dLogSigma[0] = r0 - s0
    dLogSigma[1] = rows - r0 - s1
    dLogit[0] = rows * weight0 - r0
    dLogit[1] = r0 - rows * weight0
  }
  return pair(
    `two-component normal mixture, ${rows} points`,
    mixtureEnergy,
    { row: rows, component: 2 },
    {
      inputs: { y, mu, log_sigma: logSigma, logit },
      outputs: { energy, 'gradient:mu': dMu, 'gradient:log_sigma': dLogSigma, 'gradient:logit': dLogit },
      run,
    },
  )
}
