import { pow } from '../../base/special/pow.ts'
import type { Minimiser } from '../blocks/minimiser.ts'
import { type FlowSetting, relativeChange } from '../geometry.ts'
import { outcome } from '../outcome.ts'
import { rises, rounding, type StatePoint } from '../point.ts'
import { type Attempt, declined, type FirstSteps, moved, settled } from './flow.ts'

/** So many steps in a row that promise no more than rounding mean that nothing is left to gain. */
const IDLE = 2

/** The smallest part of a step that is tried; an exact one is whole but for rounding. */
const SHORTEST = pow(2, -10)

/** The place of least energy over the states of one block, all else held, in one step. */
export function exact(setting: FlowSetting, minimiser: Minimiser): FirstSteps {
  const target = new Float64Array(setting.layout.length)
  let idle = 0
  return {
    name: 'exact',
    *step(here: StatePoint, next: StatePoint): Generator<StatePoint, Attempt, void> {
      target.set(here.x)
      const aimed = minimiser.aim(here, target)
      if (aimed === 'unbounded') return { kind: 'ended', outcome: outcome('unbounded', endless(minimiser)) }
      if (aimed === 'elsewhere') return declined
      if (relativeChange(here.x, target) <= setting.tolerance) return settled
      idle = promised(here, target) > rounding(here) ? 0 : idle + 1
      if (idle > IDLE) return settled
      for (let s = 1; s >= SHORTEST; s /= 2) {
        for (let i = 0; i < target.length; i += 1) next.x[i] = between(here.x[i] as number, target[i] as number, s)
        yield next
        if (next.fault === undefined && !rises(here, next)) return moved
      }
      return declined
    },
  }
}

function between(from: number, to: number, s: number): number {
  return s === 1 ? to : from + s * (to - from)
}

/** By how much the energy falls, if it is quadratic from here to there. */
function promised(here: StatePoint, target: Float64Array): number {
  let sum = 0
  for (let i = 0; i < target.length; i += 1) sum += (here.gradient[i] as number) * ((here.x[i] as number) - (target[i] as number))
  return sum / 2
}

function endless({ states }: Minimiser): string {
  const names = states.map((s) => `"${s}"`)
  const what = names.length === 1 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} together`
  return `The energy falls without bound along ${what}: with everything else held it is quadratic there, and has no least value. A term that grows faster would bound it.`
}
