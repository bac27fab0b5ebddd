/** Running mean and (co)variances of vectors (Welford 1962), regularised as Stan does for its metric. */
export interface Estimator {
  readonly count: number
  add(q: Float64Array): void
  /**
   * The sample (co)variance of the vectors so far, shrunk towards 1e-3 times the identity as if by five more vectors:
   * n/(n+5) S + 1e-3 * 5/(n+5) I (Stan, `var_adaptation`, `covar_adaptation`). Row-major when dense.
   */
  estimate(): Float64Array
  restart(): void
  /** Its memory: count, means, sums of squares. */
  state(): readonly number[]
  resume(state: readonly number[]): void
}

/** Running means of vectors, and sums of squares of what they differ by. */
export interface RunningSquares {
  readonly count: number
  readonly squares: Float64Array
  add(x: Float64Array): void
  restart(): void
  state(): readonly number[]
  resume(state: readonly number[]): void
}

export function running(dimension: number): RunningSquares {
  return estimator(dimension, dimension, eachSquared)
}

export function variances(dimension: number): Estimator {
  return estimator(dimension, dimension, eachSquared)
}

export function covariances(dimension: number): Estimator {
  return estimator(dimension, dimension * dimension, (mean, old, q, squares) => {
    for (let i = 0; i < dimension; i += 1) {
      const late = (q[i] as number) - (mean[i] as number)
      for (let j = 0; j < dimension; j += 1) {
        squares[i * dimension + j] = (squares[i * dimension + j] as number) + late * (old[j] as number)
      }
    }
  })
}

function eachSquared(mean: Float64Array, old: Float64Array, q: Float64Array, squares: Float64Array): void {
  for (let i = 0; i < mean.length; i += 1) {
    squares[i] = (squares[i] as number) + (old[i] as number) * ((q[i] as number) - (mean[i] as number))
  }
}

type WelfordUpdate = (mean: Float64Array, old: Float64Array, q: Float64Array, squares: Float64Array) => void

function estimator(dimension: number, size: number, accumulate: WelfordUpdate): Estimator & RunningSquares {
  const mean = new Float64Array(dimension)
  const old = new Float64Array(dimension)
  const squares = new Float64Array(size)
  let count = 0
  return {
    squares,
    get count() {
      return count
    },
    add(q) {
      count += 1
      for (let i = 0; i < dimension; i += 1) {
        old[i] = (q[i] as number) - (mean[i] as number)
        mean[i] = (mean[i] as number) + (old[i] as number) / count
      }
      accumulate(mean, old, q, squares)
    },
    estimate() {
      const weight = count < 2 ? 0 : count / (count + 5) / (count - 1)
      const out = squares.map((sum) => weight * sum)
      const stride = size === dimension ? 1 : dimension + 1
      for (let i = 0; i < dimension; i += 1) out[i * stride] = (out[i * stride] as number) + (1e-3 * 5) / (count + 5)
      return out
    },
    restart() {
      count = 0
      mean.fill(0)
      squares.fill(0)
    },
    state: () => [count, ...mean, ...squares],
    resume(state) {
      count = state[0] as number
      mean.set(state.slice(1, 1 + dimension))
      squares.set(state.slice(1 + dimension))
    },
  }
}
