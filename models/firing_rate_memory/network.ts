import { dot, type Random, type Vector } from 'amp-lang/experiment'

/** Of a network: mean activity, the currents of off and on, and the activation's slope and threshold. */
export interface Design {
  readonly activity: number
  readonly off: number
  readonly on: number
  readonly rho: number
  readonly threshold: number
}

export const inhibition: Design = { activity: 0.2, off: -0.3, on: 0.95, rho: 4.8, threshold: 0.2 }
export const excitation: Design = { ...inhibition, off: 0.1 }

export function phi({ rho, threshold }: Design, current: number): number {
  return 1 / (1 + Math.exp(-4 * rho * (current - threshold) + 2))
}

/** The rates of a memory at rest: phi of the two currents. */
export const rescaled = (design: Design, xi: Vector): Vector => xi.map((v) => phi(design, v === 1 ? design.on : design.off))

/**
 * Six memories of mean 0.2 whose pairs overlap in 0.04 of the neurons, exactly: some neurons are on in all of them, all others in
 * one. `size` is a multiple of 25.
 */
export function exactFamily(size: number): readonly Vector[] {
  const common = size / 25
  return Array.from({ length: 6 }, (_, k) => Array.from({ length: size }, (_n, i) => (i < common || (i - common) % 6 === k ? 1 : 0)))
}

/** Memories of exactly the mean activity, at random. */
export function randomFamily(random: Random, patterns: number, size: number): readonly Vector[] {
  return Array.from({ length: patterns }, () =>
    changed(
      random,
      Array.from({ length: size }, () => 0),
      0,
      size / 5,
    ),
  )
}

/** As many of the ones become zeros, and of the zeros ones. */
export function changed(random: Random, xi: Vector, ones: number, zeros: number): Vector {
  const order = xi.map((_, i) => ({ i, at: random.uniform() })).sort((a, b) => a.at - b.at)
  const flip = new Set(
    [1, 0].flatMap((v) =>
      order
        .filter(({ i }) => xi[i] === v)
        .slice(0, v === 1 ? ones : zeros)
        .map(({ i }) => i),
    ),
  )
  return xi.map((v, i) => (flip.has(i) ? 1 - v : v))
}

/** The share of units on the side of the middle that a memory says. */
export function unitsRight(design: Design, x: Vector, xi: Vector): number {
  const middle = (phi(design, design.on) + phi(design, design.off)) / 2
  return xi.filter((v, i) => (v === 1) === (x[i] as number) > middle).length / xi.length
}

/** Currents W x, by the matrix of the paper. */
export function currents(design: Design, memories: readonly Vector[], x: Vector): Vector {
  const { activity: q, on, off } = design
  const [high, low] = [phi(design, on), phi(design, off)]
  const alpha = (on - off) / (high - low)
  const gamma = (q * on + (1 - q) * off) / (q * high + (1 - q) * low)
  const overlaps = memories.map((xi) =>
    dot(
      xi.map((v) => v - q),
      x,
    ),
  )
  const uniform = (gamma / x.length) * x.reduce((a, b) => a + b, 0)
  return x.map(
    (_, i) =>
      (alpha / (x.length * q * (1 - q))) * memories.reduce((s, xi, k) => s + ((xi[i] as number) - q) * (overlaps[k] as number), 0) +
      uniform,
  )
}
