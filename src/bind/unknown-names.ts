import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { didYouMean, suggest } from '../base/suggest.ts'
import type { Sizes } from '../ir/graph.ts'
import { isCalledLikeAxis } from './axis-columns.ts'
import type { Bindable, Settable } from './bound.ts'
import type { Given } from './given.ts'

/** Two values for one variable. */
export function doubled(energy: Bindable, given: readonly Given[]): readonly Diagnostic[] {
  return energy.variables.flatMap(({ name, span }) => {
    const [first, second] = given.filter((item) => item.name === name)
    if (first === undefined || second === undefined) return []
    const from = first.from === second.from ? `${first.from} (twice)` : `${first.from} and by ${second.from}`
    return [diagnostic('AMP514', `"${name}" is given by ${from}.`, { place: second.from, span, expected: `one value for ${name}` })]
  })
}

/** Values for nobody, each given by an option of its own. */
export function unknownNames(
  energy: Bindable,
  given: readonly Given[],
  { names: known, noun }: Settable,
  isColumn: (given: Given) => boolean,
): readonly Diagnostic[] {
  const names = energy.variables.map((v) => v.name)
  const unknown = given.filter((item) => !names.includes(item.name) && !isColumn(item))
  return unknown.flatMap((item) => {
    if (item.bundle !== undefined) return []
    const hint = didYouMean(item.name, known) ?? (known.length === 0 ? `the model has no ${noun}` : `the model has ${known.join(', ')}`)
    return [diagnostic('AMP720', `"${item.name}" is not a variable of the model.`, { place: item.from, hint })]
  })
}

/**
 * What a file holds more than the model needs, mentioned together; sizes that the model's arrays have themselves are no
 * news, and are only mentioned where they disagree.
 */
export function notUsed(
  energy: Bindable,
  given: readonly Given[],
  { names: known }: Settable,
  isColumn: (given: Given) => boolean,
  sizes: Sizes,
): readonly Diagnostic[] {
  const names = energy.variables.map((v) => v.name)
  const unknown = given.filter((item) => !names.includes(item.name) && !isColumn(item))
  const bundles = new Set(unknown.flatMap((item) => item.bundle ?? []))
  const wanting = known.filter((name) => !given.some((item) => item.name === name))
  return [...bundles].flatMap((file) => {
    const own = unknown.filter((item) => item.bundle === file)
    const counts = own.map((item) => ({ item, verdict: verdictOnSize(energy, item, sizes) }))
    const wrong = counts.flatMap(({ item, verdict }) =>
      verdict === undefined || verdict === 'confirmed' ? [] : [diagnostic('AMP709', verdict, { place: item.from })],
    )
    const all = counts.flatMap(({ item, verdict }) => (verdict === undefined ? [item] : []))
    if (all.length === 0) return wrong
    const hint = all.flatMap((item) => meant(energy, item, wanting) ?? [])[0]
    const list = all.map(({ name }) => (name === '' ? 'a column without a name' : name))
    return [
      ...wrong,
      diagnostic('AMP709', `The model does not use ${list.join(', ')}.`, { place: file, ...(hint === undefined ? {} : { hint }) }),
    ]
  })
}

/** What sizes are called in the files of other systems: N, J, n_obs, num_schools, K_size. */
const sizeName =
  /^([A-Za-z]|[nN]_\w+|[nN]\d\w*|N[a-z]\w*|n(obs|row|col|sub|group|item|person|site|year|time)\w*|num_?\w+|\w+_(size|count|len|length|n|N))$/

/** Of a whole number with such a name: `confirmed` by the size of an axis, or what it disagrees with. */
function verdictOnSize(energy: Bindable, { name, value }: Given, sizes: Sizes): 'confirmed' | string | undefined {
  if (value.kind !== 'numbers' || value.shape.length > 0 || !sizeName.test(name)) return undefined
  const [size = Number.NaN] = value.data
  const axes = energy.axes.flatMap((a) =>
    a.span === undefined || sizes[a.name] === undefined || a.name.endsWith("'") ? [] : [{ name: a.name, size: sizes[a.name] as number }],
  )
  if (!Number.isInteger(size) || size < 0 || axes.length === 0) return undefined
  const namesake = axes.find((a) => a.name.toLowerCase() === name.toLowerCase())
  if (namesake === undefined ? axes.some((a) => a.size === size) : namesake.size === size) return 'confirmed'
  const there = (namesake === undefined ? axes : [namesake]).map((a) => `${a.name} has ${a.size}`).join(', ')
  return namesake === undefined
    ? `"${name}" is ${size}, and no axis of the model has ${size} elements: ${there}. It is not used: sizes are taken from the arrays.`
    : `"${name}" is ${size}, but the axis ${there} elements. It is not used: sizes are taken from the arrays.`
}

/** What a value for nobody may have been meant for. */
function meant(energy: Bindable, given: Given, wanting: readonly string[]): string | undefined {
  const { name, value } = given
  const near = suggest(name, wanting)
  if (near !== undefined) return `"${name}" may be meant for "${near}", which is not given.`
  const likeAxis = isCalledLikeAxis(energy, given)
  if (value.kind !== 'labels')
    return likeAxis ? `To use the numbers in "${name}" as the names of the elements of ${name}: --labels ${name}.` : undefined
  if (likeAxis)
    return `"${name}" repeats texts, so it is not a list of the elements of ${name}. To give the element of each row, declare data ${name}_of[row] : ${name} and rename the column to ${name}_of.`
  const axis = suggest(
    name,
    energy.axes.map((a) => a.name),
  )
  return axis === undefined ? undefined : `To name the elements of the axis ${axis}, call the column "${axis}".`
}
