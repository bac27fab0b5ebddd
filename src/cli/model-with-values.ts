import { type Loaded, load } from '../api/load.ts'
import { type Diagnostic, hasErrors } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source.ts'
import type { GivenByRole } from '../bind/bound.ts'
import { outTrouble } from './files/out.ts'
import { interruptible } from './interrupts.ts'
import { readModel, withStore } from './model-or-store.ts'
import { report } from './terminal.ts'
import { readValues, type ValueOptions } from './values.ts'

export interface ModelWithValues {
  readonly source: SourceFile
  readonly loaded: Loaded
  readonly values: GivenByRole
  /** Warnings that were found on the way, to be reported with those of the run. */
  readonly before: readonly Diagnostic[]
}

/** Reads a model, or a store, and what is given for it; where something is wrong, all of it is reported, and the exit code is returned. */
export async function modelWithValues(
  file: string,
  options: ValueOptions & { readonly out?: string | undefined },
): Promise<ModelWithValues | number> {
  const read = await readModel(file)
  if (read.value === undefined) return report(read.diagnostics, { name: file, text: '' })
  const { source } = read.value
  const loaded = interruptible('reading the model')(() => load(source))
  const given = withStore(
    read.value,
    loaded.value,
    interruptible('reading what is given')(() => readValues(options)),
  )
  const before = [...loaded.diagnostics, ...given.diagnostics, ...outTrouble(options.out)]
  if (loaded.value === undefined || given.value === undefined || hasErrors(before)) return report(before, source)
  return { source, loaded: loaded.value, values: given.value, before }
}
