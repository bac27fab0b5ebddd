import { factorise } from '../../base/linear/cholesky.ts'
import { exp } from '../../base/special/exponential.ts'
import { log as logOf } from '../../base/special/logarithm.ts'
import type { LogDensity, NoiseSource } from '../density/density.ts'
import { essMean } from '../diagnostics/ess.ts'
import { variance } from '../diagnostics/moments.ts'
import { logMeanExp, logSumExp } from './log-mean.ts'

export interface Bridged {
  readonly logIntegral: number
  /** Of the integral: the square root of its relative mean squared error. */
  readonly relativeError: number
  readonly iterations: number
}

const MOST_ITERATIONS = 1000

/**
 * The integral of a density from draws of it, by bridge sampling (Meng and Wong 1996) with their optimal bridge between it and a normal
 * density: that has the mean and the covariance of the first half of each chain, the second halves are weighed, as in the package
 * bridgesampling (Gronau, Singmann and Wagenmakers 2020). Its error by Fruehwirth-Schnatter (2004), draws of chains counted by their
 * effective number. `chains`: [draw, coordinate], row-major. Undefined where the covariance is singular.
 */
export function bridge(density: LogDensity, chains: readonly Float64Array[], stream: NoiseSource): Bridged | undefined {
  const n = density.dimension
  const rows = (chain: Float64Array): number => Math.floor(chain.length / n / 2)
  const proposal = normalOf(
    chains.map((c) => c.subarray(0, rows(c) * n)),
    n,
  )
  if (proposal === undefined) return undefined
  const gradient = new Float64Array(n)
  const ratioAt = (q: Float64Array): number => density.evaluate(q, gradient) - proposal.log(q)
  const own = chains.map((c) =>
    Float64Array.from({ length: rows(c) }, (_, d) => ratioAt(c.subarray((rows(c) + d) * n, (rows(c) + d + 1) * n))),
  )
  const drawn = own.reduce((sum, c) => sum + c.length, 0)
  const q = new Float64Array(n)
  const other = Float64Array.from({ length: drawn }, () => {
    proposal.draw(stream, q)
    const ratio = ratioAt(q)
    return Number.isNaN(ratio) ? Number.NEGATIVE_INFINITY : ratio
  })
  const effective = Math.min(drawn, Math.max(1, essMean(own) || drawn))
  return solved(own, other, effective)
}

/** The fixed point of Meng and Wong's iteration, in logs throughout. `own`, `other`: log f / g at draws of f and of g. */
function solved(own: readonly Float64Array[], other: Float64Array, effective: number): Bridged {
  const all = Float64Array.from(own.flatMap((c) => [...c]))
  const [s1, s2] = [logOf(effective / (effective + other.length)), logOf(other.length / (effective + other.length))]
  let [log, iterations] = [all.toSorted()[all.length >> 1] as number, 0]
  const bottom = (ratio: number): number => logSumExp([s1 + ratio, s2 + log])
  for (; iterations < MOST_ITERATIONS; iterations += 1) {
    const up = logMeanExp(other.map((l) => (l === Number.NEGATIVE_INFINITY ? l : l - bottom(l))))
    const down = logMeanExp(all.map((l) => -bottom(l)))
    const next = up - down
    const isDone = !(Math.abs(next - log) > 1e-12 * (1 + Math.abs(next)))
    log = next
    if (isDone) break
  }
  const first = other.map((l) => (l === Number.NEGATIVE_INFINITY ? 0 : exp(l - bottom(l))))
  const second = own.map((c) => c.map((l) => exp(log - bottom(l))))
  const flat = Float64Array.from(second.flatMap((c) => [...c]))
  const independent = Math.min(flat.length, Math.max(1, essMean(second) || flat.length))
  const part = (x: Float64Array, count: number): number => variance(x) / (mean(x) * mean(x) * count)
  return { logIntegral: log, relativeError: Math.sqrt(part(first, first.length) + part(flat, independent)), iterations }
}

function mean(x: Float64Array): number {
  return x.reduce((a, b) => a + b, 0) / x.length
}

/** The normal density with the mean and the covariance of draws. */
function normalOf(chains: readonly Float64Array[], n: number) {
  const count = chains.reduce((sum, c) => sum + c.length / n, 0)
  const centre = new Float64Array(n)
  const factor = new Float64Array(n * n)
  for (const c of chains) for (let i = 0; i < c.length; i += 1) centre[i % n] = (centre[i % n] as number) + (c[i] as number) / count
  for (const c of chains) {
    for (let from = 0; from < c.length; from += n) {
      for (let i = 0; i < n; i += 1) {
        const off = ((c[from + i] as number) - (centre[i] as number)) / (count - 1)
        for (let j = 0; j <= i; j += 1)
          factor[i * n + j] = (factor[i * n + j] as number) + off * ((c[from + j] as number) - (centre[j] as number))
      }
    }
  }
  factorise({ data: factor, at: 0, down: n, across: 1 }, n)
  let constant = -0.5 * n * logOf(2 * Math.PI)
  for (let i = 0; i < n; i += 1) constant -= logOf(factor[i * n + i] as number)
  if (!Number.isFinite(constant)) return undefined
  const z = new Float64Array(n)
  return {
    log(q: Float64Array): number {
      let sum = constant
      for (let i = 0; i < n; i += 1) {
        let rest = (q[i] as number) - (centre[i] as number)
        for (let j = 0; j < i; j += 1) rest -= (factor[i * n + j] as number) * (z[j] as number)
        z[i] = rest / (factor[i * n + i] as number)
        sum -= 0.5 * (z[i] as number) * (z[i] as number)
      }
      return sum
    },
    draw(stream: NoiseSource, q: Float64Array): void {
      for (let i = 0; i < n; i += 1) z[i] = stream.normal()
      for (let i = 0; i < n; i += 1) {
        let sum = centre[i] as number
        for (let j = 0; j <= i; j += 1) sum += (factor[i * n + j] as number) * (z[j] as number)
        q[i] = sum
      }
    },
  }
}
