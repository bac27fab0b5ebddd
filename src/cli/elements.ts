import type { StoreContents } from '../api/store/contents.ts'
import { table } from './table.ts'

/** So many elements of an axis are listed, the strongest first. */
const MOST = 30

/** The elements of axes that grow: which pattern opened each, and how many took it. */
export function elementLines({ elements }: Pick<StoreContents, 'elements'>): readonly string[] {
  return Object.entries(elements).flatMap(([axis, all]) => {
    const rows = all
      .toSorted((a, b) => b.count - a.count)
      .slice(0, MOST)
      .map(({ name, count }) => [name, count])
    const more = all.length - rows.length
    return ['', table([`${axis}, by the pattern that opened it`, 'patterns'], rows), ...(more > 0 ? [`... and ${more} more`] : [])]
  })
}
