import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { Bindable, SizedGiven } from './bound.ts'
import { groupsOf } from './groups.ts'

/** The size of an axis that only numbers of its elements tell: the largest of them. */
export interface LargestNumber {
  readonly axis: string
  readonly size: number
  readonly from: string
}

/** Of the axes whose size nothing else tells (`known`): the largest number, and whether every element up to it occurs. */
export function largestNumbers(
  energy: Bindable,
  sized: readonly SizedGiven[],
  known: (axis: string) => boolean,
): { readonly found: readonly LargestNumber[]; readonly diagnostics: readonly Diagnostic[] } {
  const found: LargestNumber[] = []
  const diagnostics: Diagnostic[] = []
  for (const group of new Set(groupsOf(energy).values())) {
    const items = sized.filter(({ variable: { type } }) => type.kind === 'element' && group.includes(type.axis))
    const [axis] = items.flatMap(({ variable: { type } }) => (type.kind === 'element' ? [type.axis] : []))
    if (axis === undefined || group.some(known)) continue
    const occurring = new Set(items.flatMap((item) => numbersOf(item)))
    const size = [...occurring].reduce((most, n) => Math.max(most, n), 0)
    if (!Number.isInteger(size) || size < 1) continue
    const from = items.find((item) => numbersOf(item).includes(size))?.given.from ?? ''
    found.push({ axis, size, from: `the largest number in ${from}` })
    if (occurring.size < size && [...occurring].every((n) => Number.isInteger(n) && n >= 1)) {
      diagnostics.push(neverOccurring(axis, size, occurring.size, items))
    }
  }
  return { found, diagnostics }
}

function numbersOf({ given: { value } }: SizedGiven): readonly number[] {
  return value.kind === 'numbers' ? [...new Set(value.data)].filter((n) => !Number.isNaN(n)) : []
}

function neverOccurring(axis: string, size: number, occurring: number, items: readonly SizedGiven[]): Diagnostic {
  const files = [...new Set(items.map(({ given }) => given.from))]
  const n = (count: number): string => count.toLocaleString('en')
  const verb = occurring === 1 ? 'occurs' : 'occur'
  return diagnostic('AMP523', `${n(occurring)} of ${n(size)} elements of ${axis} ${verb} in ${files.join(' and ')}.`, {
    place: files[0] ?? axis,
    hint: `If the numbers are ids, use them as labels: --labels ${axis}. If there are ${n(size)} elements, say so in the model: axis ${axis} = ${size}.`,
  })
}
