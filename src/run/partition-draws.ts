import { must } from '../base/internal-error.ts'
import type { ChainDraws, DrawnVariable, Draws } from '../inference/draws/draws.ts'
import { leastExpectedVariation } from '../inference/partitions/point.ts'
import type { PartitionProgram } from '../middle/partition-program.ts'
import * as ports from '../middle/ports.ts'
import { knownSeats } from './known-seats.ts'

/** What all draws say of how the elements of a random axis are shared out. */
export interface SampledPartition {
  readonly axis: string
  readonly pickers: readonly string[]
  /** Whether what elements have was integrated out while rows chose; why not. */
  readonly by: 'collapsed' | 'auxiliary'
  readonly reason?: string
  /** How likely each number of elements is, the likeliest first. */
  readonly sizes: readonly { readonly elements: number; readonly probability: number }[]
  /** Of the partitions drawn, the one whose expected variation of information from the others (nats) is least (Wade and Ghahramani 2018). */
  readonly expectedVariation: number
  /** The element that each row has in it, from 1, in order of appearance: the rows of one picker after those of another. */
  readonly assignments: readonly number[]
  readonly elements: readonly SampledElement[]
  /** So many elements that rows are given with: the first of all, with the same numbers in every draw. */
  readonly named: number
  /** Where there are some: of each row, how often it has each of them, and last how often it has another. */
  readonly memberships?: readonly (readonly number[])[]
  /** Where it is asked for: how often each two rows have the same element (co-clustering), the rows of one picker after those of another. */
  readonly together?: readonly (readonly number[])[]
}

/** An element in that partition. */
export interface SampledElement {
  /** How many rows have it: its strength. */
  readonly count: number
  /** The first row that has it, from 0. */
  readonly opened: number
  /** The means of what it has, over the draws and its rows: of what the element has that a row is in, whatever its number in a draw. */
  readonly means: Readonly<Record<string, readonly number[]>>
}

/** More variables of each draw, and those that are there by numbers that mean the same in all draws. */
export interface PartitionColumns {
  readonly variables: readonly DrawnVariable[]
  /** Elements in the order in which they first appear among the rows of a draw; what is of an element that nobody has is not a number. */
  widen(chain: ChainDraws): ChainDraws
  /** Names of variables with elements that have other numbers in other draws: means over draws say nothing of them. */
  readonly renumbered: ReadonlySet<string>
  /** What is said of each random axis from all draws of all chains, which are wide already. */
  told(draws: Draws, coclustering: boolean): readonly SampledPartition[]
}

/** The columns behind those of `there`: how many elements there are, and how many rows have the one that most have. */
export function partitionColumns(
  programs: readonly PartitionProgram[],
  there: readonly DrawnVariable[],
  run: Parameters<typeof knownSeats>[1],
): PartitionColumns {
  const width = there.reduce((sum, v) => sum + volumeOf(v), 0)
  const named = programs.map((program) => namedIn(program, run))
  const renumberings = programs.map((program, p) => renumbering(program, there, must(named[p], 'count')))
  const variables = programs.flatMap(({ axis }) =>
    [ports.elements(axis), ports.largest(axis)].map((name): DrawnVariable => ({ name, axes: [], shape: [] })),
  )
  const wide = width + variables.length
  return {
    variables,
    widen(chain) {
      const values = new Float64Array(chain.count * wide)
      for (let d = 0; d < chain.count; d += 1) {
        const row = values.subarray(d * wide, (d + 1) * wide)
        row.set(chain.values.subarray(d * width, (d + 1) * width))
        renumberings.forEach((renumber, p) => {
          renumber(row, width + 2 * p)
        })
      }
      return { ...chain, values }
    },
    renumbered: new Set(there.flatMap((v) => (programs.some((p) => isRenumbered(p, v)) ? [v.name] : []))),
    told: (draws, coclustering) =>
      programs.map((program, p) => ({
        ...sampledPartition(program, must(named[p], 'count'), draws, programs),
        ...(coclustering && { together: togetherIn(program, draws) }),
      })),
  }
}

/** How many elements rows are known to have. */
function namedIn(program: PartitionProgram, run: Parameters<typeof knownSeats>[1]): number {
  return knownSeats(program, run).reduce((most, slot) => Math.max(most, slot + 1), 0)
}

function isRenumbered({ axis, pickers }: PartitionProgram, { name, axes }: DrawnVariable): boolean {
  return axes.includes(axis) || pickers.some((p) => p.name === name)
}

/** Elements that some row is known to have keep their numbers; the others follow in the order of their first rows. */
function renumbering(
  { axis, pickers }: PartitionProgram,
  there: readonly DrawnVariable[],
  named: number,
): (row: Float64Array, to: number) => void {
  const placed = placesOf(there)
  const picked = placed.filter(({ variable }) => pickers.some((p) => p.name === variable.name))
  const held = placed.filter(({ variable }) => variable.axes.includes(axis))
  const slots = must(held[0]?.variable.shape[held[0].variable.axes.indexOf(axis)] ?? 1, axis)
  const things = picked.reduce((sum, p) => sum + volumeOf(p.variable), 0)
  const number = new Int32Array(Math.max(slots, things) + 1)
  const from = new Int32Array(number.length)
  const counts = new Int32Array(number.length)
  return (row, to) => {
    number.fill(0)
    counts.fill(0)
    let found = named
    for (let slot = 0; slot < named; slot += 1) {
      from[slot] = slot
      number[slot + 1] = slot + 1
    }
    for (const { variable, at } of picked)
      for (let i = at; i < at + volumeOf(variable); i += 1) {
        const slot = row[i] as number
        if (number[slot] === 0) {
          from[found] = slot - 1
          number[slot] = ++found
        }
        row[i] = number[slot] as number
        counts[row[i] as number] = (counts[row[i] as number] as number) + 1
      }
    for (const part of held) renumber(row, part, axis, from, found)
    row[to] = found
    row[to + 1] = counts.reduce((most, n) => Math.max(most, n), 0)
  }
}

function renumber(row: Float64Array, { variable, at }: PlacedVariable, axis: string, from: Int32Array, found: number): void {
  const along = variable.axes.indexOf(axis)
  const size = variable.shape[along] as number
  const inner = variable.shape.slice(along + 1).reduce((n, s) => n * s, 1)
  const outer = variable.shape.slice(0, along).reduce((n, s) => n * s, 1)
  const old = row.slice(at, at + outer * size * inner)
  for (let o = 0; o < outer; o += 1)
    for (let k = 0; k < size; k += 1)
      for (let i = 0; i < inner; i += 1) {
        const value = k < found ? (old[(o * size + (from[k] as number)) * inner + i] as number) : Number.NaN
        row[at + (o * size + k) * inner + i] = value
      }
}

interface PlacedVariable {
  readonly variable: DrawnVariable
  /** Where it begins in a draw. */
  readonly at: number
}

function placesOf(variables: readonly DrawnVariable[]): readonly PlacedVariable[] {
  let at = 0
  return variables.map((variable) => {
    const placed = { variable, at }
    at += volumeOf(variable)
    return placed
  })
}

/** So many draws at most are compared with each other, and those of them looked at that may be the best. */
const COMPARED = 400

function sampledPartition(program: PartitionProgram, named: number, draws: Draws, all: readonly PartitionProgram[]): SampledPartition {
  const { axis, by } = program
  const best = leastExpectedVariation(labelsIn(program, draws, COMPARED))
  return {
    axis,
    pickers: program.pickers.map((p) => p.name),
    by: by.kind === 'integrated' ? 'collapsed' : 'auxiliary',
    ...(by.kind === 'auxiliary' && { reason: by.reason }),
    sizes: sizesIn(draws, ports.elements(axis)),
    expectedVariation: best.expected,
    assignments: best.labels,
    elements: elementsOf(program, draws, best.labels, all),
    named,
    ...(named > 0 && { memberships: membershipsIn(program, named, draws) }),
  }
}

function membershipsIn(program: PartitionProgram, named: number, draws: Draws): readonly (readonly number[])[] {
  const labels = labelsIn(program, draws, Number.POSITIVE_INFINITY)
  const counts = Array.from(labels[0] ?? [], () => new Array<number>(named + 1).fill(0))
  for (const own of labels)
    for (const [i, shares] of counts.entries()) {
      const element = Math.min(own[i] as number, named + 1) - 1
      shares[element] = (shares[element] as number) + 1
    }
  return counts.map((shares) => shares.map((n) => n / labels.length))
}

/** Work of counting pairs of rows; of many rows fewer draws are looked at. */
const PAIRS = 1e9

function togetherIn(program: Pick<PartitionProgram, 'pickers'>, draws: Draws): readonly (readonly number[])[] {
  const things = labelsIn(program, draws, 1)[0]?.length ?? 0
  const labels = labelsIn(program, draws, Math.max(COMPARED, Math.floor(PAIRS / (things * things))))
  return Array.from({ length: things }, (_, i) =>
    Array.from({ length: things }, (__, j) => labels.reduce((n, own) => (own[i] === own[j] ? n + 1 : n), 0) / labels.length),
  )
}

/** Places of draws, evenly among all chains, `most` of them at most. */
function spread({ chains }: Draws, most: number): readonly { readonly chain: ChainDraws; readonly draw: number }[] {
  const all = chains.flatMap((chain) => Array.from({ length: chain.count }, (_, draw) => ({ chain, draw })))
  if (all.length <= most) return all
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)] as (typeof all)[number])
}

function labelsIn(
  { pickers }: { readonly pickers: readonly { readonly name: string }[] },
  draws: Draws,
  most: number,
): readonly Int32Array[] {
  const picked = placesOf(draws.variables).filter(({ variable }) => pickers.some((p) => p.name === variable.name))
  const width = draws.names.length
  return spread(draws, most).map(({ chain, draw }) =>
    Int32Array.from(
      picked.flatMap(({ variable, at }) => [...chain.values.subarray(draw * width + at, draw * width + at + volumeOf(variable))]),
    ),
  )
}

function sizesIn(draws: Draws, name: string): SampledPartition['sizes'] {
  const at = draws.names.indexOf(name)
  const counts = new Map<number, number>()
  let total = 0
  for (const { values, count } of draws.chains)
    for (let d = 0; d < count; d += 1) {
      const elements = values[d * draws.names.length + at] as number
      counts.set(elements, (counts.get(elements) ?? 0) + 1)
      total += 1
    }
  return [...counts].sort(([, a], [, b]) => b - a).map(([elements, count]) => ({ elements, probability: count / total }))
}

function elementsOf(
  { axis, pickers, slots }: PartitionProgram,
  draws: Draws,
  labels: readonly number[],
  all: readonly PartitionProgram[],
): readonly SampledElement[] {
  const placed = placesOf(draws.variables)
  const width = draws.names.length
  const picked = placed.filter(({ variable }) => pickers.some((p) => p.name === variable.name))
  const places = picked.flatMap(({ variable, at }) => Array.from({ length: volumeOf(variable) }, (_, i) => at + i))
  // What has two random axes is of no element of one of them alone.
  const isOwn = (v: DrawnVariable): boolean => all.every((other) => other.axis === axis || !v.axes.includes(other.axis))
  const held = placed.filter(({ variable }) => slots.some((s) => s.name === variable.name) && isOwn(variable))
  const some = spread(draws, COMPARED)
  return Array.from({ length: Math.max(0, ...labels) }, (_, k) => {
    const rows = labels.flatMap((label, i) => (label === k + 1 ? [i] : []))
    const means = held.map(({ variable, at }) => {
      const along = variable.axes.indexOf(axis)
      const size = variable.shape[along] as number
      const inner = variable.shape.slice(along + 1).reduce((n, s) => n * s, 1)
      const outer = variable.shape.slice(0, along).reduce((n, s) => n * s, 1)
      const sums = new Array<number>(outer * inner).fill(0)
      for (const { chain, draw } of some)
        for (const row of rows) {
          const element = (chain.values[draw * width + (places[row] as number)] as number) - 1
          for (let j = 0; j < sums.length; j += 1) {
            const from = at + (Math.floor(j / inner) * size + element) * inner + (j % inner)
            sums[j] = (sums[j] as number) + (chain.values[draw * width + from] as number)
          }
        }
      return [variable.name, sums.map((s) => s / (some.length * rows.length))] as const
    })
    return { count: rows.length, opened: rows[0] ?? 0, means: Object.fromEntries(means) }
  })
}

function volumeOf({ shape }: DrawnVariable): number {
  return shape.reduce((n, size) => n * size, 1)
}
