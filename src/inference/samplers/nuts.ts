import { exp } from '../../base/special/exponential.ts'
import { log, log1p } from '../../base/special/logarithm.ts'
import { pow } from '../../base/special/pow.ts'
import type { Metric } from '../adaptation/metric.ts'
import type { LogDensity, NoiseSource } from '../density/density.ts'
import { copy, copyPoint, hamiltonian, leapfrog, type PhasePoint, point } from './leapfrog.ts'
import type { Stop } from './sampler.ts'
import { first, flip, join, second, single, span, type TrajectorySpan } from './u-turn.ts'

/** The no-U-turn sampler's state between steps. */
export interface NutsState {
  readonly q: Float64Array
  readonly gradient: Float64Array
  logDensity: number
}

/** What one step did; the same object is filled again by the next step. */
export interface NutsInfo {
  /** Mean acceptance probability over all points visited. */
  acceptance: number
  /** Doublings of the trajectory that were completed. */
  depth: number
  leapfrogs: number
  divergent: boolean
  /** The Hamiltonian at the new state, nats. */
  energy: number
  /** The step was stopped on its way: the state stayed, and the other numbers say nothing. */
  brokenOff: boolean
}

export interface NutsOptions {
  /** Doublings of the trajectory at most; 10. */
  readonly maxDepth?: number
  /** An energy error above this (nats) ends the trajectory as divergent; 1000. */
  readonly maxEnergyError?: number
}

export interface Nuts {
  /** The state at `q`. Its log density may be anything; a step needs it finite. */
  init(q: Float64Array): NutsState
  /** Moves `state` by one draw, with steps of `stepSize`; looks at `stop` before every leapfrog. */
  step(state: NutsState, stepSize: number, stream: NoiseSource, stop?: Stop): NutsInfo
}

/**
 * The no-U-turn sampler with multinomial weights inside a subtree, biased progressive sampling between subtrees
 * (Betancourt 2017, appendix A) and Stan's criterion (see `join`). Leaves `exp(log density)` invariant for any fixed
 * metric and step size. Subtrees grow leaf by leaf on a stack in which two neighbours of equal size merge at once, like
 * the carries of a binary counter (two leaves are never spans of their own); all buffers are made here, so a step allocates nothing.
 */
export function nuts(density: LogDensity, metric: Metric, options: NutsOptions = {}): Nuts {
  const { maxDepth = 10, maxEnergyError = 1000 } = options
  const n = density.dimension
  const whole = span(n)
  const stack = Array.from({ length: maxDepth + 1 }, () => span(n))
  const info: NutsInfo = { acceptance: 0, depth: 0, leapfrogs: 0, divergent: false, energy: 0, brokenOff: false }
  let near = point(n)
  let far = point(n)
  let chosen = place(n)
  let proposal = place(n)
  let start = 0
  let chosenEnergy = 0
  let proposalEnergy = 0
  let acceptance = 0
  let subtreeWeight = 0

  /** One more point at the growing end; its log weight relative to the start, or -Infinity where it diverged. */
  function advance(z: PhasePoint, step: number): number {
    leapfrog(density, metric, z, step)
    const h = hamiltonian(z)
    info.leapfrogs += 1
    proposalEnergy = h
    info.divergent = h - start > maxEnergyError
    acceptance += h < start ? 1 : exp(start - h)
    return start - h
  }

  /**
   * Extends the trajectory by 2^depth points from `near`, leaves the subtree's span in stack[0], its draw in `proposal`
   * and its log weight in `subtreeWeight`. False when it turned, diverged or was stopped.
   */
  function grow(depth: number, step: number, stream: NoiseSource, stop: Stop): boolean {
    const leaves = pow(2, depth)
    let height = 0
    let energy = Number.POSITIVE_INFINITY
    let weight = Number.NEGATIVE_INFINITY
    // The next point to be proposed is the first at which the sum of weights passes the present sum divided by a
    // uniform number: the same law as one uniform number a point, for a few numbers in all.
    let threshold = Number.NEGATIVE_INFINITY
    for (let leaf = 0; leaf < leaves; leaf += 1) {
      if (stop.aborted) {
        info.brokenOff = true
        return false
      }
      const gain = advance(near, step)
      if (info.divergent) return false
      weight = logSumExp(weight, gain)
      if (weight > threshold) {
        copyPlace(near, proposal)
        energy = proposalEnergy
        threshold = weight - log(stream.uniform())
      }
      if (leaves === 1) single(stack[0] as TrajectorySpan, near.p, near.v)
      else if ((leaf & 1) === 0) {
        first(stack[height] as TrajectorySpan, near.p, near.v)
        height += 1
      } else {
        if (!second(stack[height - 1] as TrajectorySpan, near.p, near.v)) return false
        for (let bits = leaf >>> 1; (bits & 1) === 1; bits >>>= 1) {
          height -= 1
          if (!join(stack[height - 1] as TrajectorySpan, stack[height] as TrajectorySpan)) return false
        }
      }
    }
    proposalEnergy = energy
    subtreeWeight = weight
    return true
  }

  function begin(state: NutsState, stream: NoiseSource): void {
    copyPlace(state, near)
    copyPlace(state, chosen)
    metric.draw(near.p, stream)
    metric.velocity(near.p, near.v)
    copyPoint(near, far)
    single(whole, near.p, near.v)
    start = hamiltonian(near)
    chosenEnergy = start
    acceptance = 0
    info.depth = 0
    info.leapfrogs = 0
    info.divergent = false
    info.brokenOff = false
  }

  function turnAround(): void {
    const other = near
    near = far
    far = other
    flip(whole)
  }

  function choose(): void {
    const other = chosen
    chosen = proposal
    proposal = other
    chosenEnergy = proposalEnergy
  }

  function build(stepSize: number, stream: NoiseSource, stop: Stop): void {
    let forward = true
    let weight = 0
    while (info.depth < maxDepth) {
      const ahead = stream.uniform() > 0.5
      if (ahead !== forward) turnAround()
      forward = ahead
      if (!grow(info.depth, forward ? stepSize : -stepSize, stream, stop)) return
      info.depth += 1
      if (subtreeWeight > weight || stream.uniform() < exp(subtreeWeight - weight)) {
        choose()
      }
      weight = logSumExp(weight, subtreeWeight)
      if (!join(whole, stack[0] as TrajectorySpan)) return
    }
  }

  return {
    init(q) {
      const state = place(n)
      state.q.set(q)
      state.logDensity = density.evaluate(state.q, state.gradient)
      return state
    },
    step(state, stepSize, stream, stop = never) {
      begin(state, stream)
      build(stepSize, stream, stop)
      if (info.brokenOff) return info
      copyPlace(chosen, state)
      info.energy = chosenEnergy
      info.acceptance = info.leapfrogs === 0 ? 0 : acceptance / info.leapfrogs
      return info
    },
  }
}

const never: Stop = { aborted: false }

function place(dimension: number): NutsState {
  return { q: new Float64Array(dimension), gradient: new Float64Array(dimension), logDensity: Number.NEGATIVE_INFINITY }
}

function copyPlace(from: NutsState, to: NutsState): void {
  copy(from.q, to.q)
  copy(from.gradient, to.gradient)
  to.logDensity = from.logDensity
}

/** log(exp(a) + exp(b)); -Infinity when both are. */
function logSumExp(a: number, b: number): number {
  if (a === Number.NEGATIVE_INFINITY) return b
  return a > b ? a + log1p(exp(b - a)) : b + log1p(exp(a - b))
}
