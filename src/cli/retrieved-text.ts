import type { RetrieveResult } from '../api/retrieve.ts'
import { counted } from '../base/counted.ts'
import { must } from '../base/internal-error.ts'
import { unusedSentence } from '../compile/unused.ts'
import { isAtRest } from '../memory/outcome.ts'
import type { Retrieval } from '../memory/retrieve.ts'
import type { Energy } from '../middle/energy.ts'
import type { FlaggedOptions } from '../middle/options.ts'
import type { Retrieved } from '../run/retrieval.ts'
import { drawnParams, startedSentence } from './drawn.ts'
import { eliminatedTables } from './eliminated.ts'
import type { Labels } from './labels.ts'
import { nearestOf } from './nearest.ts'
import { pathColumns } from './paths.ts'
import { modesSentence, mostLikely, scalarLets, smallStates } from './retrieved-values.ts'
import { table } from './table.ts'
import { temperatureSentence } from './temperature.ts'

export function retrievedText(
  { retrievals, cues, bound, backend, modes, unused, temperature, started }: RetrieveResult,
  energy: Energy,
  { seed, starts, temperature: asked }: Pick<FlaggedOptions<'retrieve'>, 'seed' | 'starts' | 'temperature'>,
): string {
  const { variables } = energy
  const names = retrievals[0] === undefined ? [] : Object.keys(retrievals[0].responsibilities.end)
  const most = 40
  const shown = retrievals.slice(0, most)
  const nearest = nearestOf(variables, shown, bound)
  const lets = scalarLets(retrievals)
  const annealed = retrievals.some((r) => r.rungs.length > 0)
  const several = retrievals.some((r) => r.starts.length > 1)
  const rows = shown.map((r, i) => [
    (cues[i] as number) + 1,
    r.outcome.kind,
    r.steps,
    ...(annealed ? [] : [r.trace[0] ?? Number.NaN]),
    r.energy,
    ...(several ? [reached(r)] : []),
    ...names.map((n) => mostLikely(r, variables, n, bound.labels)),
    ...nearest.map((n) => n.cells[i] ?? ''),
    ...lets.map((name) => must(r.reported[name], name).data[0] as number),
  ])
  const rest = retrievals.length > most ? [`... and ${retrievals.length - most} more (--json or --out has them all)`] : []
  const converged = retrievals.filter((r) => isAtRest(r.outcome)).length
  return [
    table(
      [
        'cue',
        'outcome',
        'steps',
        ...(annealed ? [] : ['energy at the cue']),
        'energy',
        ...(several ? ['starts that end there'] : []),
        ...names,
        ...nearest.map((n) => n.title),
        ...lets,
      ],
      rows,
    ),
    ...rest,
    ...smallStates(retrievals, variables, bound.labels),
    ...(retrievals.length === 1 ? eliminatedTables(retrievals[0]?.eliminated ?? {}, bound.labels) : []),
    ...ways(retrievals, bound.labels),
    '',
    ...drawnParams(retrievals[0]?.drawn ?? {}, bound.labels, seed),
    ...startedSentence(started, seed),
    ...broken(retrievals, bound.count, starts),
    `${converged} of ${retrievals.length} at rest (${movedBy(retrievals[0]?.flows ?? [])}; backend: ${backend.name}). ${backend.why}`,
    ...temperatureSentence(temperature, energy, retrievals[0]?.rungs.at(-1)?.at.temperature ?? asked),
    ...unusedSentence('retrieve', unused),
    ...modesSentence(retrievals, modes),
    ...endings(retrievals),
  ].join('\n')
}

/** What is missing where a signal came. */
function broken(retrievals: readonly Retrieved[], cues: number, starts: number): readonly string[] {
  const ended = retrievals.reduce((n, r) => n + r.starts.length, 0)
  if (ended === cues * starts) return []
  const [done, all] = starts === 1 ? [retrievals.length, counted(cues, 'cue')] : [ended, counted(cues * starts, 'start')]
  return [`Interrupted: ${done} of ${all} were at their end.`]
}

/** `3 of 10`: how many starts ended as low as the lowest, as far as a tolerance lets one tell. */
function reached({ energy, starts }: Retrieved): string {
  const low = starts.filter((s) => s.energy === energy || s.energy - energy <= 1e-6 * Math.max(1, Math.abs(energy)))
  return `${low.length} of ${starts.length}`
}

/** So many places on the way, or retrievals of a sequence, are listed. */
const MOST_LISTED = 40
/** So many elements of states stand beside each other. */
const MOST_ELEMENTS = 8

/** How the retrievals of a sequence ended, and the ways that were asked for. */
function ways(retrievals: readonly Retrieved[], labels: Labels): readonly string[] {
  const [only] = retrievals
  const ends = retrievals.length === 1 ? (only?.rungs ?? []) : []
  const rungs = ends.map(({ at, outcome, steps, energy }) => [...Object.values(at), outcome.kind, steps, energy])
  const { names, rows, elements } = pathColumns(retrievals, labels)
  const lines = [...firstOf(rows, MOST_LISTED)]
  const more = retrievals.reduce((n, r) => n + r.path.length, -lines.length)
  // Columns in which nothing happens say nothing.
  const idle = (name: string, c: number): boolean => (name === 'flip' || name === 'time') && lines.every((row) => row[c] === 0)
  const last = elements > MOST_ELEMENTS ? names.length - elements : names.length
  const shown = names.slice(0, last).flatMap((name, c) => (idle(name, c) ? [] : [c]))
  return [
    ...listed([...Object.keys(ends[0]?.at ?? {}), 'outcome', 'steps', 'energy'], rungs, 0),
    ...listed(
      shown.map((c) => names[c] as string),
      lines.map((row) => shown.map((c) => row[c] as number)),
      more,
    ),
  ]
}

function listed(header: readonly string[], rows: readonly (readonly (string | number)[])[], more: number): readonly string[] {
  if (rows.length === 0) return []
  return ['', table(header, rows), ...(more > 0 ? [`... and ${more} more places (--json or --out has them all)`] : [])]
}

function* firstOf<T>(items: Iterable<T>, most: number): Generator<T> {
  let left = most
  for (const item of items) {
    if (left === 0) return
    left -= 1
    yield item
  }
}

/** Nothing moves where all states are summed out. */
function movedBy(flows: readonly string[]): string {
  return flows.length === 0 ? 'no state to move' : `flow: ${flows.join(' and ')}`
}

/** How those ended that did not simply come to rest: what differs only in its numbers is said once, and of how many. */
function endings(retrievals: readonly Retrieval[]): readonly string[] {
  const alike = new Map<string, string[]>()
  for (const { outcome } of retrievals) {
    if (outcome.kind === 'converged') continue
    const key = outcome.sentence
      .replace(/-?\d[\d.]*(e[+-]?\d+)?/g, '#')
      .replace(/ and # more/, '')
      .replace(/\bsteps\b/g, 'step')
    alike.set(key, [...(alike.get(key) ?? []), outcome.sentence])
  }
  return [...alike.values()].map(([first = '', ...more]) =>
    more.length === 0 ? first : `${first} (The same for ${more.length} more ${more.length === 1 ? 'cue' : 'cues'}.)`,
  )
}
