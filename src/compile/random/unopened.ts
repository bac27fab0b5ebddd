import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import type { Energy } from '../../middle/energy.ts'
import type { RandomAxis } from '../../middle/random-axis.ts'

/** Why an energy has no value: axes whose elements are still to be made, and what of its use cannot be opened. */
export function unopened({ random }: Pick<Energy, 'random'>): readonly Diagnostic[] {
  return random.flatMap((axis) => (axis.refused.length > 0 ? axis.refused : [notYet(axis)]))
}

function notYet({ axis, form, pickers, span }: RandomAxis): Diagnostic {
  const what = form === 'rows' ? `sharing out rows among them ("${pickers.join('", "')}")` : 'a memory that grows by them'
  return diagnostic('AMP601', `The elements of "${axis}" are made as they are needed; ${what} cannot be run yet.`, {
    span,
    hint: `Give the axis a size and \`~ dirichlet(alpha / size)\` for a finite approximation.`,
  })
}
