import { type EnergyOptions, normals, type Pair, pair, uniforms } from './pair.ts'

const LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI)

/** y ~ normal(a + b x + c z, sigma) with a half-Cauchy prior on sigma, over log sigma (kidscore_momhsiq's shape). */
export const linearEnergy: EnergyOptions = {
  fixed: [
    ['x', ['row']],
    ['z', ['row']],
    ['y', ['row']],
  ],
  moving: [
    ['a', []],
    ['b', []],
    ['c', []],
    ['log_sigma', []],
  ],
  energy: (m, input) => {
    const [x, z, y, a, b, c, logSigma] = ['x', 'z', 'y', 'a', 'b', 'c', 'log_sigma'].map(input) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    const sigma = m.exp(logSigma)
    const mean = m.plus(a, m.mul(b, x), m.mul(c, z))
    const misfit = m.plus(m.mul(m.k(0.5), m.square(m.div(m.sub(y, mean), sigma))), m.log(sigma), m.k(LOG_ROOT_TWO_PI))
    const prior = m.log1p(m.square(m.div(sigma, m.k(2.5))))
    return m.plus(m.sum(['row'], misfit), prior, m.neg(logSigma))
  },
}

export function linear(rows: number): Pair {
  const x = normals(rows, 1)
  const z = uniforms(rows, 2).map((u) => (u < 0.8 ? 1 : 0))
  const noise = normals(rows, 3)
  const y = noise.map((e, i) => 1 + 0.6 * (x[i] as number) + 0.2 * (z[i] as number) + 0.9 * e)
  const [a, b, c, logSigma] = [Float64Array.of(0.9), Float64Array.of(0.5), Float64Array.of(0.3), Float64Array.of(-0.1)]
  const [energy, dA, dB, dC, dLogSigma] = [1, 2, 3, 4, 5].map(() => new Float64Array(1)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const run = (): void => {
    const [a0, b0, c0, t] = [a[0] as number, b[0] as number, c[0] as number, logSigma[0] as number]
    const sigma = Math.exp(t)
    const precision = 1 / (sigma * sigma)
    let squares = 0
    let sumR = 0
    let sumX = 0
    let sumZ = 0
    for (let i = 0; i < rows; i++) {
      const xi = x[i] as number
      const zi = z[i] as number
      const r = (y[i] as number) - (a0 + b0 * xi + c0 * zi)
      squares += r * r
      sumR += r
      sumX += r * xi
      sumZ += r * zi
    }
    const q = (sigma / 2.5) ** 2
    energy[0] = 0.5 * squares * precision + rows * (t + LOG_ROOT_TWO_PI) + Math.log1p(q) - t
    dA[0] = -sumR * precision
    dB[0] = -sumX * precision
    dC[0] = -sumZ * precision
    dLogSigma[0] = rows - squares * precision + (2 * q) / (1 + q) - 1
  }
  return pair(
    `linear regression, ${rows} x 3`,
    linearEnergy,
    { row: rows },
    {
      inputs: { x, z, y, a, b, c, log_sigma: logSigma },
      outputs: { energy, 'gradient:a': dA, 'gradient:b': dB, 'gradient:c': dC, 'gradient:log_sigma': dLogSigma },
      run,
    },
  )
}
