import { exp } from '../../base/special/exponential.ts'
import { log } from '../../base/special/logarithm.ts'

/**
 * Step-size adaptation by Nesterov's dual averaging of log(step) (Hoffman & Gelman 2014, section 3.2), with Stan's
 * constants: gamma 0.05, t0 10, kappa 0.75 (the power of the count below).
 */
export interface DualAveraging {
  /** Takes the acceptance statistic of one step; gives the step size to try next. */
  learn(acceptance: number): number
  /** The averaged step size, to keep after warm-up. */
  average(): number
  /** Starts again around ten times `stepSize`. */
  restart(stepSize: number): void
  /** Its memory: centre, count, error, average. */
  state(): readonly number[]
  resume(state: readonly number[]): void
}

const gamma = 0.05
const t0 = 10

/** `target` is the acceptance statistic aimed at, in (0, 1); `stepSize` as in `restart`. */
export function dualAveraging(target: number, stepSize: number): DualAveraging {
  let centre = log(10 * stepSize)
  let count = 0
  let error = 0
  let average = 0
  return {
    learn(acceptance) {
      count += 1
      const eta = 1 / (count + t0)
      error = (1 - eta) * error + eta * (target - Math.min(1, acceptance))
      const x = centre - (error * Math.sqrt(count)) / gamma
      const weight = 1 / Math.sqrt(count * Math.sqrt(count))
      average = (1 - weight) * average + weight * x
      return exp(x)
    },
    average: () => exp(average),
    restart(size) {
      centre = log(10 * size)
      count = 0
      error = 0
      average = 0
    },
    state: () => [centre, count, error, average],
    resume(state) {
      ;[centre, count, error, average] = state as [number, number, number, number]
    },
  }
}
