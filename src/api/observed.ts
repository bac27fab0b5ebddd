import type { Bound } from '../bind/bound.ts'
import { discreteMoving } from '../compile/marginalise.ts'
import type { Energy } from '../middle/energy.ts'
import { observing, type Situation } from '../middle/situation.ts'

/**
 * The situation in which values are given: what they tell whole is observed. What they tell in part moves on with parts
 * held; a discrete state of those is summed out over the others, where it can be.
 */
export function situationIn(energy: Energy, asked: Situation, { observed }: Bound): Situation {
  const whole = Object.entries(observed).flatMap(([name, { data }]) => (data.every((v) => !Number.isNaN(v)) ? [name] : []))
  const situation = observing(asked, whole)
  const part = discreteMoving(energy, situation).flatMap(({ name }) => (observed[name] === undefined ? [] : [name]))
  return { ...situation, inPart: new Set(part) }
}
