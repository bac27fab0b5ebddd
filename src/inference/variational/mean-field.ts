import { exp } from '../../base/special/exponential.ts'
import { log } from '../../base/special/logarithm.ts'
import { LOG_2_PI } from './normal.ts'
import { type FamilyStart, location, type NormalFamily } from './normal-family.ts'

/** All coordinates independent. Parameters: y, and the log of each standard deviation relative to where it started. */
export function meanField(start: FamilyStart): NormalFamily {
  const n = start.centre.length
  const { mean, settle, pull } = location(start)
  const first = start.root.precisions().map((p) => 1 / Math.sqrt(p))
  const parameters = new Float64Array(2 * n)
  const sd = first.slice()
  let constant = 0
  const shape: NormalFamily = {
    ...{ parameters, dimension: n, noise: n },
    settle() {
      settle(parameters)
      constant = -0.5 * n * LOG_2_PI
      for (let i = 0; i < n; i += 1) {
        sd[i] = (first[i] as number) * exp(parameters[n + i] as number)
        constant -= log(sd[i] as number)
      }
    },
    place(noise, q) {
      let square = 0
      for (let i = 0; i < n; i += 1) {
        const e = noise[i] as number
        q[i] = (mean[i] as number) + (sd[i] as number) * e
        square += e * e
      }
      return constant - 0.5 * square
    },
    pull(noise, slope, out) {
      for (let i = 0; i < n; i += 1) {
        const [e, s] = [noise[i] as number, sd[i] as number]
        const t = (slope[i] as number) + e / s
        slope[i] = t
        out[n + i] = (out[n + i] as number) + t * s * e
      }
      pull(slope, out)
    },
  }
  shape.settle()
  return shape
}
