import { squared } from '../../base/special/pow.ts'
import { cos as cosOf, sin as sinOf } from '../../base/special/trigonometric.ts'
import { mean } from './moments.ts'

/** Lags computed one by one before all are computed at once. */
const few = 64

/**
 * Autocovariances of a series by lag, divided by n at every lag (as ArviZ and posterior do). The first lags, all that a
 * well-mixed chain needs, are sums; beyond them one fast Fourier transform gives the rest.
 */
export function autocovariance(x: Float64Array): (lag: number) => number {
  const centre = mean(x)
  const centred = x.map((v) => v - centre)
  let all: Float64Array | undefined
  return (lag) => {
    if (lag < few) return lagged(centred, lag)
    all ??= transformed(centred)
    return all[lag] as number
  }
}

function lagged(x: Float64Array, lag: number): number {
  let sum = 0
  for (let i = lag; i < x.length; i += 1) sum += (x[i] as number) * (x[i - lag] as number)
  return sum / x.length
}

/** All lags: the power spectrum of the series padded with zeros, transformed back. */
function transformed(x: Float64Array): Float64Array {
  const size = powerAtLeast(2 * x.length)
  const re = new Float64Array(size)
  const im = new Float64Array(size)
  re.set(x)
  fourier(re, im)
  for (let i = 0; i < size; i += 1) {
    re[i] = squared(re[i] as number) + squared(im[i] as number)
    im[i] = 0
  }
  // The spectrum is real and even, so the forward transform is the inverse up to the size.
  fourier(re, im)
  return re.slice(0, x.length).map((v) => v / size / x.length)
}

/** Radix-2 Cooley-Tukey in place; the length is a power of two. */
export function fourier(re: Float64Array, im: Float64Array): void {
  reverseBits(re, im)
  for (let half = 1; half < re.length; half *= 2) {
    for (let k = 0; k < half; k += 1) {
      const cos = cosOf((-Math.PI * k) / half)
      const sin = sinOf((-Math.PI * k) / half)
      for (let i = k; i < re.length; i += 2 * half) butterfly(re, im, i, i + half, cos, sin)
    }
  }
}

function butterfly(re: Float64Array, im: Float64Array, i: number, j: number, cos: number, sin: number): void {
  const r = (re[j] as number) * cos - (im[j] as number) * sin
  const s = (re[j] as number) * sin + (im[j] as number) * cos
  re[j] = (re[i] as number) - r
  im[j] = (im[i] as number) - s
  re[i] = (re[i] as number) + r
  im[i] = (im[i] as number) + s
}

function reverseBits(re: Float64Array, im: Float64Array): void {
  for (let i = 1, j = 0; i < re.length; i += 1) {
    let bit = re.length >> 1
    for (; j & bit; bit >>= 1) j ^= bit
    j ^= bit
    if (i < j) {
      swap(re, i, j)
      swap(im, i, j)
    }
  }
}

function swap(x: Float64Array, i: number, j: number): void {
  const t = x[i] as number
  x[i] = x[j] as number
  x[j] = t
}

/** The least power of two that is not below n. */
function powerAtLeast(n: number): number {
  let power = 1
  while (power < n) power *= 2
  return power
}
