import { logDensityName } from '../families/tables/log-densities.ts'
import { signatures } from '../families/tables/signatures.ts'
import { boundExpressions } from '../middle/kinds.ts'
import { type FamilyUse, type Model, parts, partsOf, partsOfStart, type Typed } from '../middle/model.ts'

/** What in a model depends on the order in which the elements of an axis come, in words. */
export function orders(model: Model): (axis: string) => { readonly ordered?: string } {
  const found = new Map<string, string>()
  const add = (axis: string, why: string): void => {
    if (!found.has(axis)) found.set(axis, why)
  }
  for (const term of model.terms) if (term.kind === 'density') ofFamily(term, `${term.name} ~ ${term.family}`, add)
  for (const { name, type, default: value } of model.variables) {
    if (type.kind === 'ordered') add(type.axis, `${name} is ordered along it`)
    if (type.kind === 'element' && value !== undefined && value.element === undefined) add(type.axis, `${name} is given by its number`)
  }
  for (const node of nodes(model)) ofNode(node, add)
  return (axis) => {
    const ordered = found.get(axis)
    return ordered === undefined ? {} : { ordered }
  }
}

type Add = (axis: string, why: string) => void

function ofFamily({ family, left, over }: FamilyUse, written: string, add: Add): void {
  const { support } = signatures[family]
  if ('levels' in support && support.levels === 'ordered' && left.element !== undefined) add(left.element, written)
  if ('chain' in support) {
    for (const axis of over) add(axis, `${written}[${axis}]`)
  }
}

function ofNode(node: Typed, add: Add): void {
  if (node.kind === 'index' && node.element === undefined) add(node.axis, `index(${node.axis})`)
  if (node.kind === 'shift') add(node.axis, `a shift along ${node.axis}`)
  if (node.kind === 'scan') add(node.axis, `${node.form === 'fold' ? 'fold' : 'scan'}[${node.axis}]`)
  if (node.kind === 'along' && node.fn === 'cumsum') add(node.axis, `cumsum[${node.axis}]`)
  if (node.kind === 'log_density') ofFamily(node, logDensityName(node.family), add)
  if (node.kind === 'pick' && node.index.element === undefined) add(node.axis, `[${node.axis} = a number]`)
}

/** Every expression of the model once; what lets and defs stand for among them. */
function nodes(model: Model): ReadonlySet<Typed> {
  const { variables, lets, terms, rules, objectives, axes, temperature } = model
  const roots = [
    ...variables.flatMap(({ default: value, start, lagrangian, tau, type }) => [
      value,
      ...partsOfStart(start),
      lagrangian,
      tau,
      ...boundExpressions(type),
    ]),
    ...[...lets, ...rules, ...objectives].map((x) => x.value),
    ...terms.flatMap((t) => (t.kind === 'energy' ? [t.value] : partsOf(t))),
    ...axes.flatMap((a) => a.weights?.args ?? []),
    temperature?.value,
  ]
  const seen = new Set(roots.filter((t) => t !== undefined))
  for (const node of seen) for (const part of parts(node)) seen.add(part)
  return seen
}
