import type { Span } from '../base/source.ts'
import { argumentAxes } from '../families/parts/argument-axes.ts'
import { tiedAxis } from '../families/parts/parameter-kinds.ts'
import type { FamilySignature } from '../families/parts/signature.ts'
import { signatures } from '../families/tables/signatures.ts'
import type { SizeRelation } from '../middle/energy.ts'
import type { FamilyUse, Model } from '../middle/model.ts'

/** The relations between sizes that a model's statements imply, each once. */
export function relationsOf(model: Model, renamed: readonly SizeRelation[]): readonly SizeRelation[] {
  const implied = model.terms.flatMap((term) => (term.kind === 'density' ? impliedBy(term, term.span) : []))
  const all = [...implied, ...renamed].filter((r) => !isDeclared(model, r))
  return all.filter((r, i) => all.findIndex((s) => s.axis === r.axis && s.than === r.than && s.by === r.by) === i)
}

/** What the arguments of a family say of sizes. */
export function impliedBy(term: FamilyUse, span: Span): readonly SizeRelation[] {
  const { parameters }: FamilySignature = signatures[term.family]
  return parameters.flatMap(({ name, kind }, i) => {
    const value = term.args[i]
    const tied = value && tiedAxis(kind, argumentAxes(term.left, term.over, { name, axes: value.axes }))
    if (tied === undefined) return []
    const { axis, than, fewer: by } = tied
    const argument = `${name} of ${term.family}`
    const why = by === 0 ? `${argument} has as many rows as columns` : `${argument} are one fewer than the levels`
    return [{ axis, than, by, why, span }]
  })
}

/** Whether the declarations of the axes say so already. */
function isDeclared(model: Model, { axis, than, by }: SizeRelation): boolean {
  const [one, other] = [settledSize(model, axis), settledSize(model, than)]
  return by === 0 ? one === other : typeof one === 'number' && typeof other === 'number' && one === other - by
}

/** A fixed size, or the axis whose size it is. */
function settledSize(model: Model, name: string): number | string {
  const size = model.axes.find((a) => a.name === name)?.size
  if (size?.kind === 'same') return settledSize(model, size.as)
  return size?.kind === 'fixed' ? size.size : name
}
