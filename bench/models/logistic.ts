import { cell, HALF_LOG_TWO_PI, normals, type Pair, pair, uniforms } from './pair.ts'

/** Logistic regression. `knowing`: the kernel may rely on the number of features, which the model leaves to the data. */
export function logistic(text: string, rows: number, features: number, knowing = false): Pair {
  const x = normals(rows * features, 1)
  const w = normals(features, 2).map((v) => v / Math.sqrt(features))
  const b = cell(0.3)
  const chance = uniforms(rows, 3)
  const y = chance.map((u, i) => (u < 1 / (1 + Math.exp(-(x[i * features] as number))) ? 1 : 0))
  const [energy, dB, dW] = [cell(), cell(), new Float64Array(features)]
  const constant = HALF_LOG_TWO_PI * (features + 1) + features * Math.log(2.5) + Math.log(5)
  const run = features === 2 ? twoFeatures : manyFeatures
  return pair(
    `logistic regression, ${rows} x ${features}${knowing ? ', 2 known' : ''}`,
    {
      text,
      reading: 'sampling',
      sizes: { row: rows, feature: features },
      ...(knowing ? { assume: { feature: features } } : {}),
      fixed: { x, y },
      coordinates: { 'coordinate:b': b, 'coordinate:w': w },
    },
    { outputs: { energy, 'gradient:b': dB, 'gradient:w': dW }, run },
  )

  /** What someone writes who knows that there are two. */
  function twoFeatures(): void {
    const [b0, w0, w1] = [b[0] as number, w[0] as number, w[1] as number]
    let total = constant + (0.5 * b0 * b0) / 25 + (0.5 * (w0 * w0 + w1 * w1)) / 6.25
    let db = 0
    let d0 = 0
    let d1 = 0
    for (let i = 0; i < rows; i++) {
      const x0 = x[2 * i] as number
      const x1 = x[2 * i + 1] as number
      const eta = b0 + x0 * w0 + x1 * w1
      const e = Math.exp(-Math.abs(eta))
      const yi = y[i] as number
      total += Math.max(eta, 0) + Math.log1p(e) - yi * eta
      const r = (eta > 0 ? 1 : e) / (1 + e) - yi
      db += r
      d0 += r * x0
      d1 += r * x1
    }
    energy[0] = total
    dB[0] = db + b0 / 25
    dW[0] = d0 + w0 / 6.25
    dW[1] = d1 + w1 / 6.25
  }

  function manyFeatures(): void {
    const b0 = b[0] as number
    let total = constant + (0.5 * b0 * b0) / 25
    for (let j = 0; j < features; j++) {
      const v = w[j] as number
      total += (0.5 * v * v) / 6.25
      dW[j] = v / 6.25
    }
    let db = b0 / 25
    for (let i = 0, base = 0; i < rows; i++, base += features) {
      let s0 = b0
      let s1 = 0
      let s2 = 0
      let s3 = 0
      let j = 0
      for (; j < features - 3; j += 4) {
        s0 += (x[base + j] as number) * (w[j] as number)
        s1 += (x[base + j + 1] as number) * (w[j + 1] as number)
        s2 += (x[base + j + 2] as number) * (w[j + 2] as number)
        s3 += (x[base + j + 3] as number) * (w[j + 3] as number)
      }
      for (; j < features; j++) s0 += (x[base + j] as number) * (w[j] as number)
      const eta = s0 + s1 + (s2 + s3)
      const e = Math.exp(-Math.abs(eta))
      const yi = y[i] as number
      total += Math.max(eta, 0) + Math.log1p(e) - yi * eta
      const r = (eta > 0 ? 1 : e) / (1 + e) - yi
      db += r
      for (j = 0; j < features - 3; j += 4) {
        dW[j] = (dW[j] as number) + r * (x[base + j] as number)
        dW[j + 1] = (dW[j + 1] as number) + r * (x[base + j + 1] as number)
        dW[j + 2] = (dW[j + 2] as number) + r * (x[base + j + 2] as number)
        dW[j + 3] = (dW[j + 3] as number) + r * (x[base + j + 3] as number)
      }
      for (; j < features; j++) dW[j] = (dW[j] as number) + r * (x[base + j] as number)
    }
    energy[0] = total
    dB[0] = db
  }
}
