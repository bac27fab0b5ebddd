import { hasErrors } from '../../base/diagnostic.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import type { ReadingName } from '../../middle/options.ts'
import * as ports from '../../middle/ports.ts'
import { type Asked, situationOf, type Treatment, treatmentsIn } from '../../middle/situation.ts'
import { inferable } from '../inferable.ts'
import { namesWritten } from '../outputs.ts'
import { readings } from '../readings.ts'
import { treatments } from '../treat/table.ts'

/**
 * What is asked of a reading, with what becomes of memories that have a prior, or the posterior of a store, and no value: they are
 * integrated out where that can be done and the reading does so, before all else; elsewhere they move where the reading moves memories, and are plugged in where not.
 */
export function withUnshown(energy: Energy, reading: ReadingName, asked: Asked, given: ReadonlySet<string>): Asked {
  const named = new Set([...treatmentsIn(asked).map((t) => t.name), ...(asked.infer ?? [])])
  const unshown = unshownMemories(energy, given).filter((v) => !named.has(v.name))
  if (unshown.length === 0) return asked
  const { integrates } = readings[reading]
  const integrated = unshown.filter((v) => integrates && can(energy, 'integrate', v, asked))
  const others = unshown.filter((v) => !integrated.includes(v))
  const moves = (readings[reading].infers as readonly string[]).includes('memory')
  const plugged = moves ? [] : others.filter((v) => can(energy, 'plug-in', v, asked))
  const all = [...integrated.map(treatedBy('integrate')), ...plugged.map(treatedBy('plug-in'))]
  return {
    ...asked,
    treatments: [...all, ...(asked.treatments ?? [])],
    ...(moves ? { infer: [...(asked.infer ?? []), ...others.map((v) => v.name)] } : {}),
  }
}

/** Memories with a prior and no value. */
function unshownMemories(energy: Energy, given: ReadonlySet<string>): readonly EnergyVariable[] {
  const stated = inferable({ terms: energy.statements, variables: energy.variables })
  const written = namesWritten(energy)
  const stored = new Set(energy.posteriors.map((p) => p.name))
  const hasValue = (name: string): boolean => given.has(name) || written.has(ports.preset(name)) || written.has(ports.start(name))
  // What an element of a random axis has is drawn with who has which.
  const shared = new Set(energy.random.flatMap((axis) => axis.slots))
  const memories = energy.variables.filter((v) => v.role === 'memory' && !shared.has(v.name))
  return memories.filter((v) => stated.has(v.name) && (stored.has(v.name) || !hasValue(v.name)))
}

const treatedBy =
  (kind: Treatment['kind']) =>
  ({ name }: EnergyVariable): Treatment => ({ kind, name })

function can(energy: Energy, kind: Treatment['kind'], { name }: EnergyVariable, { temperature }: Asked): boolean {
  const situation = situationOf(energy, { treatments: [{ kind, name }], ...(temperature === undefined ? {} : { temperature }) })
  return !hasErrors(treatments[kind].pass(energy, [name], situation).diagnostics)
}
