import { cell, HALF_LOG_TWO_PI, normals, type Pair, pair } from './pair.ts'

type Store = { readonly xi: Float64Array; readonly x: Float64Array; readonly patterns: number; readonly pixels: number }

function store(patterns: number, pixels: number): Store {
  return { xi: normals(patterns * pixels, 1), x: normals(pixels, 2), patterns, pixels }
}

/** The modern Hopfield energy of Ramsauer et al. (2021), eq. 2, without its constants. */
export function hopfield(text: string, patterns: number, pixels: number): Pair {
  const { xi, x } = store(patterns, pixels)
  const beta = cell(0.05)
  const [energy, dX, weight] = [cell(), new Float64Array(pixels), new Float64Array(patterns)]
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
      weight[i] = s
      if (s > top) top = s
    }
    const total = exponentials(weight, top)
    let norm = 0
    for (let j = 0; j < pixels; j++) {
      const v = x[j] as number
      norm += v * v
      dX[j] = v
    }
    for (let i = 0, base = 0; i < patterns; i++, base += pixels) {
      const p = (weight[i] as number) / total
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
    {
      text,
      reading: 'retrieval',
      sizes: { pattern: patterns, pixel: pixels },
      fixed: { xi, beta },
      coordinates: { 'coordinate:x': x },
    },
    { outputs: { energy, 'gradient:x': dX }, run },
  )
}

/** Minus the log of a Gaussian kernel density estimate. */
export function density(text: string, patterns: number, pixels: number): Pair {
  const { xi, x } = store(patterns, pixels)
  const sigma = cell(9)
  const [energy, dX, weight] = [cell(), new Float64Array(pixels), new Float64Array(patterns)]
  const run = (): void => {
    const s = sigma[0] as number
    const half = -0.5 / (s * s)
    let top = Number.NEGATIVE_INFINITY
    for (let i = 0, base = 0; i < patterns; i++, base += pixels) {
      let s0 = 0
      let s1 = 0
      let s2 = 0
      let s3 = 0
      let j = 0
      for (; j < pixels - 3; j += 4) {
        const d0 = (x[j] as number) - (xi[base + j] as number)
        const d1 = (x[j + 1] as number) - (xi[base + j + 1] as number)
        const d2 = (x[j + 2] as number) - (xi[base + j + 2] as number)
        const d3 = (x[j + 3] as number) - (xi[base + j + 3] as number)
        s0 += d0 * d0
        s1 += d1 * d1
        s2 += d2 * d2
        s3 += d3 * d3
      }
      for (; j < pixels; j++) s0 += ((x[j] as number) - (xi[base + j] as number)) ** 2
      const l = half * (s0 + s1 + (s2 + s3))
      weight[i] = l
      if (l > top) top = l
    }
    const total = exponentials(weight, top)
    const scale = 1 / (total * s * s)
    for (let j = 0; j < pixels; j++) dX[j] = (x[j] as number) / (s * s)
    for (let i = 0, base = 0; i < patterns; i++, base += pixels) {
      const p = (weight[i] as number) * scale
      let j = 0
      for (; j < pixels - 3; j += 4) {
        dX[j] = (dX[j] as number) - p * (xi[base + j] as number)
        dX[j + 1] = (dX[j + 1] as number) - p * (xi[base + j + 1] as number)
        dX[j + 2] = (dX[j + 2] as number) - p * (xi[base + j + 2] as number)
        dX[j + 3] = (dX[j + 3] as number) - p * (xi[base + j + 3] as number)
      }
      for (; j < pixels; j++) dX[j] = (dX[j] as number) - p * (xi[base + j] as number)
    }
    energy[0] = pixels * (HALF_LOG_TWO_PI + Math.log(s)) + Math.log(patterns) - top - Math.log(total)
  }
  return pair(
    `kernel density, ${patterns} x ${pixels}`,
    {
      text,
      reading: 'retrieval',
      sizes: { pattern: patterns, pixel: pixels },
      fixed: { xi, sigma },
      coordinates: { 'coordinate:x': x },
    },
    { outputs: { energy, 'gradient:x': dX }, run },
  )
}

/** In place; returns their sum. */
function exponentials(l: Float64Array, top: number): number {
  let total = 0
  for (let i = 0; i < l.length; i++) {
    const e = Math.exp((l[i] as number) - top)
    l[i] = e
    total += e
  }
  return total
}
