import { type Checked, checked, type Diagnostic } from '../../base/diagnostic.ts'
import type { Energy } from '../../middle/energy.ts'

/** Passes one after the other. One that cannot be done is left out, so that what else cannot be is reported as well. */
export function inTurn<T>(energy: Energy, all: readonly T[], pass: (energy: Energy, of: T) => Checked<Energy>): Checked<Energy> {
  const diagnostics: Diagnostic[] = []
  let now = energy
  for (const of of all) {
    const done = pass(now, of)
    diagnostics.push(...done.diagnostics)
    now = done.value ?? now
  }
  return checked(now, diagnostics)
}
