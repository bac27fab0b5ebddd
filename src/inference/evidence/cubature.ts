import { exp } from '../../base/special/exponential.ts'
import { log1p, log as logOf } from '../../base/special/logarithm.ts'

/** An integral by cells that were halved where it paid. */
export interface Cubature {
  /** log of the integral. */
  readonly log: number
  /** What the error may be, relative to the integral: the sum over cells of what two rules differ by. */
  readonly relativeError: number
  readonly evaluations: number
  readonly cells: number
}

/** An affine map of the numbers in which the integral is taken: y = centre + factor u, factor lower triangular, row-major. */
export interface IntegralChart {
  readonly centre: Float64Array
  readonly factor: Float64Array
}

export interface CubatureOptions {
  /** Halving ends at this relative error; 1e-10. */
  readonly goal?: number
  /** or after so many evaluations. */
  readonly most?: number
}

/** Kronrod's 15 nodes and weights, and those of Gauss's 7 among them (QUADPACK's qk15). */
const half = {
  nodes: [
    0.9914553711208126, 0.9491079123427585, 0.8648644233597691, 0.7415311855993945, 0.5860872354676911, 0.4058451513773972,
    0.20778495500789848, 0,
  ],
  kronrod: [
    0.022935322010529224, 0.06309209262997856, 0.10479001032225019, 0.14065325971552592, 0.1690047266392679, 0.19035057806478542,
    0.20443294007529889, 0.20948214108472782,
  ],
  gauss: [0, 0.1294849661688697, 0, 0.27970539148927664, 0, 0.3818300505051189, 0, 0.4179591836734694],
} as const

const nodes = [...half.nodes.map((x) => -x), ...half.nodes.slice(0, 7).toReversed()]
const mirrored = (w: readonly number[]): readonly number[] => [...w, ...w.slice(0, 7).toReversed()]
const [kronrod, gauss] = [mirrored(half.kronrod), mirrored(half.gauss)]

/** So many cells along each axis at first, so that narrow parts are not overlooked. */
const FIRST = { 1: 32, 2: 6 } as const

interface Cell {
  /** The middle and half the width along each axis. */
  readonly middle: readonly number[]
  readonly reach: readonly number[]
  /** Relative to exp(reference). */
  readonly integral: number
  readonly error: number
  readonly along: number
}

/**
 * log of the integral of exp(log) over the line or the plane, by globally adaptive Gauss-Kronrod rules (QUADPACK's qag; products of two
 * in the plane) in u = t / (1 - t^2), which takes in tails that fall off like powers. The chart should put most of the integral within a few
 * units of 0.
 */
export function cubature(log: (y: Float64Array) => number, { centre, factor }: IntegralChart, options: CubatureOptions = {}): Cubature {
  const dimension = centre.length as 1 | 2
  const { goal = 1e-10, most = dimension === 1 ? 100_000 : 400_000 } = options
  const [t, u, y] = [new Float64Array(dimension), new Float64Array(dimension), new Float64Array(dimension)]
  const stretched = Array.from(centre, (_, i) => logOf(factor[i * dimension + i] as number)).reduce((a, b) => a + b, 0)
  let reference = Number.NEGATIVE_INFINITY
  let evaluations = 0

  function logAt(): number {
    let stretch = stretched
    for (let i = 0; i < dimension; i += 1) {
      const rest = 1 - (t[i] as number) * (t[i] as number)
      u[i] = (t[i] as number) / rest
      stretch += log1p((t[i] as number) * (t[i] as number)) - 2 * logOf(rest)
    }
    for (let i = 0; i < dimension; i += 1) {
      y[i] = centre[i] as number
      for (let j = 0; j <= i; j += 1) y[i] = (y[i] as number) + (factor[i * dimension + j] as number) * (u[j] as number)
    }
    evaluations += 1
    const value = log(y)
    return value + stretch
  }

  /** Rules over a cell, relative to the largest value that was met so far, to which all others are brought. */
  function measured(middle: readonly number[], reach: readonly number[]): Cell {
    const values: number[] = []
    const walk = (axis: number): void => {
      for (const x of nodes) {
        t[axis] = (middle[axis] as number) + (reach[axis] as number) * x
        if (axis + 1 < dimension) walk(axis + 1)
        else values.push(logAt())
      }
    }
    walk(0)
    const top = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    if (top > reference) {
      const shrink = exp(reference - top)
      cells = cells.map((c) => ({ ...c, integral: c.integral * shrink, error: c.error * shrink }))
      reference = top
    }
    const heights = values.map((v) => exp(v - reference))
    const volume = reach.reduce((p, r) => p * r, 1)
    const by = (...rules: readonly (readonly number[])[]): number =>
      volume * heights.reduce((sum, h, i) => sum + h * placesOf(i).reduce((p, place, axis) => p * ((rules[axis] as readonly number[])[place] as number), 1), 0) // biome-ignore format: one sum
    const placesOf = (i: number): readonly number[] => (dimension === 1 ? [i] : [Math.floor(i / 15), i % 15])
    const rules = Array.from({ length: dimension }, () => kronrod)
    const integral = by(...rules)
    const apart = rules.map((_, axis) => Math.abs(by(...rules.map((r, a) => (a === axis ? gauss : r))) - integral))
    const along = (apart[1] ?? 0) > (apart[0] as number) ? 1 : 0
    return { middle, reach, integral, error: apart.reduce((a, b) => a + b, 0), along }
  }

  let cells: Cell[] = []
  const first = FIRST[dimension]
  const places = Array.from({ length: first }, (_, i) => -1 + (2 * i + 1) / first)
  for (const a of places) {
    for (const b of dimension === 1 ? [0] : places) {
      // It may bring the cells before to another scale.
      const cell = dimension === 1 ? measured([a], [1 / first]) : measured([a, b], [1 / first, 1 / first])
      cells.push(cell)
    }
  }
  for (;;) {
    const total = cells.reduce((sum, c) => sum + c.integral, 0)
    const error = cells.reduce((sum, c) => sum + c.error, 0)
    const done = !(error > goal * total) || evaluations >= most || !Number.isFinite(reference)
    if (done) return { log: reference + logOf(total), relativeError: total > 0 ? error / total : 0, evaluations, cells: cells.length }
    // The worst cells that have half of the error together.
    const worst = cells.toSorted((a, b) => b.error - a.error)
    let [count, covered] = [0, 0]
    while (covered < error / 2 && count < worst.length) covered += (worst[count++] as Cell).error
    cells = worst.slice(count)
    for (const part of worst.slice(0, count).flatMap(halves)) {
      const cell = measured(part.middle, part.reach)
      cells.push(cell)
    }
  }
}

function halves({ middle, reach, along }: Cell): readonly Pick<Cell, 'middle' | 'reach'>[] {
  const less = reach.map((r, axis) => (axis === along ? r / 2 : r))
  return [-1, 1].map((side) => ({
    middle: middle.map((m, axis) => (axis === along ? m + side * (less[axis] as number) : m)),
    reach: less,
  }))
}
