import { exp } from '../../base/special/exponential.ts'
import { expm1 } from '../../base/special/hyperbolic.ts'
import { log as logOf } from '../../base/special/logarithm.ts'

/** log of the sum of exp(x), however large they are; minus infinity of nothing. NaN where one is. */
export function logSumExp(logs: ArrayLike<number>): number {
  let most = Number.NEGATIVE_INFINITY
  for (let i = 0; i < logs.length; i += 1) {
    const x = logs[i] as number
    if (Number.isNaN(x)) return Number.NaN
    if (x > most) most = x
  }
  if (!Number.isFinite(most)) return most
  let sum = 0
  for (let i = 0; i < logs.length; i += 1) sum += exp((logs[i] as number) - most)
  return most + logOf(sum)
}

export function logMeanExp(logs: ArrayLike<number>): number {
  return logSumExp(logs) - logOf(logs.length)
}

/** The standard deviation of exp(x) over its mean: the relative error of one such number as an estimate of that mean. */
export function relativeSpread(logs: ArrayLike<number>): number {
  const centre = logMeanExp(logs)
  let sum = 0
  for (let i = 0; i < logs.length; i += 1) {
    const off = expm1((logs[i] as number) - centre)
    sum += off * off
  }
  return Math.sqrt(sum / (logs.length - 1))
}

/** A sum of exp(x) that numbers are added to one by one. */
export class LogSum {
  #most = Number.NEGATIVE_INFINITY
  #sum = 0
  #lost = 0

  add(log: number): void {
    if (log > this.#most) {
      const shrink = exp(this.#most - log)
      this.#sum *= shrink
      this.#lost *= shrink
      this.#most = log
    }
    if (log === Number.NEGATIVE_INFINITY) return
    // Kahan's: millions of small terms must not be lost one by one.
    const term = (log === this.#most ? 1 : exp(log - this.#most)) - this.#lost
    const next = this.#sum + term
    this.#lost = next - this.#sum - term
    this.#sum = next
  }

  log(): number {
    return this.#most === Number.NEGATIVE_INFINITY ? this.#most : this.#most + logOf(this.#sum)
  }
}
