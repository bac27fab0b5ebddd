import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import type { Energy } from '../../middle/energy.ts'
import type { RandomAxis } from '../../middle/random-axis.ts'

/** Why an energy has no value: axes whose elements are still to be made, and what of its use cannot be opened. */
export function unopened({ random }: Pick<Energy, 'random'>): readonly Diagnostic[] {
  return random.flatMap((axis) => (axis.refused.length > 0 ? axis.refused : [notYet(axis)]))
}

function notYet({ axis, form, pickers, span }: RandomAxis): Diagnostic {
  const rows = `rows share them out ("${pickers.join('", "')}"), which amp sample and amp fit alone do, and no module yet`
  const what = form === 'rows' ? rows : 'a memory that grows by them cannot be run yet'
  return diagnostic('AMP601', `The elements of "${axis}" are made as they are needed; ${what}.`, {
    span,
    hint: `Give the axis a size and \`~ dirichlet(alpha / size)\` for a finite approximation.`,
  })
}
