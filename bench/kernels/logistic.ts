import { type EnergyOptions, normals, type Pair, pair, uniforms } from './pair.ts'

/** Logistic regression with standard normal priors (up to a constant). */
export const logisticEnergy: EnergyOptions = {
  fixed: [
    ['x', ['row', 'feature']],
    ['y', ['row']],
  ],
  moving: [
    ['a', []],
    ['w', ['feature']],
  ],
  energy: (m, input) => {
    const [x, y, a, w] = ['x', 'y', 'a', 'w'].map(input) as [number, number, number, number]
    const eta = m.add(a, m.sum(['feature'], m.mul(x, w)))
    const prior = m.mul(m.k(0.5), m.add(m.square(a), m.sum(['feature'], m.square(w))))
    return m.add(prior, m.sum(['row'], m.sub(m.softplus(eta), m.mul(y, eta))))
  },
}

export function logistic(rows: number, features: number): Pair {
  const x = normals(rows * features, 1)
  const w = normals(features, 2).map((v) => v / Math.sqrt(features))
  const a = Float64Array.of(0.3)
  const chance = uniforms(rows, 3)
  const y = chance.map((u, i) => (u < 1 / (1 + Math.exp(-(x[i * features] as number))) ? 1 : 0))
  const [energy, dA, dW] = [new Float64Array(1), new Float64Array(1), new Float64Array(features)]
  const run = (): void => {
    const a0 = a[0] as number
    let total = 0.5 * a0 * a0
    for (let j = 0; j < features; j++) {
      const v = w[j] as number
      total += 0.5 * v * v
      dW[j] = v
    }
    let da = a0
    for (let i = 0, base = 0; i < rows; i++, base += features) {
      let s0 = a0
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
      da += r
      for (j = 0; j < features - 3; j += 4) {
        dW[j] = (dW[j] as number) + r * (x[base + j] as number)
        dW[j + 1] = (dW[j + 1] as number) + r * (x[base + j + 1] as number)
        dW[j + 2] = (dW[j + 2] as number) + r * (x[base + j + 2] as number)
        dW[j + 3] = (dW[j + 3] as number) + r * (x[base + j + 3] as number)
      }
      for (; j < features; j++) dW[j] = (dW[j] as number) + r * (x[base + j] as number)
    }
    energy[0] = total
    dA[0] = da
  }
  return pair(
    `logistic regression, ${rows} x ${features}`,
    logisticEnergy,
    { row: rows, feature: features },
    {
      inputs: { x, y, a, w },
      outputs: { energy, 'gradient:a': dA, 'gradient:w': dW },
      run,
    },
  )
}
