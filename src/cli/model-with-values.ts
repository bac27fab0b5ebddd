import { type Loaded, load } from '../api/load.ts'
import { type Diagnostic, hasErrors } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source.ts'
import type { GivenByRole } from '../bind/bound.ts'
import { outTrouble } from './files/out.ts'
import { readSource } from './files/source.ts'
import { interruptible } from './interrupts.ts'
import { report } from './terminal.ts'
import { readValues, type ValueOptions } from './values.ts'

export interface ModelWithValues {
  readonly source: SourceFile
  readonly loaded: Loaded
  readonly values: GivenByRole
  /** Warnings that were found on the way, to be reported with those of the run. */
  readonly before: readonly Diagnostic[]
}

/** Reads a model and what is given for it; where something is wrong, everything is reported, and the exit code is returned. */
export function modelWithValues(file: string, options: ValueOptions & { readonly out?: string }): ModelWithValues | number {
  const source = interruptible('reading the model')(() => readSource(file))
  if (source.value === undefined) return report(source.diagnostics, { name: file, text: '' })
  const { value: model } = source
  const loaded = interruptible('reading the model')(() => load(model))
  const given = interruptible('reading what is given')(() => readValues(options))
  const before = [...loaded.diagnostics, ...given.diagnostics, ...outTrouble(options.out)]
  if (loaded.value === undefined || given.value === undefined || hasErrors(before)) return report(before, model)
  return { source: model, loaded: loaded.value, values: given.value, before }
}
