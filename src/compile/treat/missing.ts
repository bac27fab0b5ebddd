import { diagnostic, unmade } from '../../base/diagnostic.ts'
import type { TreatmentPass } from './rule.ts'

/** A pass that is not there yet: says so, at each name. `verb`: `integrated out`. */
export function missing(done: string): TreatmentPass {
  return (energy, names) =>
    unmade(
      names.map((name) => {
        const span = energy.variables.find((v) => v.name === name)?.span
        return diagnostic('AMP716', `"${name}" cannot be ${done} yet.`, {
          ...(span && { span }),
          hint: 'Leave it out: it moves, or observe it.',
        })
      }),
    )
}
