import type { Energy } from '../../middle/energy.ts'
import { levelsOf } from '../../middle/kinds.ts'
import type { Situation, Treatment } from '../../middle/situation.ts'
import { treatments } from '../treat/table.ts'
import { treatAsAsked } from '../treat.ts'

/** What may be eliminated in closed form, and what is left then. */
export interface ClosedForm {
  /** Those that were asked for first. */
  readonly treatments: readonly Treatment[]
  /** Names of what is left. */
  readonly continuous: readonly string[]
  readonly discrete: readonly string[]
}

type Eliminating = Extract<Treatment['kind'], 'sum-out' | 'integrate'>

/**
 * Ways to eliminate as much as has a closed form, which differ in what goes first: sums make way for integrals, and the other way round
 * (the means of a mixture are conjugate as long as its assignments are there), and of two layers that meet either may be summed out.
 * `whole`: what is not observed in part.
 */
export function reductions(energy: Energy, situation: Situation, whole: (name: string) => boolean): readonly ClosedForm[] {
  const kinds: readonly (readonly Eliminating[])[] = [
    ['sum-out', 'integrate'],
    ['integrate', 'sum-out'],
  ]
  const all = kinds.flatMap((order) => [true, false].map((backwards) => reduced(energy, situation, { order, backwards, whole })))
  const keyOf = (r: ClosedForm): string => JSON.stringify([...r.continuous, '', ...r.discrete])
  return all.filter((r, i) => all.findIndex((other) => keyOf(other) === keyOf(r)) === i)
}

interface EliminationOrder {
  readonly order: readonly Eliminating[]
  readonly backwards: boolean
  readonly whole: (name: string) => boolean
}

function reduced(energy: Energy, situation: Situation, { order, backwards, whole }: EliminationOrder): ClosedForm {
  const asked = new Set(situation.treatments.map((t) => t.name))
  const done: Treatment[] = [...situation.treatments]
  let now = treatAsAsked(energy, situation).value ?? energy
  for (let before = -1; before !== done.length; ) {
    before = done.length
    for (const kind of order) {
      const candidates = now.variables.filter((v) => situation.moving.has(v.name) && !asked.has(v.name) && treatments[kind].takes(v))
      for (const { name } of backwards ? candidates.toReversed() : candidates) {
        if (kind === 'integrate' && !whole(name)) continue
        const next = treatAsAsked(now, { ...situation, treatments: [{ kind, name }] })
        if (next.value === undefined) continue
        now = next.value
        done.push({ kind, name })
      }
    }
  }
  const left = now.variables.filter((v) => situation.moving.has(v.name))
  const isDiscrete = (v: (typeof left)[number]): boolean => levelsOf(v.type) !== undefined
  return {
    treatments: done,
    continuous: left.filter((v) => !isDiscrete(v)).map((v) => v.name),
    discrete: left.filter(isDiscrete).map((v) => v.name),
  }
}
