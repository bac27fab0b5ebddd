import type { Typed, TypedNode } from '../../middle/model.ts'
import { chosenBy } from './chosen.ts'
import { type LowerContext, type Lowered, plain } from './context.ts'
import { asElement } from './elements.ts'
import { chosenLegal, movedLegal } from './legality.ts'
import { noMargins, present, shifted } from './margins.ts'

type Shift = Extract<TypedNode, { readonly kind: 'shift' }> & Typed

/** `y[t = t - by]`, which has no value where that falls outside; `y[t = t - by else fill]` has that of the fill there. */
export function lowerShift(c: LowerContext, e: Shift, target: Lowered, fill: Lowered | undefined): Lowered {
  const { m, builder } = c
  const moved = {
    node: builder.shift(target.node, e.axis, e.by),
    margins: shifted(m, target.margins, e.axis, e.by),
    legality: movedLegal(c, target.legality, (x) => builder.shift(x, e.axis, e.by)),
  }
  if (e.fill === undefined || fill === undefined) return moved
  const inside = present(m, shifted(m, noMargins, e.axis, e.by))
  const other = e.element === undefined ? fill : asElement(c, e.element, e.fill, fill)
  return {
    node: m.where(inside, moved.node, other.node),
    margins: chosenBy(m, inside, moved.margins, fill.margins),
    legality: chosenLegal(c, plain(inside), moved, other),
  }
}
