import { digamma, lgamma } from '../../src/base/special/operations.ts'
import { cell, HALF_LOG_TWO_PI, normals, type Pair, pair, uniforms } from './pair.ts'

const text = `data x[row, feature]
data y[row] : count
state b ~ normal(0, 5)
state w[feature] ~ normal(0, 2.5)
state phi : positive ~ gamma(2, 0.1)
let mu = exp(b + sum[feature](x * w))
y ~ negative_binomial(phi, phi / mu)
`

/** Regression of counts that vary more than Poisson's: log gammas of every row and of a shape that moves. */
export function negativeBinomial(rows: number, features: number): Pair {
  const x = normals(rows * features, 1)
  const w = normals(features, 2).map((v) => v / Math.sqrt(features))
  const b = cell(1)
  const logPhi = cell(0.7)
  const chance = uniforms(rows, 3)
  const y = chance.map((u) => Math.floor(-6 * Math.log(1 - u)))
  const [energy, dB, dPhi, dW] = [cell(), cell(), cell(), new Float64Array(features)]
  const constant = HALF_LOG_TWO_PI * (features + 1) + features * Math.log(2.5) + Math.log(5) - 2 * Math.log(0.1)
  const factorials = y.reduce((sum, k) => sum + lgamma(k + 1), 0)
  return pair(
    `negative binomial regression, ${rows} x ${features}`,
    {
      text,
      reading: 'sampling',
      sizes: { row: rows, feature: features },
      fixed: { x, y },
      coordinates: { 'coordinate:b': b, 'coordinate:w': w, 'coordinate:phi': logPhi },
    },
    { outputs: { energy, 'gradient:b': dB, 'gradient:w': dW, 'gradient:phi': dPhi }, run },
  )

  function run(): void {
    const b0 = b[0] as number
    const phi = Math.exp(logPhi[0] as number)
    let total = constant + (0.5 * b0 * b0) / 25 - 2 * (logPhi[0] as number) + 0.1 * phi + factorials
    for (let j = 0; j < features; j++) {
      const v = w[j] as number
      total += (0.5 * v * v) / 6.25
      dW[j] = v / 6.25
    }
    let db = b0 / 25
    let dphi = 0
    const [first, slope, logOfPhi] = [lgamma(phi), digamma(phi), Math.log(phi)]
    for (let i = 0, base = 0; i < rows; i++, base += features) {
      let eta = b0
      for (let j = 0; j < features; j++) eta += (x[base + j] as number) * (w[j] as number)
      const mean = Math.exp(eta)
      const yi = y[i] as number
      const logBoth = Math.log(phi + mean)
      total += first - lgamma(yi + phi) - phi * (logOfPhi - logBoth) - yi * (eta - logBoth)
      const share = (yi + phi) / (phi + mean)
      const r = share * mean - yi
      dphi += slope - digamma(yi + phi) - (logOfPhi - logBoth) - 1 + share
      db += r
      for (let j = 0; j < features; j++) dW[j] = (dW[j] as number) + r * (x[base + j] as number)
    }
    energy[0] = total
    dB[0] = db
    dPhi[0] = phi * dphi - 2 + 0.1 * phi
  }
}
