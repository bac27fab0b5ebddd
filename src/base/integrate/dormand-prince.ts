import { errorNorm, type OdeSystem, type StepAttempt, type StepMethod, square, type Tolerances } from './system.ts'

/** Rows of the tableau (Dormand and Prince 1980, RK5(4)7M): the last one is the step itself. */
const rows: readonly (readonly number[])[] = [
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
]
const nodes = [1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1]
/** Fifth order less fourth. */
const errors = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40]
/** The fifth coefficient of the continuous extension (Hairer, Norsett and Wanner 1993, II.6). */
const dense = [
  -12715105075 / 11282082432,
  0,
  87487479700 / 32700410799,
  -10690763975 / 1880347072,
  701980252875 / 199316789632,
  -1453857185 / 822651844,
  69997945 / 29380423,
]

/** The end of the interval of stability along the negative axis is 3.3; so many steps near it in a row say that a system is stiff. */
const [EDGE, OFTEN, SELDOM] = [3.25, 15, 6]

/** The explicit Runge-Kutta pair of orders 5 and 4, with an interpolant of order 4. */
export function dormandPrince(system: OdeSystem, tolerances: Tolerances): StepMethod {
  const n = system.length
  const k = Array.from({ length: 7 }, () => new Float64Array(n))
  const [stage, before, end, error] = [new Float64Array(n), new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  const [last, lowest] = [k[6] as Float64Array, k[0] as Float64Array]
  const extension = Array.from({ length: 5 }, () => new Float64Array(n))
  let [from, length] = [0, 0]
  let [near, far] = [0, 0]

  /** Whether stability holds the step back: the largest eigenvalue along the step, from two stages at its end. */
  function isAtEdge(h: number, next: Float64Array): boolean {
    const sixth = k[5] as Float64Array
    let [rates, places] = [0, 0]
    for (let i = 0; i < n; i += 1) {
      rates += square((last[i] as number) - (sixth[i] as number))
      places += square((next[i] as number) - (stage[i] as number))
    }
    return places > 0 && h * Math.sqrt(rates / places) > EDGE
  }

  return {
    order: 4,
    growth: 10,
    begin(t, y) {
      system.rate(t, y, lowest)
      near = 0
      far = 0
    },
    attempt(t, y, h, next): StepAttempt {
      for (let s = 0; s < 6; s += 1) {
        const row = rows[s] as readonly number[]
        const place = s === 5 ? next : stage
        for (let i = 0; i < n; i += 1) {
          let sum = 0
          for (let j = 0; j <= s; j += 1) sum += (row[j] as number) * (k[j]?.[i] as number)
          place[i] = (y[i] as number) + h * sum
        }
        system.rate(t + (nodes[s] as number) * h, place, k[s + 1] as Float64Array)
      }
      for (let i = 0; i < n; i += 1) {
        let sum = 0
        for (let j = 0; j < 7; j += 1) sum += (errors[j] as number) * (k[j]?.[i] as number)
        error[i] = h * sum
      }
      before.set(y)
      end.set(next)
      from = t
      length = h
      if (isAtEdge(h, next)) {
        near += 1
        far = 0
      } else {
        far += 1
        if (far >= SELDOM) near = 0
      }
      return { error: errorNorm(error, y, next, tolerances), stiff: near >= OFTEN }
    },
    accept() {
      for (let i = 0; i < n; i += 1) {
        const difference = (end[i] as number) - (before[i] as number)
        const bend = length * (lowest[i] as number) - difference
        let sum = 0
        for (let j = 0; j < 7; j += 1) sum += (dense[j] as number) * (k[j]?.[i] as number)
        const [one, two, three, four, five] = extension as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
        one[i] = before[i] as number
        two[i] = difference
        three[i] = bend
        four[i] = difference - length * (last[i] as number) - bend
        five[i] = length * sum
      }
      lowest.set(last)
    },
    at(t, out) {
      const theta = length === 0 ? 0 : (t - from) / length
      const rest = 1 - theta
      const [one, two, three, four, five] = extension as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
      for (let i = 0; i < n; i += 1) {
        const inner = (four[i] as number) + rest * (five[i] as number)
        out[i] = (one[i] as number) + theta * ((two[i] as number) + rest * ((three[i] as number) + theta * inner))
      }
    },
  }
}
