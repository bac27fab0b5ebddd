import { log } from './special/logarithm.ts'
import { cos, sin } from './special/trigonometric.ts'

/**
 * Counter-based, splittable random numbers (Threefry-2x32, 20 rounds; Salmon et al. 2011, Random123). A key is two
 * 32-bit words; folding a name into a key gives an independent stream, so draws do not depend on the order or the
 * number of workers.
 */
export interface Key {
  readonly hi: number
  readonly lo: number
}

/** Threefry-2x32-20: encrypts the counter (x0, x1) under the key; writes two 32-bit words into `out`. */
export function threefry(k0: number, k1: number, x0: number, x1: number, out: Uint32Array): void {
  const k2 = k0 ^ k1 ^ 0x1bd11bda
  let a = (x0 + k0) | 0
  let b = (x1 + k1) | 0
  a = (a + b) | 0
  b = ((b << 13) | (b >>> 19)) ^ a
  a = (a + b) | 0
  b = ((b << 15) | (b >>> 17)) ^ a
  a = (a + b) | 0
  b = ((b << 26) | (b >>> 6)) ^ a
  a = (a + b) | 0
  b = ((b << 6) | (b >>> 26)) ^ a
  a = (a + k1) | 0
  b = (b + k2 + 1) | 0
  a = (a + b) | 0
  b = ((b << 17) | (b >>> 15)) ^ a
  a = (a + b) | 0
  b = ((b << 29) | (b >>> 3)) ^ a
  a = (a + b) | 0
  b = ((b << 16) | (b >>> 16)) ^ a
  a = (a + b) | 0
  b = ((b << 24) | (b >>> 8)) ^ a
  a = (a + k2) | 0
  b = (b + k0 + 2) | 0
  a = (a + b) | 0
  b = ((b << 13) | (b >>> 19)) ^ a
  a = (a + b) | 0
  b = ((b << 15) | (b >>> 17)) ^ a
  a = (a + b) | 0
  b = ((b << 26) | (b >>> 6)) ^ a
  a = (a + b) | 0
  b = ((b << 6) | (b >>> 26)) ^ a
  a = (a + k0) | 0
  b = (b + k1 + 3) | 0
  a = (a + b) | 0
  b = ((b << 17) | (b >>> 15)) ^ a
  a = (a + b) | 0
  b = ((b << 29) | (b >>> 3)) ^ a
  a = (a + b) | 0
  b = ((b << 16) | (b >>> 16)) ^ a
  a = (a + b) | 0
  b = ((b << 24) | (b >>> 8)) ^ a
  a = (a + k1) | 0
  b = (b + k2 + 4) | 0
  a = (a + b) | 0
  b = ((b << 13) | (b >>> 19)) ^ a
  a = (a + b) | 0
  b = ((b << 15) | (b >>> 17)) ^ a
  a = (a + b) | 0
  b = ((b << 26) | (b >>> 6)) ^ a
  a = (a + b) | 0
  b = ((b << 6) | (b >>> 26)) ^ a
  out[0] = (a + k2) | 0
  out[1] = (b + k0 + 5) | 0
}

/** A key from a whole-number seed (any non-negative safe integer; 0 is a seed like any other). */
export function keyFromSeed(seed: number): Key {
  return { hi: Math.floor(seed / 0x100000000) >>> 0, lo: seed >>> 0 }
}

/** The key of a named or numbered part of the work under `key`. */
export function fold(key: Key, part: string | number): Key {
  const out = new Uint32Array(2)
  if (typeof part === 'number') {
    threefry(key.hi, key.lo, Math.floor(part / 0x100000000) >>> 0, part >>> 0, out)
    return { hi: out[0] as number, lo: out[1] as number }
  }
  // Names are absorbed character by character under a marked counter, so no name collides with a number.
  let state = key
  for (let i = 0; i <= part.length; i += 1) {
    const word = i < part.length ? part.charCodeAt(i) : 0x10000 + part.length
    threefry(state.hi, state.lo, 0x80000000 | (i & 0x7fffffff), word, out)
    state = { hi: out[0] as number, lo: out[1] as number }
  }
  return state
}

/** Where a stream is: how many numbers were taken, and the normal number that is left over, if one is. */
export interface StreamState {
  readonly counter: number
  readonly spare?: number
}

/** A sequence of random numbers under one key. */
export class Stream {
  readonly #k0: number
  readonly #k1: number
  readonly #out = new Uint32Array(2)
  #counter = 0
  #spare = Number.NaN

  constructor(key: Key) {
    this.#k0 = key.hi | 0
    this.#k1 = key.lo | 0
  }

  state(): StreamState {
    return Number.isNaN(this.#spare) ? { counter: this.#counter } : { counter: this.#counter, spare: this.#spare }
  }

  /** Goes on from where a stream under the same key was. */
  restore({ counter, spare = Number.NaN }: StreamState): void {
    this.#counter = counter
    this.#spare = spare
  }

  /** Uniform on the open interval (0, 1), in steps of 2^-52. */
  uniform(): number {
    threefry(this.#k0, this.#k1, (this.#counter / 0x100000000) | 0, this.#counter | 0, this.#out)
    this.#counter += 1
    const high = (this.#out[0] as number) >>> 6
    const low = (this.#out[1] as number) >>> 6
    return (high * 0x4000000 + low + 0.5) / 0x10000000000000
  }

  /** Standard normal (Box-Muller, both values used). */
  normal(): number {
    if (!Number.isNaN(this.#spare)) {
      const value = this.#spare
      this.#spare = Number.NaN
      return value
    }
    const radius = Math.sqrt(-2 * log(this.uniform()))
    const angle = 2 * Math.PI * this.uniform()
    this.#spare = radius * sin(angle)
    return radius * cos(angle)
  }

  /** Standard exponential. */
  exponential(): number {
    return -log(this.uniform())
  }

  /** A whole number from 0 to n - 1. */
  integer(n: number): number {
    return Math.min(n - 1, Math.floor(this.uniform() * n))
  }
}
