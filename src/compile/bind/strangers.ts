import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { didYouMean, suggest } from '../../base/suggest.ts'
import type { Bindable } from '../bind.ts'
import type { EnergyVariable } from '../energy.ts'
import type { Given } from '../given.ts'
import { isCalledLikeAxis } from './axis-columns.ts'

/** Two values for one variable. */
export function doubled(energy: Bindable, given: readonly Given[]): readonly Diagnostic[] {
  return energy.variables.flatMap(({ name, span }) => {
    const [first, second] = given.filter((item) => item.name === name)
    if (first === undefined || second === undefined) return []
    const from = first.from === second.from ? `${first.from} (twice)` : `${first.from} and by ${second.from}`
    return [diagnostic('AMP514', `"${name}" is given by ${from}.`, { place: second.from, span, expected: `one value for ${name}` })]
  })
}

/** Values for nobody: those of a file that holds more than the model needs are mentioned together. */
export function unused(
  energy: Bindable,
  given: readonly Given[],
  roles: readonly EnergyVariable['role'][],
  isColumn: (given: Given) => boolean,
): readonly Diagnostic[] {
  const names = energy.variables.map((v) => v.name)
  const strangers = given.filter((item) => !names.includes(item.name) && !isColumn(item))
  const known = energy.variables.filter((v) => v.label === undefined && roles.includes(v.role)).map((v) => v.name)
  const single = strangers.filter((item) => item.bundle === undefined)
  const bundles = new Set(strangers.flatMap((item) => item.bundle ?? []))
  const own = single.map((item) => {
    const hint = didYouMean(item.name, known) ?? (known.length === 0 ? `the model has no ${roles[0]}` : `the model has ${known.join(', ')}`)
    return diagnostic('AMP720', `"${item.name}" is not a variable of the model.`, { place: item.from, hint })
  })
  const wanting = known.filter((name) => !given.some((item) => item.name === name))
  const together = [...bundles].map((file) => {
    const all = strangers.filter((item) => item.bundle === file)
    const hint = all.flatMap((item) => meant(energy, item, wanting) ?? [])[0]
    const list = all.map(({ name }) => (name === '' ? 'a column without a name' : name))
    return diagnostic('AMP709', `The model does not use ${list.join(', ')}.`, { place: file, ...(hint === undefined ? {} : { hint }) })
  })
  return [...own, ...together]
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
    return `"${name}" repeats its texts, so it is no list of the elements of ${name}; to say for each row which element it is, declare data ${name}_of[row] : ${name}, and call the column so.`
  const axis = suggest(
    name,
    energy.axes.map((a) => a.name),
  )
  return axis === undefined ? undefined : `To name the elements of the axis ${axis}, call the column "${axis}".`
}
