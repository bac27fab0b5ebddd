import { cell, HALF_LOG_TWO_PI, type Pair, pair } from './pair.ts'

const text = `model gaussian_process
data x[row]
data y[row]
axis other = size(row)
state rho : positive ~ gamma(5, 5)
state alpha : positive ~ half_normal(2)
state sigma : positive ~ half_normal(1)
let kernel = alpha^2 * exp(-(x - x[row -> other])^2 / (2 * rho^2))
let noise = where(index(row) == index(other), sigma, 0)
y ~ multi_normal[row](0, kernel + noise)`

/**
 * Over the logs of length, amplitude and noise. By hand: factor, its inverse and that of the matrix, each by dot products of rows that
 * lie one number after the other, triangles only; n^3 / 2 products in all.
 */
export function gaussianProcess(n: number): Pair {
  const x = Float64Array.from({ length: n }, (_, i) => (10 * i) / n)
  const y = x.map((v, i) => Math.sin(v) + 0.3 * Math.sin(12.9898 * i))
  const [rho, alpha, sigma] = [cell(-0.1), cell(0.2), cell(-1)]
  const [energy, dRho, dAlpha, dSigma] = [cell(), cell(), cell(), cell()]
  const [kernel, lower, inverse] = [new Float64Array(n * n), new Float64Array(n * n), new Float64Array(n * n)]
  const [white, weights] = [new Float64Array(n), new Float64Array(n)]
  const constant = 2 * HALF_LOG_TWO_PI - Math.log(2) + Math.log(24) - 5 * Math.log(5) + n * HALF_LOG_TWO_PI
  const run = (): void => {
    const [r, a, s] = [rho, alpha, sigma].map(([c]) => Math.exp(c as number)) as [number, number, number]
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const d = (x[i] as number) - (x[j] as number)
        const k = a * a * Math.exp((-d * d) / (2 * r * r))
        kernel[i * n + j] = k
        let rest = i === j ? k + s : k
        for (let m = 0; m < j; m++) rest -= (lower[i * n + m] as number) * (lower[j * n + m] as number)
        lower[i * n + j] = i === j ? Math.sqrt(rest) : rest / (lower[j * n + j] as number)
      }
    }
    let logs = 0
    let squares = 0
    for (let i = 0; i < n; i++) {
      let rest = y[i] as number
      for (let m = 0; m < i; m++) rest -= (lower[i * n + m] as number) * (white[m] as number)
      white[i] = rest / (lower[i * n + i] as number)
      logs += Math.log(lower[i * n + i] as number)
      squares += (white[i] as number) ** 2
    }
    // Row j of `inverse` is column j of the factor's.
    for (let j = 0; j < n; j++) {
      let weight = 0
      for (let i = j; i < n; i++) {
        let rest = i === j ? 1 : 0
        for (let m = j; m < i; m++) rest -= (lower[i * n + m] as number) * (inverse[j * n + m] as number)
        inverse[j * n + i] = rest / (lower[i * n + i] as number)
        weight += (inverse[j * n + i] as number) * (white[i] as number)
      }
      weights[j] = weight
    }
    let byRho = 0
    let byAlpha = 0
    let trace = 0
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let dot = -(weights[i] as number) * (weights[j] as number)
        for (let m = i; m < n; m++) dot += (inverse[i * n + m] as number) * (inverse[j * n + m] as number)
        const d = (x[i] as number) - (x[j] as number)
        const part = (i === j ? 0.5 : 1) * dot * (kernel[i * n + j] as number)
        byAlpha += 2 * part
        byRho += (part * d * d) / (r * r)
        if (i === j) trace += 0.5 * dot
      }
    }
    const priors = 5 * r - 5 * Math.log(r) + (a * a) / 8 - Math.log(a) + (s * s) / 2 - Math.log(s)
    energy[0] = constant + priors + logs + 0.5 * squares
    dRho[0] = 5 * r - 5 + byRho
    dAlpha[0] = (a * a) / 4 - 1 + byAlpha
    dSigma[0] = s * s - 1 + s * trace
  }
  return pair(
    `Gaussian process, ${n} points`,
    {
      text,
      reading: 'sampling',
      sizes: { row: n },
      fixed: { x, y },
      coordinates: { 'coordinate:rho': rho, 'coordinate:alpha': alpha, 'coordinate:sigma': sigma },
    },
    { outputs: { energy, 'gradient:rho': dRho, 'gradient:alpha': dAlpha, 'gradient:sigma': dSigma }, run },
  )
}
