import { type Checked, checked, type Diagnostic, unmade } from '../base/diagnostic.ts'
import { log } from '../base/special/logarithm.ts'
import type { GivenByRole } from '../bind/bound.ts'
import { type CapacityOptions, DEFAULT_LEVEL, DEFAULT_SUCCESS, limitTroubles, read } from './capacity/asked.ts'
import { measureLoad, type Setting } from './capacity/load.ts'
import { type FoundCapacity, type Growth, growthOf, type LoadPoint, type MeasuredLoad, search } from './capacity/search.ts'
import { openContents } from './capacity/stored.ts'
import type { Loaded } from './load.ts'

export type { CapacityOptions } from './capacity/asked.ts'
export type { Growth, LoadPoint } from './capacity/search.ts'

export interface CapacityRow {
  readonly sizes: Readonly<Record<string, number>>
  readonly points: readonly LoadPoint[]
  /** The load at which the share of recalled cues falls below the level, with an interval at 95 %; absent where it does not. */
  readonly capacity?: number
  readonly interval?: readonly [number, number]
}

export interface CapacityResult {
  readonly along: string
  readonly success: string
  readonly level: number
  readonly rows: readonly CapacityRow[]
  /** Of the axis with several sizes: how log capacity grows with the size (exponential memories) and with its logarithm (powers). */
  readonly growth?: { readonly axis: string; readonly bySize?: Growth; readonly byLogSize?: Growth }
}

/**
 * How many patterns a memory stores so that cues recall them: patterns are drawn by what the memory comes `from` (or are rows of what is
 * given), shown, corrupted or not, and retrieved; the load at which a share of the cues fails is the capacity. The same seed gives the same patterns.
 */
export async function capacity(loaded: Loaded, given: GivenByRole, options: CapacityOptions): Promise<Checked<CapacityResult>> {
  const asked = read(loaded, options)
  if (asked.value === undefined) return unmade(asked.diagnostics)
  const { varied, fixed, sizes } = asked.value
  const contents = openContents(loaded, given, options.along)
  const limits = limitTroubles(options, contents.value?.most ?? Number.POSITIVE_INFINITY)
  if (contents.value === undefined || limits.length > 0) return unmade([...contents.diagnostics, ...limits])
  const setting: Setting = { ...asked.value, loaded, given, options, contents: contents.value }
  const rows: CapacityRow[] = []
  const diagnostics: Diagnostic[] = []
  for (const size of sizes) {
    const own = { ...fixed, ...(varied === undefined || size === undefined ? {} : { [varied]: size }) }
    const result = await rowAt(setting, own)
    diagnostics.push(...result.diagnostics)
    if (result.value === undefined) return unmade(diagnostics)
    const { points, capacity: found } = result.value
    rows.push({ sizes: own, points, ...(found && { capacity: found.estimate, interval: found.interval }) })
  }
  const growth = varied === undefined || sizes.length < 3 ? undefined : growthAlong(varied, rows)
  const { along, success = DEFAULT_SUCCESS, level = DEFAULT_LEVEL } = options
  return checked({ along, success, level, rows, ...(growth && { growth }) }, once(diagnostics))
}

async function rowAt(setting: Setting, sizes: Readonly<Record<string, number>>): Promise<Checked<FoundCapacity>> {
  const { options, contents } = setting
  const { level = DEFAULT_LEVEL, from = 1, to = 100_000, ratio = 1.1, loads } = options
  const diagnostics: Diagnostic[] = []
  const measure = async (count: number): Promise<MeasuredLoad | undefined> => {
    const result = await measureLoad(setting, sizes, count)
    diagnostics.push(...result.diagnostics)
    return result.value
  }
  if (loads === undefined) {
    const found = await search(measure, { level, from, to: Math.min(to, contents.most), ratio })
    return found === undefined ? unmade(diagnostics) : checked(found, diagnostics)
  }
  const points: LoadPoint[] = []
  for (const count of loads) {
    const measured = await measure(count)
    if (measured === undefined) return unmade(diagnostics)
    points.push(measured.point)
  }
  return checked({ points }, diagnostics)
}

function growthAlong(axis: string, rows: readonly CapacityRow[]): CapacityResult['growth'] {
  const known = rows.flatMap((r) => (r.capacity === undefined ? [] : [{ size: r.sizes[axis] as number, capacity: r.capacity }]))
  const capacities = known.map((r) => r.capacity)
  const bySize = growthOf(known.map((r) => r.size), capacities) // biome-ignore format: one thought
  const byLogSize = growthOf(known.map((r) => log(r.size)), capacities) // biome-ignore format: one thought
  return { axis, ...(bySize && { bySize }), ...(byLogSize && { byLogSize }) }
}

/** Warnings of many retrievals, each once. */
function once(all: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(all.map((d) => [`${d.code} ${d.message}`, d])).values()]
}
