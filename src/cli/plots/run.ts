import { type Checked, type Diagnostic, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/suggest.ts'
import type { DrawnVariable } from '../../inference/draws/draws.ts'
import { withSource } from '../files/byte-source.ts'
import { type Labels, labelledNames } from '../labels.ts'
import { notARun, openRunFile } from '../run-file.ts'
import { show } from '../table.ts'

/** A quantity of a run, with what its table says. */
export interface DrawnQuantity {
  readonly name: string
  /** A series a chain. */
  readonly chains: readonly Float64Array[]
  readonly mean: number
  /** The 5, 50 and 95 % quantiles. */
  readonly q5: number
  readonly q50: number
  readonly q95: number
  readonly ess: number
  readonly rHat: number
}

export interface DrawnRun {
  readonly quantities: readonly DrawnQuantity[]
  /** Of each chain, whether each transition diverged; empty where the sampler knows no such thing. */
  readonly divergent: readonly (readonly boolean[])[]
  readonly more: number
}

type Json = Readonly<Record<string, unknown>>

interface RunRoot {
  readonly draws?: Json
  readonly summary?: readonly Json[]
  readonly variables?: readonly DrawnVariable[]
  readonly labels?: Labels
}

/**
 * The quantities `wanted` of a run that `amp sample --out FILE.json` wrote, a variable's name standing for all of its elements; the
 * first `most` of all where none is. AMP637 where there is none of that name.
 */
export function drawnRun(path: string, wanted: readonly string[], most: number): Checked<DrawnRun> {
  const file = withSource(path, (source) => openRunFile(source, path))
  if (file.value === undefined) return unmade(file.diagnostics)
  const { draws, summary, variables = [], labels = {} } = file.value.root as RunRoot
  const names = draws?.names as readonly string[] | undefined
  const chains = draws?.chains as readonly Json[] | undefined
  if (!Array.isArray(names) || !Array.isArray(chains) || !Array.isArray(summary))
    return unmade([notARun(path, 'does not hold the draws of a run')])
  const labelled = labelledNames(variables, labels)
  const shownNames = names.map((name) => labelled.get(name) ?? name)
  const { value: places, diagnostics } = placesOf(names, shownNames, wanted, path)
  if (places === undefined) return unmade(diagnostics)
  const shown = places.slice(0, most)
  const quantities = shown.map((at): DrawnQuantity => {
    const name = names[at] as string
    const row = summary.find((r) => r.name === name) ?? {}
    const { mean, q5, q50, q95, ess_bulk: ess, r_hat: rHat } = row
    return { name: shownNames[at] as string, chains: chains.map((c) => column(c.values, names.length, at)), mean: number(mean), q5: number(q5), q50: number(q50), q95: number(q95), ess: number(ess), rHat: number(rHat) } // biome-ignore format: a row
  })
  return made({ quantities, divergent: chains.map(divergences), more: places.length - shown.length }, file.diagnostics)
}

/** How well it was drawn. */
export function quality({ name, rHat, ess }: DrawnQuantity): string {
  return `${name}: R-hat ${Number.isFinite(rHat) ? rHat.toFixed(3) : '-'}, ESS ${Number.isFinite(ess) ? show(Math.round(ess)) : '-'}`
}

/** Sentences that every figure of draws has. */
export function notesOf({ divergent, more }: DrawnRun): readonly string[] {
  const count = divergent.flat().filter((d) => d).length
  return [
    ...(count === 0 ? [] : [`${count} of ${divergent.flat().length} transitions were divergent.`]),
    ...(more === 0 ? [] : [`${more} more quantities are not drawn (--quantities chooses).`]),
  ]
}

/** By their numbers or by their labels. */
function placesOf(
  names: readonly string[],
  labelled: readonly string[],
  wanted: readonly string[],
  path: string,
): Checked<readonly number[]> {
  if (wanted.length === 0) return made(names.map((_, k) => k))
  const troubles: Diagnostic[] = []
  const places = wanted.flatMap((name) => {
    const found = names.flatMap((n, k) => (n === name || labelled[k] === name || n.startsWith(`${name}[`) ? [k] : []))
    if (found.length > 0) return found
    const near = didYouMean(name, [...labelled, ...names.map((n) => n.replace(/\[.*/, ''))])
    troubles.push(diagnostic('AMP637', `${path} has no draws of "${name}".`, { expected: `of ${labelled.slice(0, 6).join(', ')}${names.length > 6 ? ', ...' : ''}`, ...(near !== undefined && { hint: near }) })) // biome-ignore format: a call
    return []
  })
  return troubles.length > 0 ? unmade(troubles) : made([...new Set(places)])
}

const number = (value: unknown): number => (value === null || value === undefined ? Number.NaN : Number(value))

function column(values: unknown, width: number, at: number): Float64Array {
  const all = values as ArrayLike<unknown>
  return Float64Array.from({ length: all.length / width }, (_, d) => number(all[d * width + at]))
}

function divergences({ columns, statistics }: Json): readonly boolean[] {
  const names = columns as readonly string[]
  const at = names.indexOf('divergent__')
  return at < 0 ? [] : Array.from(column(statistics, names.length, at), (d) => d === 1)
}
