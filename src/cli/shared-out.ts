import { counted } from '../base/counted.ts'
import type { DrawnVariable } from '../inference/draws/draws.ts'
import { columnNames } from '../inference/draws/draws.ts'
import { NEW } from '../middle/random-axis.ts'
import type { SampledPartition } from '../run/partition-draws.ts'
import { table } from './table.ts'

/** So many elements, and so many columns of what they have, are read in a table; the rest is in the JSON. */
const [ROWS, COLUMNS] = [20, 6]

/** Variables whose elements have other numbers in other draws, which no row of a summary is about. */
export function isRenumbered(partitions: readonly SampledPartition[], { name, axes }: DrawnVariable): boolean {
  return partitions.some((p) => p.pickers.includes(name) || axes.includes(p.axis))
}

/** How rows share out the elements of random axes: how many there are, and the partition that is nearest to all that were drawn. */
export function sharedOut(
  partitions: readonly SampledPartition[],
  variables: readonly DrawnVariable[],
  labels: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  return partitions.flatMap((p) => (p.sizes.length === 0 ? [] : [...linesOf(p, variables, labels), '']))
}

function linesOf(
  partition: SampledPartition,
  variables: readonly DrawnVariable[],
  labels: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const { axis, pickers, by, reason, sizes, expectedVariation, elements, named } = partition
  const likely = sizes.slice(0, 5).map((s) => `${s.elements} (${s.probability.toFixed(3)})`)
  const held = variables.filter((v) => v.axes.includes(axis) && elements[0]?.means[v.name] !== undefined)
  const columns = held.flatMap((v) => {
    const along = v.axes.indexOf(axis)
    const names = columnNames(v.name, v.shape.toSpliced(along, 1))
    return names.map((name, i) => ({ name, of: (e: SampledPartition['elements'][number]) => e.means[v.name]?.[i] ?? Number.NaN }))
  })
  const shown = columns.slice(0, COLUMNS)
  const rows = elements.slice(0, ROWS).map((e, k) => [`${axis} ${labels[axis]?.[k] ?? k + 1}`, e.count, openedBy(e.opened, pickers, variables, labels), ...shown.map((c) => c.of(e))]) // biome-ignore format: one thought
  const left = [
    ...(elements.length > ROWS ? [counted(elements.length - ROWS, 'more element')] : []),
    ...(columns.length > COLUMNS ? [counted(columns.length - COLUMNS, 'more column')] : []),
  ]
  return [
    `Posterior of the number of elements of ${axis}: ${likely.join(', ')}`,
    `The partition drawn that is nearest to all of them (${expectedVariation.toFixed(3)} nats of variation of information on average):`,
    table(['', 'rows', 'opened by', ...shown.map((c) => c.name)], rows),
    ...(left.length > 0 ? [`... and ${left.join(', ')} (--json has them)`] : []),
    ...memberships(partition, variables, labels),
    ...together(partition, variables, labels),
    `${named > 0 ? 'New elements' : 'Elements'} have other numbers in other draws, in order of appearance, so ${listed([...pickers, ...held.map((v) => v.name)])} have no rows in the summary.`,
    ...(by === 'auxiliary' ? [`Elements were drawn beside the rows, since ${reason}.`] : []),
  ]
}

/** Of rows that may have several elements, how likely they have those that rows are given with. */
function memberships(
  { axis, pickers, named, memberships: all = [] }: SampledPartition,
  variables: readonly DrawnVariable[],
  labels: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const open = all.flatMap((shares, row) => (shares.includes(1) ? [] : [{ shares, row }]))
  const lines = open.slice(0, ROWS).map(({ shares, row }) => {
    const likely = shares
      .map((share, k) => ({ share, name: k === named ? NEW : (labels[axis]?.[k] ?? String(k + 1)) }))
      .filter(({ share }) => share > 0)
      .sort((a, b) => b.share - a.share)
    return `Posterior of ${openedBy(row, pickers, variables, labels)}: ${likely.map((l) => `${l.name} (${l.share.toFixed(3)})`).join(', ')}`
  })
  return [...lines, ...(open.length > ROWS ? [`... and ${counted(open.length - ROWS, 'more row')} (--json has them)`] : [])]
}

/** Of so many rows, how often each two share an element is read in a table. */
const FEW = 12

function together(
  { axis, pickers, together: shares }: SampledPartition,
  variables: readonly DrawnVariable[],
  labels: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  if (shares === undefined) return []
  const what = `How often two rows have the same element of ${axis}`
  if (shares.length > FEW) return [`${what}: ${shares.length} x ${shares.length} shares, in the JSON (--json, --out).`]
  const names = shares.map((_, row) => openedBy(row, pickers, variables, labels))
  return [`${what}:`, table(['', ...names], shares.map((own, i) => [names[i] as string, ...own]))] // biome-ignore format: one thought
}

/** A row by its name, or its number along the axes of its picker. */
function openedBy(
  row: number,
  pickers: readonly string[],
  variables: readonly DrawnVariable[],
  labels: Readonly<Record<string, readonly string[]>>,
): string {
  let rest = row
  for (const name of pickers) {
    const variable = variables.find((v) => v.name === name)
    if (variable === undefined) continue
    const all = columnNames(name, variable.shape)
    if (rest >= all.length) {
      rest -= all.length
      continue
    }
    const [axis] = variable.axes
    return variable.axes.length === 1 && axis !== undefined ? (labels[axis]?.[rest] ?? `${axis} ${rest + 1}`) : (all[rest] as string)
  }
  return ''
}

function listed(names: readonly string[]): string {
  return names.length === 1 ? (names[0] as string) : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
