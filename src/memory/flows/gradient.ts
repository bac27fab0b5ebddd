import { pow, squared } from '../../base/special/pow.ts'
import { dot, type FlowSetting, largest, relativeChange, slope } from '../geometry.ts'
import { blocked } from '../outcome.ts'
import { rounding, type StatePoint } from '../point.ts'
import { checkCoordinates } from './coordinate-check.ts'
import { type Flow, moved, type Stride, settled } from './flow.ts'
import { type Aim, advance, aim, newAim } from './majorise.ts'

/** How much of the decrease that the gradient promises a step must deliver (Armijo's constant, Nocedal & Wright 3.1). */
const ARMIJO = 1e-4

/** The smallest part of a step that is tried. */
const SHORTEST = pow(2, -50)

/**
 * Projected gradient descent with Armijo backtracking. The one curvature that is not known is the Barzilai-Borwein
 * estimate from the last step (Barzilai & Borwein 1988; projected: Birgin, Martinez & Raydan 2000).
 * `known` uses the majoriser U where the program has one.
 */
export function gradientDescent(setting: FlowSetting, known: boolean): Flow {
  const { length } = setting.layout
  const plan = newAim(length)
  const flat = new Float64Array(length)
  const before = new Float64Array(length)
  let guess = Number.NaN
  return {
    name: 'gradient',
    *step(here: StatePoint, next: StatePoint): Generator<StatePoint, Stride, void> {
      slope(setting, here, flat)
      if (!(guess > 0)) guess = firstGuess(here, flat)
      aim(setting, here, guess, known, plan)
      advance(setting, here, 1, plan, next.x)
      if (arrived(setting, here, next, plan, flat)) {
        guess = Number.NaN
        return yield* checkCoordinates(setting, here, next, flat)
      }
      yield next
      for (let s = 0.5; !enough(here, next); s /= 2) {
        if (s < SHORTEST) return giveUp(here, next, plan, flat)
        advance(setting, here, s, plan, next.x)
        yield next
      }
      before.set(flat)
      slope(setting, next, flat)
      guess = secant(here, next, before, flat, guess)
      return moved
    },
  }
}

/** Aims the first step at a move of about a tenth, whatever the units of the energy. */
export function firstGuess(here: StatePoint, flat: Float64Array): number {
  const steepest = largest(flat)
  return steepest > 0 ? (10 * steepest) / (1 + largest(here.x)) : 1
}

/** Whether the energy fell as the gradient promised, or everything is within rounding. */
export function enough(here: StatePoint, next: StatePoint): boolean {
  if (next.fault !== undefined || Number.isNaN(next.energy)) return false
  let promised = 0
  for (let i = 0; i < next.x.length; i += 1) promised += (here.gradient[i] as number) * ((next.x[i] as number) - (here.x[i] as number))
  return (
    next.energy <=
    here.energy + ARMIJO * Math.min(promised, 0) + Math.max(rounding(here), Number.isFinite(next.energy) ? rounding(next) : 0)
  )
}

/**
 * At rest: no coordinate would move by more than the tolerance, and the promised decrease, g'Pg nats, is that of a
 * distance below the tolerance measured in standard deviations of exp(-E).
 */
export function arrived(setting: FlowSetting, here: StatePoint, next: StatePoint, plan: Aim, flat: Float64Array): boolean {
  if (relativeChange(here.x, next.x) > setting.tolerance) return false
  return promise(plan, flat) <= squared(setting.tolerance) * Math.max(1, here.scale)
}

function promise(plan: Aim, flat: Float64Array): number {
  let sum = 0
  for (let i = 0; i < flat.length; i += 1) sum += (plan.preconditioner[i] as number) * squared(flat[i] as number)
  return sum
}

function secant(here: StatePoint, next: StatePoint, before: Float64Array, after: Float64Array, guess: number): number {
  const step = next.x.map((x, i) => x - (here.x[i] as number))
  const bend = dot(step, after) - dot(step, before)
  const square = dot(step, step)
  if (!(square > 0)) return guess
  // Where the energy bends the wrong way there is no estimate: be bolder than last time.
  return bend > 0 ? Math.max(bend / square, guess * 1e-6) : guess / 4
}

function giveUp(here: StatePoint, next: StatePoint, plan: Aim, flat: Float64Array): Stride {
  if (promise(plan, flat) <= 100 * rounding(here)) return settled
  return blocked(next, 'No step along the gradient, however short, lowers the energy, though the gradient is not zero: is there a kink?')
}
