import { factorise } from '../../base/linear/cholesky.ts'
import type { MatrixPart } from '../../base/linear/part.ts'
import { solveLower, solveLowerTransposed } from '../../base/linear/substitution.ts'
import { exp } from '../../base/special/exponential.ts'
import { log } from '../../base/special/logarithm.ts'
import { LOG_2_PI } from './normal.ts'
import { type FamilyStart, location, type NormalFamily } from './normal-family.ts'

/** How far the directions are from 0 at first, as a part of the standard deviations. */
const FIRST = 0.1

/**
 * A few directions in which coordinates vary together, beside what each does alone (Ong, Nott and Smith 2018): the covariance is
 * D (W + B B') D, with D the standard deviations at the start. Parameters: y, half the log of the diagonal W, and B row by row.
 */
export function lowRank(start: FamilyStart, rank: number): NormalFamily {
  const n = start.centre.length
  const { mean, settle, pull } = location(start)
  const scale = start.root.precisions().map((p) => 1 / Math.sqrt(p))
  const parameters = new Float64Array(2 * n + n * rank)
  const own = parameters.subarray(n, 2 * n)
  const along = parameters.subarray(2 * n)
  for (let k = 0; k < along.length; k += 1) along[k] = (FIRST * start.normal()) / Math.sqrt(rank)
  const inner = new Float64Array(rank * rank)
  const part: MatrixPart = { data: inner, at: 0, down: rank, across: 1 }
  const few = new Float64Array(rank)
  const column: MatrixPart = { data: few, at: 0, down: 1, across: 1 }
  const [width, x, score] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  let constant = 0

  /** score = (W + B B')^-1 x (Woodbury); few = (1 + B' W^-1 B)^-1 B' W^-1 x. */
  function solve(): void {
    few.fill(0)
    for (let i = 0; i < n; i += 1) {
      score[i] = (x[i] as number) / ((width[i] as number) * (width[i] as number))
      for (let j = 0; j < rank; j += 1) few[j] = (few[j] as number) + (along[i * rank + j] as number) * (score[i] as number)
    }
    solveLower(part, column, rank, 1)
    solveLowerTransposed(part, column, rank, 1)
    for (let i = 0; i < n; i += 1) {
      let sum = 0
      for (let j = 0; j < rank; j += 1) sum += (along[i * rank + j] as number) * (few[j] as number)
      score[i] = (score[i] as number) - sum / ((width[i] as number) * (width[i] as number))
    }
  }

  const shape: NormalFamily = {
    ...{ parameters, dimension: n, noise: n + rank },
    settle() {
      settle(parameters)
      constant = -0.5 * n * LOG_2_PI
      inner.fill(0)
      for (let i = 0; i < n; i += 1) {
        width[i] = exp(own[i] as number)
        constant -= (own[i] as number) + log(scale[i] as number)
        const w = (width[i] as number) * (width[i] as number)
        for (let j = 0; j < rank; j += 1) {
          const b = (along[i * rank + j] as number) / w
          for (let k = 0; k <= j; k += 1) inner[j * rank + k] = (inner[j * rank + k] as number) + b * (along[i * rank + k] as number)
        }
      }
      for (let j = 0; j < rank; j += 1) inner[j * rank + j] = 1 + (inner[j * rank + j] as number)
      factorise(part, rank)
      for (let j = 0; j < rank; j += 1) constant -= log(inner[j * rank + j] as number)
    },
    place(noise, q) {
      for (let i = 0; i < n; i += 1) {
        let sum = (width[i] as number) * (noise[i] as number)
        for (let j = 0; j < rank; j += 1) sum += (along[i * rank + j] as number) * (noise[n + j] as number)
        x[i] = sum
        q[i] = (mean[i] as number) + (scale[i] as number) * sum
      }
      solve()
      let square = 0
      for (let i = 0; i < n; i += 1) square += (x[i] as number) * (score[i] as number)
      return constant - 0.5 * square
    },
    pull(noise, slope, out) {
      for (let i = 0; i < n; i += 1) {
        const d = scale[i] as number
        const t = (slope[i] as number) * d + (score[i] as number)
        slope[i] = t / d
        out[n + i] = (out[n + i] as number) + t * (width[i] as number) * (noise[i] as number)
        for (let j = 0; j < rank; j += 1) {
          const at = 2 * n + i * rank + j
          out[at] = (out[at] as number) + t * (noise[n + j] as number)
        }
      }
      pull(slope, out)
    },
  }
  shape.settle()
  return shape
}
