import { squared } from '../../base/special/pow.ts'
import { dot, type FlowSetting, relativeChange, retract, slope, tangents } from '../geometry.ts'
import { blocked } from '../outcome.ts'
import { rounding, type StatePoint } from '../point.ts'
import { checkCoordinates } from './coordinate-check.ts'
import { type Flow, moved, type Stride, settled } from './flow.ts'
import { enough, firstGuess } from './gradient.ts'
import { aim, newAim } from './majorise.ts'

/** Pairs of steps and changes of gradient that are remembered. */
const MEMORY = 12
/** A step is long enough when the slope along it is down to this part (weak Wolfe). */
const CURVATURE = 0.9
const TRIES = 60
/** So many steps in a row that change the energy by no more than rounding mean that nothing is left to gain. */
const IDLE = 20
const KINK = 'No step downhill, however short, lowers the energy, though the gradient is not zero: is there a kink?'

interface Pair {
  readonly step: Float64Array
  readonly change: Float64Array
  readonly product: number
}

/**
 * Limited-memory BFGS (Nocedal & Wright, algorithm 7.4) started from 1/U where a majoriser is known, with the bisecting
 * weak Wolfe line search of Lewis & Overton 2013 and Armijo's condition on the projected step. Coordinates leaning on a
 * bound are left out of the metric (two-metric projection, Bertsekas 1982); unit vectors move along the surface.
 */
export function quasiNewton(setting: FlowSetting): Flow {
  const { length } = setting.layout
  const plan = newAim(length)
  const flat = new Float64Array(length)
  const ahead = new Float64Array(length)
  const direction = new Float64Array(length)
  let pairs: Pair[] = []
  let guess = Number.NaN
  let idle = 0

  /** Points downhill; returns the slope along the direction (nats per step, below 0 unless at rest). */
  function point(here: StatePoint): number {
    aim(setting, here, guess, true, plan)
    descend(flat, pairs, plan.preconditioner, direction)
    tangents(setting, here.x, direction)
    const along = dot(direction, flat)
    // 1e-10: an angle so close to a right one is rounding, or a history that fits no longer.
    if (along < -1e-10 * Math.sqrt(dot(direction, direction) * dot(flat, flat)) || pairs.length === 0) return along
    pairs = []
    return point(here)
  }

  /** Lewis & Overton's search; true when `next` is acceptable. */
  function* search(here: StatePoint, next: StatePoint, along: number): Generator<StatePoint, boolean, void> {
    let low = 0
    let high = Infinity
    let t = 1
    for (let tries = 0; tries < TRIES; tries += 1) {
      place(here, t, next)
      yield next
      if (!enough(here, next)) high = t
      else if (next.energy === -Infinity || slopeAhead(next) >= CURVATURE * along) return true
      else low = t
      t = high < Infinity ? (low + high) / 2 : 2 * t
      if (high < Infinity && high - low <= 1e-12 * high) break
    }
    if (low === 0) return false
    place(here, low, next)
    yield next
    return true
  }

  function place(here: StatePoint, t: number, next: StatePoint): void {
    for (let i = 0; i < length; i += 1) next.x[i] = (here.x[i] as number) + t * (direction[i] as number)
    retract(setting, here, next.x)
  }

  function slopeAhead(next: StatePoint): number {
    slope(setting, next, ahead)
    return dot(ahead, direction)
  }

  return {
    name: 'quasi-newton',
    *step(here: StatePoint, next: StatePoint): Generator<StatePoint, Stride, void> {
      slope(setting, here, flat)
      if (!(guess > 0)) guess = firstGuess(here, flat)
      for (;;) {
        const along = point(here)
        place(here, 1, next)
        if (!(along < 0)) return settled
        if (idle >= IDLE || resting(setting, here, next, -along)) {
          idle = 0
          pairs = []
          guess = Number.NaN
          return yield* checkCoordinates(setting, here, next, flat)
        }
        if (yield* search(here, next, along)) break
        if (-along <= 100 * rounding(here)) return settled
        if (pairs.length === 0) return blocked(next, KINK)
        pairs = []
      }
      pairs = [...pairs, ...pairOf(setting, here, next)].slice(-MEMORY)
      guess = scaleOf(pairs) ?? guess
      idle = here.energy - next.energy > rounding(here) ? 0 : idle + 1
      return moved
    },
  }
}

function resting(setting: FlowSetting, here: StatePoint, next: StatePoint, promised: number): boolean {
  return relativeChange(here.x, next.x) <= setting.tolerance && promised <= squared(setting.tolerance) * Math.max(1, here.scale)
}

/** direction = -H slope, by the two loops; only over coordinates whose slope is not zero (those that are free). */
function descend(slopes: Float64Array, pairs: readonly Pair[], initial: Float64Array, direction: Float64Array): void {
  const free = (i: number): boolean => slopes[i] !== 0
  const product = (a: Float64Array, b: Float64Array): number => {
    let sum = 0
    for (let i = 0; i < a.length; i += 1) if (free(i)) sum += (a[i] as number) * (b[i] as number)
    return sum
  }
  const add = (factor: number, v: Float64Array): void => {
    for (let i = 0; i < v.length; i += 1) if (free(i)) direction[i] = (direction[i] as number) + factor * (v[i] as number)
  }
  direction.set(slopes)
  const used = pairs.map((pair) => ({ pair, curve: product(pair.step, pair.change) })).filter(({ curve }) => curve > 0)
  const factors: number[] = []
  for (const { pair, curve } of used.toReversed()) {
    const factor = product(pair.step, direction) / curve
    factors.push(factor)
    add(-factor, pair.change)
  }
  for (let i = 0; i < direction.length; i += 1) direction[i] = (direction[i] as number) * (initial[i] as number)
  for (const { pair, curve } of used) add((factors.pop() as number) - product(pair.change, direction) / curve, pair.step)
  for (let i = 0; i < direction.length; i += 1) direction[i] = free(i) ? -(direction[i] as number) : 0
}

/** What the step taught, unless the gradient did not grow along it (then the inverse would lose its sign). */
function pairOf(setting: FlowSetting, here: StatePoint, next: StatePoint): readonly Pair[] {
  const step = next.x.map((x, i) => x - (here.x[i] as number))
  const change = along(setting, next)
  const old = along(setting, here)
  for (let i = 0; i < change.length; i += 1) change[i] = (change[i] as number) - (old[i] as number)
  const product = dot(step, change)
  // 1e-12: below it the product is rounding.
  return product > 1e-12 * Math.sqrt(dot(step, step) * dot(change, change)) ? [{ step, change, product }] : []
}

/** The gradient of what moves, along the surface of spheres, bounds not considered. */
function along(setting: FlowSetting, point: StatePoint): Float64Array {
  const g = point.gradient.map((value, i) => (setting.moves[i] === 0 ? 0 : value))
  tangents(setting, point.x, g)
  return g
}

/** The curvature along the last step, y.y / s.y: the usual scale of the first metric. */
function scaleOf(pairs: readonly Pair[]): number | undefined {
  const last = pairs.at(-1)
  return last === undefined ? undefined : dot(last.change, last.change) / last.product
}
