import { type EnergyOptions, normals, type Pair, pair } from './pair.ts'

/** Modern Hopfield energy of Ramsauer et al. (2021), eq. 2, without its constants. */
export const hopfieldEnergy: EnergyOptions = {
  fixed: [
    ['xi', ['pattern', 'pixel']],
    ['beta', []],
  ],
  moving: [['x', ['pixel']]],
  energy: (m, input) => {
    const [xi, beta, x] = ['xi', 'beta', 'x'].map(input) as [number, number, number]
    const overlap = m.sum(['pixel'], m.mul(xi, x))
    return m.sub(m.mul(m.k(0.5), m.sum(['pixel'], m.square(x))), m.div(m.logsumexp(['pattern'], m.mul(beta, overlap)), beta))
  },
}

export function hopfield(patterns: number, pixels: number): Pair {
  const xi = normals(patterns * pixels, 1)
  const x = normals(pixels, 2)
  const beta = Float64Array.of(0.05)
  const [energy, dX, overlap] = [new Float64Array(1), new Float64Array(pixels), new Float64Array(patterns)]
  const run = (): void => {
    const b = beta[0] as number
    let top = Number.NEGATIVE_INFINITY
    for (let i = 0, base = 0; i < patterns; i++, base += pixels) {
      let s0 = 0
      let s1 = 0
      let s2 = 0
      let s3 = 0
      let j = 0
      for (; j < pixels - 3; j += 4) {
        s0 += (xi[base + j] as number) * (x[j] as number)
        s1 += (xi[base + j + 1] as number) * (x[j + 1] as number)
        s2 += (xi[base + j + 2] as number) * (x[j + 2] as number)
        s3 += (xi[base + j + 3] as number) * (x[j + 3] as number)
      }
      for (; j < pixels; j++) s0 += (xi[base + j] as number) * (x[j] as number)
      const s = b * (s0 + s1 + (s2 + s3))
      overlap[i] = s
      if (s > top) top = s
    }
    let total = 0
    for (let i = 0; i < patterns; i++) {
      const e = Math.exp((overlap[i] as number) - top)
      overlap[i] = e
      total += e
    }
    let norm = 0
    for (let j = 0; j < pixels; j++) {
      const v = x[j] as number
      norm += v * v
      dX[j] = v
    }
    for (let i = 0, base = 0; i < patterns; i++, base += pixels) {
      const p = (overlap[i] as number) / total
      let j = 0
      for (; j < pixels - 3; j += 4) {
        dX[j] = (dX[j] as number) - p * (xi[base + j] as number)
        dX[j + 1] = (dX[j + 1] as number) - p * (xi[base + j + 1] as number)
        dX[j + 2] = (dX[j + 2] as number) - p * (xi[base + j + 2] as number)
        dX[j + 3] = (dX[j + 3] as number) - p * (xi[base + j + 3] as number)
      }
      for (; j < pixels; j++) dX[j] = (dX[j] as number) - p * (xi[base + j] as number)
    }
    energy[0] = 0.5 * norm - (top + Math.log(total)) / b
  }
  return pair(
    `modern Hopfield, ${patterns} x ${pixels}`,
    hopfieldEnergy,
    { pattern: patterns, pixel: pixels },
    {
      inputs: { xi, x, beta },
      outputs: { energy, 'gradient:x': dX },
      run,
    },
  )
}
