import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/suggest.ts'
import type { AxisNames, Bindable, GivenLabels } from './bound.ts'
import { groupsOf } from './groups.ts'
import type { Settled } from './labels.ts'
import { namesInWords, numbering } from './names.ts'

/** The options that say how elements are called, but for those that make no sense. */
export function usable(energy: Bindable, options: readonly GivenLabels[], diagnostics: Diagnostic[]): readonly GivenLabels[] {
  const axes = energy.axes.map((a) => a.name)
  return options.filter((option, i) => {
    const trouble = troubleOf(option, axes, options.slice(0, i))
    if (trouble !== undefined) diagnostics.push(diagnostic('AMP524', trouble.message, { place: option.from, ...trouble.more }))
    return trouble === undefined
  })
}

function troubleOf(
  { axis, names = [] }: GivenLabels,
  axes: readonly string[],
  before: readonly GivenLabels[],
): { readonly message: string; readonly more: { readonly hint?: string; readonly expected?: string } } | undefined {
  if (!axes.includes(axis)) {
    const hint = didYouMean(axis, axes) ?? (axes.length === 0 ? 'the model has no axes' : `the model has the axes ${axes.join(', ')}`)
    return { message: `"${axis}" is not an axis of the model.`, more: { hint } }
  }
  if (before.some((other) => other.axis === axis)) return { message: `The labels of ${axis} are given twice.`, more: {} }
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined)
    return { message: `The labels of ${axis} name ${JSON.stringify(twice)} twice.`, more: { expected: 'each element once' } }
  if (names.includes('')) return { message: `One of the labels of ${axis} is empty.`, more: { expected: 'a name for each element' } }
  return undefined
}

/** The elements that the model names, by their positions from 0. */
export function namedInModel(
  energy: Bindable,
  names: ReadonlyMap<string, AxisNames>,
): { readonly positions: ReadonlyMap<string, number>; readonly diagnostics: readonly Diagnostic[] } {
  const positions = new Map<string, number>()
  const diagnostics: Diagnostic[] = []
  for (const { name, label, type, span } of energy.variables) {
    if (label === undefined || type.kind !== 'element') continue
    const known = names.get(type.axis)
    const place = numbering(known?.names ?? [])(label)
    if (place !== undefined) positions.set(name, place - 1)
    else diagnostics.push(diagnostic('AMP521', noSuch(label, type.axis, known), { span, ...helpFor(label, type.axis, known) }))
  }
  return { positions, diagnostics }
}

function noSuch(label: string, axis: string, known: AxisNames | undefined): string {
  const text = JSON.stringify(label)
  return known === undefined ? `The elements of ${axis} have no labels, so none is called ${text}.` : `${axis} has no element ${text}.`
}

function helpFor(label: string, axis: string, known: AxisNames | undefined): { readonly expected?: string; readonly hint: string } {
  if (known === undefined) {
    return {
      hint: `Name them: with --labels ${axis}=..., by a column of texts, or in the model: axis ${axis} = (${JSON.stringify(label)}, ...).`,
    }
  }
  const near = didYouMean(label, known.names)
  const all = `If it does not occur in the data, list all elements: --labels ${axis}=${[...known.names.slice(0, 3), label].join(',')}`
  return { expected: namesInWords(known.names), hint: near ?? (known.order === 'given' ? `The labels are from ${known.from}.` : `${all}.`) }
}

/** Where the order of elements matters and is only that of their names, it may not be the one that was meant. */
export function orderByName(energy: Bindable, { names, byPosition, byNumber }: Settled): readonly Diagnostic[] {
  const reported = new Set<AxisNames>()
  const groups = groupsOf(energy)
  return energy.axes.flatMap(({ name }): readonly Diagnostic[] => {
    const known = names.get(name)
    if (known === undefined || known.order !== 'by name' || known.names.length < 2 || reported.has(known)) return []
    const group = groups.get(name) ?? [name]
    const ordered = energy.axes.flatMap((a) => (group.includes(a.name) && a.ordered !== undefined ? [a.ordered] : []))[0]
    const [item] = [...byPosition].find(([, axes]) => axes.some((axis) => group.includes(axis))) ?? []
    const coded = byNumber.find(({ variable: { type } }) => type.kind === 'element' && group.includes(type.axis))
    const why =
      ordered ?? (item && `${item.given.from} holds a value for each, by position`) ?? (coded && `${coded.given.from} numbers them`)
    if (why === undefined) return []
    reported.add(known)
    const span = energy.axes.find((a) => a.name === name)?.span
    return [
      diagnostic(
        'AMP522',
        `The order of the elements of ${name} matters (${why}), but is not given: they are sorted by name, ${namesInWords(known.names)}.`,
        {
          place: known.from,
          ...(span === undefined ? {} : { span }),
          hint: `List them in the order you mean: --labels ${name}=..., a list "${name}" in a JSON file, or axis ${name} = (...) in the model; or name an element instead of its number, as in [${name} = ${JSON.stringify(known.names[0])}].`,
        },
      ),
    ]
  })
}
