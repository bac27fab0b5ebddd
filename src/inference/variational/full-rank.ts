import type { MatrixPart } from '../../base/linear/part.ts'
import { solveLowerTransposed } from '../../base/linear/substitution.ts'
import { exp } from '../../base/special/exponential.ts'
import { LOG_2_PI } from './normal.ts'
import type { FamilyStart, NormalFamily } from './normal-family.ts'

/**
 * Any covariance: R S S' R' for a lower triangle S, which starts as the identity. Parameters: y, and S row by row, its diagonal by
 * logarithms.
 */
export function fullRank({ centre, root }: FamilyStart): NormalFamily {
  const n = centre.length
  const parameters = new Float64Array(n + (n * (n + 1)) / 2)
  const lower = new Float64Array(n * n)
  const part: MatrixPart = { data: lower, at: 0, down: n, across: 1 }
  const score = new Float64Array(n)
  const column: MatrixPart = { data: score, at: 0, down: 1, across: 1 }
  let constant = 0
  const shape: NormalFamily = {
    ...{ parameters, dimension: n, noise: n },
    settle() {
      constant = -0.5 * n * LOG_2_PI - root.logDeterminant
      let at = n
      for (let i = 0; i < n; i += 1) {
        for (let j = 0; j < i; j += 1) lower[i * n + j] = parameters[at++] as number
        constant -= parameters[at] as number
        lower[i * n + i] = exp(parameters[at++] as number)
      }
    },
    place(noise, q) {
      let square = 0
      for (let i = 0; i < n; i += 1) {
        let sum = parameters[i] as number
        for (let j = 0; j <= i; j += 1) sum += (lower[i * n + j] as number) * (noise[j] as number)
        q[i] = sum
        square += (noise[i] as number) * (noise[i] as number)
      }
      root.apply(q, q)
      for (let i = 0; i < n; i += 1) q[i] = (q[i] as number) + (centre[i] as number)
      return constant - 0.5 * square
    },
    pull(noise, slope, out) {
      root.applyTransposed(slope, slope)
      score.set(noise)
      solveLowerTransposed(part, column, n, 1)
      let at = n
      for (let i = 0; i < n; i += 1) {
        const t = (slope[i] as number) + (score[i] as number)
        out[i] = (out[i] as number) + t
        for (let j = 0; j < i; j += 1) {
          out[at] = (out[at] as number) + t * (noise[j] as number)
          at += 1
        }
        out[at] = (out[at] as number) + t * (noise[i] as number) * (lower[i * n + i] as number)
        at += 1
      }
    },
  }
  shape.settle()
  return shape
}
