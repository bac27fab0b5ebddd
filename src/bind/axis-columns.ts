import type { Bindable, GivenByRole } from './bound.ts'
import type { Given } from './given.ts'
import { isNumber } from './names.ts'

/** A column (or list) that is called like an axis and says of each row which element it is. */
export interface AxisColumn {
  readonly axis: string
  readonly given: Given
  /** What the elements are called, in the order of the rows; without it `numbers` are those of the elements themselves. */
  readonly names?: readonly string[]
  readonly numbers?: readonly number[]
}

/** Axes of which numbers are names, because an option says so. */
export function namedByNumbers({ labels = [] }: Pick<GivenByRole, 'labels'>): ReadonlySet<string> {
  return new Set(labels.filter(({ names }) => names === undefined || names.every(isNumber)).map(({ axis }) => axis))
}

/** Such a column says each element once: texts, 1 to n in any order, or numbers that are names. */
export function axisColumn(energy: Bindable, given: Given, numbersAreNames: ReadonlySet<string>): AxisColumn | undefined {
  if (!isCalledLikeAxis(energy, given)) return undefined
  const { name: axis, value } = given
  if (value.kind === 'labels')
    return value.shape === undefined && isDistinct(value.labels) ? { axis, given, names: value.labels } : undefined
  if (value.shape.length !== 1) return undefined
  const numbers = [...value.data]
  if (numbers.some(Number.isNaN) || !isDistinct(numbers)) return undefined
  if (numbersAreNames.has(axis) || hasWords(value.texts)) return { axis, given, names: value.texts ?? numbers.map(String) }
  return numbers.every((n) => Number.isInteger(n) && n >= 1 && n <= numbers.length) ? { axis, given, numbers } : undefined
}

/** Whether texts beside numbers are words, as TRUE and FALSE are. */
export function hasWords(texts: readonly string[] | undefined): texts is readonly string[] {
  return texts?.some((text) => text !== '' && !isNumber(text)) ?? false
}

export function isCalledLikeAxis({ axes, variables }: Bindable, { name }: Given): boolean {
  return axes.some((a) => a.name === name) && !variables.some((v) => v.name === name)
}

function isDistinct(values: readonly unknown[]): boolean {
  return values.length > 0 && new Set(values).size === values.length && !values.includes('')
}
