import type { Random, Vector } from 'amp-lang/experiment'

/**
 * Plain predictive coding with points for weights, for comparison: layers x_0 (the pattern) to x_3, x_l predicted by relu(x_{l+1}) W_l, E the
 * sum of squared errors, activations and weights found by Adam. Arithmetic of its own; no part of amp.
 */
export interface PredictiveCoding {
  readonly sizes: readonly number[]
  /** W_l over units of layer l + 1, and of layer l within. */
  readonly weights: readonly Float64Array[]
}

export function predictiveCoding(random: Random, pixels: number, width: number): PredictiveCoding {
  const sizes = [pixels, width, width, width]
  const weights = [0, 1, 2].map((l) => {
    const [below = 0, above = 0] = [sizes[l], sizes[l + 1]]
    return Float64Array.from({ length: below * above }, () => random.normal() / Math.sqrt(above))
  })
  return { sizes, weights }
}

/** Each pattern once: its activations are found, and then the weights go one step down. `rate`: of the step, over the noise variance. */
export function trainOnline(net: PredictiveCoding, random: Random, patterns: readonly Vector[], rate: number): void {
  for (const x of patterns) {
    const hidden = startOf(net, random)
    settle(net, Float64Array.from(x), hidden, 300, 0.01)
    const slopes = net.weights.map((w) => new Float64Array(w.length))
    descent(net, Float64Array.from(x), hidden, slopes)
    net.weights.forEach((w, l) => {
      for (let i = 0; i < w.length; i += 1) (w[i] as number) -= rate * (slopes[l]?.[i] as number)
    })
  }
}

/** All patterns again and again: their activations and the weights descend together. */
export function trainOffline(net: PredictiveCoding, random: Random, patterns: readonly Vector[], rounds: number): void {
  const all = patterns.map((x) => ({ x: Float64Array.from(x), hidden: startOf(net, random), adam: net.sizes.slice(1).map(adam) }))
  const steps = net.weights.map((w) => adam(w.length))
  for (let round = 0; round < rounds; round += 1) {
    const slopes = net.weights.map((w) => new Float64Array(w.length))
    for (const { x, hidden, adam: own } of all) {
      const slope = descent(net, x, hidden, slopes)
      for (const [l, h] of hidden.entries()) own[l]?.(h, slope[l] as Float64Array, 0.01)
    }
    const rate = 0.003 * Math.min(1, 3 * (1 - round / rounds))
    for (const [l, w] of net.weights.entries()) steps[l]?.(w, slopes[l] as Float64Array, rate)
  }
}

/** The pattern that the network makes of one of which pixels (NaN) are not known. */
export function recall(net: PredictiveCoding, random: Random, x: Vector): Vector {
  const hidden = startOf(net, random)
  const shown = Float64Array.from(x)
  settle(net, shown, hidden, 1000, 0.01)
  return Array.from(predicted(net, 0, hidden[0] as Float64Array))
}

function startOf({ sizes }: PredictiveCoding, random: Random): Float64Array[] {
  return sizes.slice(1).map((size) => Float64Array.from({ length: size }, () => random.normal() / Math.sqrt(size)))
}

function settle(net: PredictiveCoding, x: Float64Array, hidden: readonly Float64Array[], rounds: number, rate: number): void {
  const steps = hidden.map((h) => adam(h.length))
  for (let round = 0; round < rounds; round += 1) {
    const slope = descent(net, x, hidden)
    for (const [l, h] of hidden.entries()) steps[l]?.(h, slope[l] as Float64Array, rate)
  }
}

function predicted({ sizes, weights }: PredictiveCoding, l: number, above: Float64Array): Float64Array {
  const [w, size] = [weights[l] as Float64Array, sizes[l] as number]
  const out = new Float64Array(size)
  above.forEach((v, i) => {
    if (v > 0) for (let k = 0; k < size; k += 1) (out[k] as number) += v * (w[i * size + k] as number)
  })
  return out
}

/** The slope of E along the activations; that along the weights is added to `slopes`. */
function descent(
  net: PredictiveCoding,
  x: Float64Array,
  hidden: readonly Float64Array[],
  slopes?: readonly Float64Array[],
): Float64Array[] {
  const layers = [x, ...hidden]
  // The prior mean of the topmost is 0; pixels that are not known have no error.
  const errors = layers.map((layer, l) => {
    const mean = l + 1 < layers.length ? predicted(net, l, layers[l + 1] as Float64Array) : new Float64Array(layer.length)
    return layer.map((v, i) => (Number.isNaN(v) ? 0 : v - (mean[i] as number)))
  })
  return hidden.map((h, l) => {
    const [w, below] = [net.weights[l] as Float64Array, errors[l] as Float64Array]
    return h.map((v, i) => {
      let back = 0
      if (v > 0) {
        const from = i * below.length
        for (let k = 0; k < below.length; k += 1) back += (w[from + k] as number) * (below[k] as number)
        const slope = slopes?.[l]
        if (slope !== undefined) for (let k = 0; k < below.length; k += 1) (slope[from + k] as number) -= v * (below[k] as number)
      }
      return (errors[l + 1]?.[i] as number) - back
    })
  })
}

/** A step of Adam (Kingma and Ba 2015) with its usual constants. */
function adam(size: number): (at: Float64Array, slope: Float64Array, rate: number) => void {
  const [first, second] = [new Float64Array(size), new Float64Array(size)]
  let t = 0
  return (at, slope, rate) => {
    t += 1
    const scale = (rate * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t)
    for (let i = 0; i < size; i += 1) {
      const g = slope[i] as number
      first[i] = 0.9 * (first[i] as number) + 0.1 * g
      second[i] = 0.999 * (second[i] as number) + 0.001 * g * g
      ;(at[i] as number) -= (scale * (first[i] as number)) / (Math.sqrt(second[i] as number) + 1e-8)
    }
  }
}
