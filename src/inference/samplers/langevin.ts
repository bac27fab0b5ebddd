import { preconditionedStep } from '../../base/preconditioned-step.ts'
import { exp } from '../../base/special/exponential.ts'
import { squared } from '../../base/special/pow.ts'
import type { LogDensity, NoiseSource } from '../density/density.ts'
import { copy } from './leapfrog.ts'

export interface LangevinState {
  readonly x: Float64Array
  /** dE/dx at x, where E is minus the log density. */
  readonly gradient: Float64Array
  /** E at x, nats. */
  energy: number
}

/** What one step did; the same object is filled again by the next step. */
export interface LangevinInfo {
  /** Probability with which the proposal was (or, unadjusted, would have been) accepted. */
  acceptance: number
  accepted: boolean
  /** The proposal had no finite energy or gradient; the state stayed. */
  divergent: boolean
}

export interface LangevinOptions {
  /** Accept or reject, so that exp(-E/T) is invariant for any step; else every finite proposal is taken. */
  readonly adjusted?: boolean
  /** T of exp(-E/T), nats; 1. At 0 there is no noise: the unadjusted step is the retrieval step. */
  readonly temperature?: number
  /** Diagonal preconditioner P: one over the curvature, say; the identity. A coordinate with 0 does not move. */
  readonly preconditioner?: Float64Array
}

export interface Langevin {
  init(x: Float64Array): LangevinState
  /** Works the energy and its gradient out at the state's point, for a density that changed. */
  look(state: LangevinState): void
  /** x' = x - s P dE/dx + sqrt(2 T s P) xi, with s = `stepSize`. */
  step(state: LangevinState, stepSize: number, stream: NoiseSource): LangevinInfo
}

/**
 * Langevin dynamics with a constant diagonal preconditioner: Metropolis-adjusted (Roberts & Tweedie 1996) or not. E is
 * minus the log density given.
 */
export function langevin(density: LogDensity, options: LangevinOptions = {}): Langevin {
  const { adjusted = true, temperature = 1 } = options
  const n = density.dimension
  const preconditioner = options.preconditioner ?? new Float64Array(n).fill(1)
  const next: LangevinState = { x: new Float64Array(n), gradient: new Float64Array(n), energy: 0 }
  const noise = new Float64Array(n)
  const info: LangevinInfo = { acceptance: 0, accepted: false, divergent: false }

  function look(state: LangevinState): void {
    state.energy = -density.evaluate(state.x, state.gradient)
    for (let i = 0; i < n; i += 1) state.gradient[i] = -(state.gradient[i] as number)
  }

  /** Log of the ratio of the densities of going back and of having come; 0 without noise. */
  function backOverForth(state: LangevinState, stepSize: number): number {
    if (temperature === 0) return 0
    let sum = 0
    for (let i = 0; i < n; i += 1) {
      const p = stepSize * (preconditioner[i] as number)
      if (p === 0) continue
      const back = (state.x[i] as number) - (next.x[i] as number) + p * (next.gradient[i] as number)
      sum += 0.5 * squared(noise[i] as number) - squared(back) / (4 * temperature * p)
    }
    return sum
  }

  function acceptance(state: LangevinState, stepSize: number): number {
    const fall = state.energy - next.energy
    if (temperature === 0) return fall >= 0 ? 1 : 0
    return Math.min(1, exp(fall / temperature + backOverForth(state, stepSize)))
  }

  return {
    look,
    init(x) {
      const state = { x: Float64Array.from(x), gradient: new Float64Array(n), energy: 0 }
      look(state)
      return state
    },
    step(state, stepSize, stream) {
      if (temperature > 0) for (let i = 0; i < n; i += 1) noise[i] = stream.normal()
      preconditionedStep(state.x, state.gradient, preconditioner, stepSize, temperature, noise, next.x)
      look(next)
      info.divergent = !(Number.isFinite(next.energy) && next.gradient.every(Number.isFinite))
      info.acceptance = info.divergent ? 0 : acceptance(state, stepSize)
      info.accepted = adjusted ? stream.uniform() < info.acceptance : !info.divergent
      if (info.accepted) take(next, state)
      return info
    },
  }
}

function take(from: LangevinState, to: LangevinState): void {
  copy(from.x, to.x)
  copy(from.gradient, to.gradient)
  to.energy = from.energy
}
