import { running } from './welford.ts'

/**
 * A diagonal inverse metric from draws and the gradients of their log density: the square root of the variance of each coordinate over
 * that of its gradient. Where coordinates are normal and independent it is their variances, whatever the draws are; elsewhere it is the
 * diagonal that gives the preconditioned density the least Fisher divergence from a standard normal one (nutpie;
 * Seyboldt, Carlson and Carpenter, Preconditioning Hamiltonian Monte Carlo by minimizing Fisher divergence).
 */
export interface GradientVariances {
  readonly count: number
  add(q: Float64Array, gradient: Float64Array): void
  /** Puts the estimate into `inverse`; a coordinate of which it is no positive number keeps what it has there. */
  estimate(inverse: Float64Array): void
  restart(): void
  state(): readonly number[]
  resume(state: readonly number[]): void
}

export function gradientVariances(dimension: number): GradientVariances {
  const [draws, gradients] = [running(dimension), running(dimension)]
  return {
    get count() {
      return draws.count
    },
    add(q, gradient) {
      draws.add(q)
      gradients.add(gradient)
    },
    estimate(inverse) {
      for (let i = 0; i < dimension; i += 1) {
        const found = Math.sqrt((draws.squares[i] as number) / (gradients.squares[i] as number))
        if (found > 0 && found < Number.POSITIVE_INFINITY) inverse[i] = found
      }
    },
    restart() {
      draws.restart()
      gradients.restart()
    },
    state: () => [...draws.state(), ...gradients.state()],
    resume(state) {
      const half = state.length / 2
      draws.resume(state.slice(0, half))
      gradients.resume(state.slice(half))
    },
  }
}
