import { must } from '../base/internal-error.ts'
import { columnNames, type Draws } from '../inference/draws/draws.ts'
import { countsOf } from '../inference/fit/elements.ts'
import { bySize, leastVariation } from '../inference/fit/partition.ts'
import type { LevelShares } from '../inference/fit/shares.ts'
import * as ports from '../middle/ports.ts'
import type { FitScene } from './fit-scene.ts'

/** Who takes the elements of a random axis. */
export interface FittedElements {
  readonly axis: string
  /** How many elements are the likeliest of some row. */
  readonly used: number
  /** How many rows take each under q, which may be fractions: the strength of what it stands for. */
  readonly counts: readonly number[]
  /** What elements beyond those of q are expected to weigh: how much the axis is cut short by. */
  readonly beyond: number
  /** Whether rows take all elements that q has, so that more might be taken if there were more. */
  readonly full: boolean
  /** Of each state that takes elements, over its axes in order: the likeliest of each row, numbered from 1 by their sizes. */
  readonly assigned: readonly { readonly name: string; readonly values: readonly number[] }[]
  /** The same rows in the partition that is nearest to draws of q on average (variation of information), numbered by size. */
  readonly partition: readonly { readonly name: string; readonly values: readonly number[] }[]
}

/** Fewer rows than this are none. */
const NONE = 1e-3

export function elementsOf(scene: FitScene, draws: Draws): readonly FittedElements[] {
  return scene.run.parts.fit.shared.axes.flatMap(({ axis, pickers: names }): readonly FittedElements[] => {
    const pickers = scene.pickers.filter((p) => p.names.some((n) => names.includes(n)))
    // Who takes which may be given.
    if (pickers.length === 0) return []
    const counts = countsOf({ pickers })
    const own = pickers.map((p) => ({ name: must(p.names[0], axis), values: likeliest(p) }))
    const rows = bySize(own.flatMap((a) => a.values))
    const assigned = own.map(({ name, values }, i) => ({ name, values: rows.slice(firstOf(own, i), firstOf(own, i) + values.length) }))
    const stick = scene.parts.flatMap((p) => p.moments()).find((m) => m.name === ports.stick(axis))
    const best = leastVariation([rows], drawnRows(draws, pickers))
    const partition = own.map(({ name, values }, i) => ({ name, values: best.slice(firstOf(own, i), firstOf(own, i) + values.length) }))
    const told = {
      axis,
      used: new Set(rows).size,
      counts: [...counts],
      beyond: must(stick, axis).mean.reduce((product, v) => product * (1 - v), 1),
      full: counts.every((c) => c >= NONE),
      ...{ assigned, partition },
    }
    return [told]
  })
}

/** Where the rows of one of several states begin among all. */
function firstOf(all: readonly { readonly values: readonly number[] }[], i: number): number {
  return all.slice(0, i).reduce((sum, a) => sum + a.values.length, 0)
}

function likeliest(picker: LevelShares): readonly number[] {
  return Array.from({ length: picker.sites }, (_, site) => {
    let best = 0
    for (let k = 1; k < picker.levels; k += 1) if (picker.of(site, k) > picker.of(site, best)) best = k
    return best + 1
  })
}

/** So many draws stand for all. */
const MOST_DRAWS = 100

function drawnRows({ names, variables, chains }: Draws, pickers: readonly LevelShares[]): readonly (readonly number[])[] {
  const chain = must(chains[0], 'draws')
  const places = pickers.flatMap((p) => {
    const own = must(variables.find((v) => v.name === p.names[0]), 'rows') // biome-ignore format: one thought
    const first = names.indexOf(must(columnNames(own.name, own.shape)[0], own.name))
    return Array.from({ length: p.sites }, (_, i) => first + i)
  })
  const count = Math.min(MOST_DRAWS, chain.count)
  return Array.from({ length: count }, (_, d) => places.map((at) => chain.values[d * names.length + at] as number))
}
