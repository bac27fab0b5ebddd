import { exp } from '../../base/special/exponential.ts'
import { log } from '../../base/special/logarithm.ts'

/** So many of `tried` succeeded at a load, in one memory: its patterns share their noise, so that they are no independent tries. */
export interface Cluster {
  readonly count: number
  readonly tried: number
  readonly succeeded: number
}

export interface Threshold {
  readonly estimate: number
  readonly interval: readonly [number, number]
}

/** 0.975 quantile of the normal distribution. */
const Z = 1.959963984540054

/**
 * The load at which a share `level` succeeds, by logistic regression on the log of the load, and its interval at 95 %: the delta method with
 * variances that hold where tries of one memory are alike (Liang and Zeger 1986). Nothing where shares do not fall from above the level to below.
 */
export function thresholdOf(clusters: readonly Cluster[], level: number): Threshold | undefined {
  const centre = clusters.reduce((sum, c) => sum + log(c.count), 0) / clusters.length
  const at = (c: Cluster): number => log(c.count) - centre
  let [a, b] = [0, 0]
  for (let round = 0; round < 100; round += 1) {
    const { gradient, information } = sums(clusters, at, a, b)
    const step = solved(information, gradient)
    if (step === undefined) return undefined
    const shorter = Math.min(1, 5 / Math.max(1, Math.abs(step[0]), Math.abs(step[1])))
    a += shorter * step[0]
    b += shorter * step[1]
    if (Math.abs(b) > 1e3) return undefined
    if (Math.abs(step[0]) + Math.abs(step[1]) < 1e-10) break
  }
  if (!(b < 0)) return undefined
  const wanted = log(level / (1 - level))
  const place = (wanted - a) / b
  const { information, scores } = sums(clusters, at, a, b)
  const variance = sandwich(information, scores)
  if (variance === undefined) return undefined
  const [[aa, ab], [, bb]] = variance
  // d place / da = -1 / b, d place / db = -place / b.
  const error = Math.sqrt((aa + 2 * place * ab + place * place * bb) / (b * b))
  const of = (x: number): number => exp(x + centre)
  return { estimate: of(place), interval: [of(place - Z * error), of(place + Z * error)] }
}

type Two = readonly [number, number]
type Symmetric = readonly [Two, Two]

function sums(
  clusters: readonly Cluster[],
  at: (c: Cluster) => number,
  a: number,
  b: number,
): { gradient: Two; information: Symmetric; scores: readonly Two[] } {
  // A weak pull to 0 keeps the slope finite where shares fall from 1 to 0 at once.
  let [g0, g1, i00, i01, i11] = [0, -0.001 * b, 0, 0, 0.001]
  const scores: Two[] = []
  for (const c of clusters) {
    const x = at(c)
    const p = 1 / (1 + exp(-(a + b * x)))
    const rest = c.succeeded - c.tried * p
    const weight = c.tried * p * (1 - p)
    g0 += rest
    g1 += rest * x
    i00 += weight
    i01 += weight * x
    i11 += weight * x * x
    scores.push([rest, rest * x])
  }
  return { gradient: [g0, g1], information: [[i00 + 1e-9, i01], [i01, i11]], scores } // biome-ignore format: a matrix
}

function inverse([[a, b], [, d]]: Symmetric): Symmetric | undefined {
  const determinant = a * d - b * b
  return determinant > 0 ? [[d / determinant, -b / determinant], [-b / determinant, a / determinant]] : undefined // biome-ignore format: a matrix
}

function times([[a, b], [c, d]]: Symmetric, [x, y]: Two): Two {
  return [a * x + b * y, c * x + d * y]
}

function solved(matrix: Symmetric, vector: Two): Two | undefined {
  const inverted = inverse(matrix)
  return inverted && times(inverted, vector)
}

/** The inverse of the information around the sum of squared scores, with the factor for few memories. */
function sandwich(information: Symmetric, scores: readonly Two[]): Symmetric | undefined {
  const bread = inverse(information)
  if (bread === undefined || scores.length < 3) return undefined
  const factor = scores.length / (scores.length - 2)
  let [aa, ab, bb] = [0, 0, 0]
  for (const score of scores) {
    const [x, y] = times(bread, score)
    aa += factor * x * x
    ab += factor * x * y
    bb += factor * y * y
  }
  return [[aa, ab], [ab, bb]] // biome-ignore format: a matrix
}
