import { cell, HALF_LOG_TWO_PI, normals, type Pair, pair } from './pair.ts'

/** A line through `rows` points with a half-Cauchy prior on sigma, over beta and log sigma. */
export function kidscore(text: string, rows: number): Pair {
  const x = normals(rows, 1).map((v) => 100 + 15 * v)
  const y = normals(rows, 3).map((e, i) => 26 + 0.6 * (x[i] as number) + 18 * e)
  const [beta, logSigma] = [Float64Array.of(25, 0.62), cell(2.9)]
  const [energy, dBeta, dLogSigma] = [cell(), new Float64Array(2), cell()]
  const constant = rows * HALF_LOG_TWO_PI - Math.log(2 / (2.5 * Math.PI))
  const run = (): void => {
    const a = beta[0] as number
    const b = beta[1] as number
    const t = logSigma[0] as number
    const sigma = Math.exp(t)
    const precision = 1 / (sigma * sigma)
    let squares = 0
    let sum = 0
    let slope = 0
    for (let i = 0; i < rows; i++) {
      const xi = x[i] as number
      const r = (y[i] as number) - a - b * xi
      squares += r * r
      sum += r
      slope += r * xi
    }
    const ratio = (sigma / 2.5) ** 2
    energy[0] = constant + 0.5 * squares * precision + (rows - 1) * t + Math.log1p(ratio)
    dBeta[0] = -sum * precision
    dBeta[1] = -slope * precision
    dLogSigma[0] = rows - 1 - squares * precision + (2 * ratio) / (1 + ratio)
  }
  return pair(
    `straight line (kidscore), ${rows} rows`,
    {
      text,
      reading: 'sampling',
      sizes: { row: rows },
      fixed: { kid_score: y, mom_iq: x },
      coordinates: { 'coordinate:beta': beta, 'coordinate:sigma': logSigma },
    },
    { outputs: { energy, 'gradient:beta': dBeta, 'gradient:sigma': dLogSigma }, run },
  )
}
