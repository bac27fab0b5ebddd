import type { Checked } from '../../base/diagnostic.ts'
import { type Origins, originsOf } from '../../compile/origins.ts'
import { readGrowing } from '../../compile/random/growing.ts'
import { growingOf, readWriting, withPredictive } from '../../compile/writing.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import type { GrowingProgram } from '../../middle/growing.ts'
import type { WritingProgram } from '../../middle/program.ts'
import { statesOf } from '../../middle/situation.ts'
import { once } from '../../run/once.ts'
import type { Loaded } from '../load.ts'

/** What a model says of writing and forgetting, read once. */
export interface StoreRules {
  readonly write: Checked<WritingProgram>
  /** The same with the log density of each pattern, where a posterior says it: worked out when it is first asked for. */
  readonly writing: () => Checked<WritingProgram>
  readonly forget: Checked<WritingProgram>
  /** By memory: the axis that writes make longer. */
  readonly growing: Readonly<Record<string, string>>
  /** How patterns are written where an axis grows by them. */
  readonly grows?: GrowingProgram
  /** Data and params that the rules read. */
  readonly read: ReadonlySet<string>
  /** Where values come from that nobody gives. */
  readonly origins: Origins
}

export function rulesOf(loaded: Loaded): StoreRules {
  const { model, energy } = loaded
  const [opened] = energy.opened
  if (opened !== undefined) return growingRules(loaded, readGrowing(energy, opened))
  const [write, forget] = [readWriting(model, energy, 'write'), readWriting(model, energy, 'forget')]
  const both = [write, forget].flatMap((p) => p.value ?? [])
  const origins = originsOf(energy, new Set(both.flatMap((p) => [...p.fixed, ...p.memories].map((v) => v.name))))
  const [whole, back] = [withOrigins(energy, write, origins), withOrigins(energy, forget, origins)]
  const read = new Set([whole, back].flatMap((p) => p.value?.fixed.map((v) => v.name) ?? []))
  const writing = once(() => (whole.ok ? { ...whole, value: withPredictive(energy, whole.value) } : whole))
  return { write: whole, writing, forget: back, growing: growingOf(energy), read, origins }
}

/** No rule of the text says what a pattern does: elements are told by it. */
function growingRules({ model, energy }: Loaded, program: GrowingProgram): StoreRules {
  const origins = originsOf(energy, new Set(program.fixed.map((v) => v.name)))
  const [write, forget] = [readWriting(model, energy, 'write'), readWriting(model, energy, 'forget')]
  const fixed = withFixed(energy, origins)
  const grows = { ...program, fixed }
  return { write, writing: () => write, forget, grows, growing: {}, read: new Set(fixed.map((v) => v.name)), origins }
}

function withFixed(energy: Energy, { names }: Origins): readonly EnergyVariable[] {
  const states = statesOf({ variables: energy.declared })
  return energy.declared.filter((v) => names.has(v.name) && !states.has(v.name) && v.role !== 'memory')
}

/** What is read includes what that comes from. */
function withOrigins(energy: Energy, program: Checked<WritingProgram>, origins: Origins): Checked<WritingProgram> {
  return program.ok ? { ...program, value: { ...program.value, fixed: withFixed(energy, origins) } } : program
}
