import { factorLu, solveLu } from '../linear/lu.ts'
import { pow } from '../special/pow.ts'
import { errorNorm, type OdeSystem, type StepAttempt, type StepMethod, square, type Tolerances } from './system.ts'

/**
 * Radau IIA of three stages and order 5, for stiff systems (Hairer and Wanner 1996, IV.8). The inverse of its tableau has one
 * real eigenvalue and a pair of complex ones, so that one real and one complex system of the size of y are solved in its place:
 * `T^-1 A^-1 T` is REAL beside COMPLEX - i TURN.
 */
const root = Math.sqrt(6)
const nodes = [(4 - root) / 10, (4 + root) / 10, 1] as const
const third = pow(3, 1 / 3)
const REAL = 3 + third * third - third
const COMPLEX = 3 + (third - third * third) / 2
const TURN = (pow(3, 5 / 6) + pow(3, 7 / 6)) / 2
const transform = [
  [0.09443876248897524, -0.1412552950209542, 0.03002919410514742],
  [0.2502131229653333, 0.20412935229379994, -0.3829421127572619],
  [1, 1, 0],
] as const
const inverse = [
  [4.178718591551904, 0.32768282076106237, 0.5233764454994495],
  [-4.178718591551904, -0.32768282076106237, 0.47662355450055044],
  [0.5028726349457868, -2.571926949855605, 0.5960392048282249],
] as const
/** The solution of third order that errors are held against, less the step. */
const errors = [(-13 - 7 * root) / 3, (-13 + 7 * root) / 3, -1 / 3] as const
/** Coefficients of the collocation polynomial through 0 and the stages, by powers of theta. */
const polynomial = [
  [13 / 3 + (7 * root) / 3, -23 / 3 - (22 * root) / 3, 10 / 3 + 5 * root],
  [13 / 3 - (7 * root) / 3, -23 / 3 + (22 * root) / 3, 10 / 3 - 5 * root],
  [1 / 3, -8 / 3, 10 / 3],
] as const

/** Newton's iterations of a step, and how much smaller than the errors allowed what is left of them must be. */
const [MOST_ITERATIONS, FEW, SLACK] = [7, 2, 0.03]

export function radau(system: OdeSystem & Required<Pick<OdeSystem, 'jacobian'>>, tolerances: Tolerances): StepMethod {
  const n = system.length
  const vector = (): Float64Array => new Float64Array(n)
  const rates = [vector(), vector(), vector()] as const
  const z = [vector(), vector(), vector()] as const
  const w = [vector(), vector(), vector()] as const
  const q = [vector(), vector(), vector()] as const
  const [start, before, place, error, scale] = [vector(), vector(), vector(), vector(), vector()]
  const jacobian = new Float64Array(n * n)
  const real = new Float64Array(n * n)
  const both = new Float64Array(4 * n * n)
  const [realPivots, bothPivots, pair] = [new Int32Array(n), new Int32Array(2 * n), new Float64Array(2 * n)]
  /** Whether there is a Jacobian that serves, and whether it is that of this very place. */
  let [serves, isHere] = [false, false]
  let iterations = 0
  let [from, length, kept] = [0, 0, 0]
  let hasPolynomial = false
  const tolerance = Math.max((10 * Number.EPSILON) / tolerances.relative, Math.min(SLACK, Math.sqrt(tolerances.relative)))

  function factor(h: number): boolean {
    for (let i = 0; i < n; i += 1)
      for (let j = 0; j < n; j += 1) {
        const slope = jacobian[i * n + j] as number
        const [one, two] = i === j ? [REAL / h, COMPLEX / h] : [0, 0]
        real[i * n + j] = one - slope
        both[i * 2 * n + j] = two - slope
        both[(i + n) * 2 * n + j + n] = two - slope
        both[i * 2 * n + j + n] = i === j ? TURN / h : 0
        both[(i + n) * 2 * n + j] = i === j ? -TURN / h : 0
      }
    kept = h
    return factorLu(real, n, realPivots) && factorLu(both, 2 * n, bothPivots)
  }

  /** Stages by simplified Newton steps; how many were taken, or 0 where they do not meet. */
  function solve(t: number, y: Float64Array, h: number): number {
    let [largest, rate] = [Number.NaN, Number.NaN]
    for (let iteration = 1; iteration <= MOST_ITERATIONS; iteration += 1) {
      for (const s of [0, 1, 2] as const) {
        for (let i = 0; i < n; i += 1) place[i] = (y[i] as number) + (z[s][i] as number)
        system.rate(t + nodes[s] * h, place, rates[s])
      }
      const norm = newton(h)
      if (!Number.isFinite(norm)) return 0
      if (iteration > 1) {
        rate = norm / largest
        if (rate >= 1 || (pow(rate, MOST_ITERATIONS - iteration) / (1 - rate)) * norm > tolerance) return 0
      }
      for (const s of [0, 1, 2] as const) {
        for (let i = 0; i < n; i += 1) {
          const [a, b, c] = transform[s]
          z[s][i] = a * (w[0][i] as number) + b * (w[1][i] as number) + c * (w[2][i] as number)
        }
      }
      if (norm === 0 || (iteration > 1 && (rate / (1 - rate)) * norm < tolerance)) return iteration
      largest = norm
    }
    return 0
  }

  /** One Newton step of the transformed stages; its size in units of the tolerances. */
  function newton(h: number): number {
    const [turn, complex, first] = [TURN / h, COMPLEX / h, REAL / h]
    for (let i = 0; i < n; i += 1) {
      const f = [rates[0][i] as number, rates[1][i] as number, rates[2][i] as number] as const
      const of = ([a, b, c]: readonly [number, number, number]): number => a * f[0] + b * f[1] + c * f[2]
      q[0][i] = of(inverse[0]) - first * (w[0][i] as number)
      pair[i] = of(inverse[1]) - (complex * (w[1][i] as number) + turn * (w[2][i] as number))
      pair[i + n] = of(inverse[2]) - (complex * (w[2][i] as number) - turn * (w[1][i] as number))
    }
    solveLu(real, n, realPivots, q[0])
    solveLu(both, 2 * n, bothPivots, pair)
    let sum = 0
    for (let i = 0; i < n; i += 1) {
      const [a, b, c] = [q[0][i] as number, pair[i] as number, pair[i + n] as number]
      w[0][i] = (w[0][i] as number) + a
      w[1][i] = (w[1][i] as number) + b
      w[2][i] = (w[2][i] as number) + c
      sum += (a * a + b * b + c * c) / square(scale[i] as number)
    }
    return Math.sqrt(sum / (3 * Math.max(1, n)))
  }

  /** Stages as the polynomial of the last step has them further on, else where the step starts. */
  function guess(t: number, y: Float64Array, h: number): void {
    for (const s of [0, 1, 2] as const) {
      if (hasPolynomial) {
        along(t + nodes[s] * h, z[s])
        for (let i = 0; i < n; i += 1) z[s][i] = (z[s][i] as number) - (y[i] as number)
      } else z[s].fill(0)
    }
    for (let i = 0; i < n; i += 1) {
      const f = [z[0][i] as number, z[1][i] as number, z[2][i] as number] as const
      for (const s of [0, 1, 2] as const) {
        const [a, b, c] = inverse[s]
        w[s][i] = a * f[0] + b * f[1] + c * f[2]
      }
    }
  }

  const coefficients = [vector(), vector(), vector()] as const
  function along(t: number, out: Float64Array): void {
    const theta = length === 0 ? 0 : (t - from) / length
    for (let i = 0; i < n; i += 1) {
      const [a, b, c] = [coefficients[0][i] as number, coefficients[1][i] as number, coefficients[2][i] as number]
      out[i] = (before[i] as number) + theta * (a + theta * (b + theta * c))
    }
  }

  const tried = { t: 0, h: 0, y: vector() }
  return {
    order: 3,
    growth: 8,
    begin(t, y) {
      system.rate(t, y, start)
      serves = false
      hasPolynomial = false
    },
    attempt(t, y, h, next): StepAttempt {
      for (let i = 0; i < n; i += 1) scale[i] = tolerances.absolute + tolerances.relative * Math.abs(y[i] as number)
      for (;;) {
        if (!serves) {
          system.jacobian(t, y, jacobian)
          serves = true
          isHere = true
          kept = 0
        }
        if (kept !== h && !factor(h)) return { error: Number.NaN }
        guess(t, y, h)
        iterations = solve(t, y, h)
        if (iterations > 0) break
        if (isHere) return { error: Number.NaN }
        serves = false
      }
      for (let i = 0; i < n; i += 1) next[i] = (y[i] as number) + (z[2][i] as number)
      estimate(h, start)
      let size = errorNorm(error, y, next, tolerances)
      if (size > 1) {
        // What an error of a stiff part makes of the estimate is filtered once more.
        for (let i = 0; i < n; i += 1) place[i] = (y[i] as number) + (error[i] as number)
        system.rate(t, place, q[1])
        estimate(h, q[1])
        size = errorNorm(error, y, next, tolerances)
      }
      tried.t = t
      tried.h = h
      tried.y.set(y)
      return { error: size }
    },
    accept() {
      from = tried.t
      length = tried.h
      before.set(tried.y)
      for (let i = 0; i < n; i += 1) {
        for (const power of [0, 1, 2] as const) {
          coefficients[power][i] =
            (z[0][i] as number) * polynomial[0][power] +
            (z[1][i] as number) * polynomial[1][power] +
            (z[2][i] as number) * polynomial[2][power]
        }
        place[i] = (before[i] as number) + (z[2][i] as number)
      }
      hasPolynomial = true
      system.rate(from + length, place, start)
      isHere = false
      // Where iterations take long to meet, the next step is worth new slopes.
      if (iterations > FEW) serves = false
    },
    at: along,
  }

  function estimate(h: number, rate: Float64Array): void {
    for (let i = 0; i < n; i += 1) {
      const stages = (z[0][i] as number) * errors[0] + (z[1][i] as number) * errors[1] + (z[2][i] as number) * errors[2]
      error[i] = (rate[i] as number) + stages / h
    }
    solveLu(real, n, realPivots, error)
  }
}
