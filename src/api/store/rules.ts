import type { Checked } from '../../base/diagnostic.ts'
import { growingOf, readWriting } from '../../compile/writing.ts'
import type { WritingProgram } from '../../middle/program.ts'
import type { Loaded } from '../load.ts'

/** What a model says of writing and forgetting, read once. */
export interface StoreRules {
  readonly write: Checked<WritingProgram>
  readonly forget: Checked<WritingProgram>
  /** By memory: the axis that writes make longer. */
  readonly growing: Readonly<Record<string, string>>
  /** Data and params that the rules read. */
  readonly read: ReadonlySet<string>
}

export function rulesOf({ model, energy }: Loaded): StoreRules {
  const [write, forget] = [readWriting(model, energy, 'write'), readWriting(model, energy, 'forget')]
  const read = new Set([write, forget].flatMap((p) => p.value?.fixed.map((v) => v.name) ?? []))
  return { write, forget, growing: growingOf(energy), read }
}
